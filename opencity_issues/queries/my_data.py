"""Everything that the System keeps of one person, as data for that person: the right to a copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opencity_issues.models import (
    ApiToken,
    Citizen,
    Contribution,
    Device,
    Draft,
    Event,
    Initiative,
    IssuePage,
    Media,
    Notice,
    Participant,
    Support,
)
from opencity_issues.queries.follows import follow_name
from opencity_issues.queries.public_issue import instant, public_issue, with_public_parts
from opencity_issues.signals import data_copied


@dataclass(frozen=True)
class OwnFile:
    """A photo or video that the person uploaded: its name in the private storage, and in the archive."""

    stored: str
    name: str


def my_data(user: Any, base_url: str) -> dict[str, Any]:
    """Plain values for JSON; instants in UTC. Nothing of anybody else is in it. A constant number of queries.

    Host code adds what it keeps by `signals.data_copied`.
    """
    data = {
        "account": _account(user),
        "issues": [_issue(issue, base_url) for issue in with_public_parts(IssuePage.objects.by_author(user))],
        "words": list(_words(user)),
        "supports": [
            {"issue": number, "at": instant(at)}
            for number, at in Support.objects.filter(user=user).values_list("issue__number", "created_at")
        ],
        "follows": [
            {"what": follow_name(one), "letters": one.how, "since": instant(one.created_at)}
            for one in user.opencity_follows.select_related("issue", "category", "organisation")
        ],
        "letters": [
            {"kind": kind, "issue": number, "sent_at": instant(sent)}
            for kind, number, sent in Notice.objects.filter(user=user, sent_at__isnull=False).values_list(
                "template", "issue__number", "sent_at"
            )
        ],
        "deeds": [
            {"what": kind, "issue": number, "at": instant(at)}
            for kind, number, at in Event.objects.filter(actor_id=user.pk).values_list("kind", "issue__number", "at")
        ],
        "together": _together(user),
        "drafts": list(Draft.objects.filter(user=user).values_list("data", flat=True)),
        "devices": [instant(at) for at in Device.objects.filter(user=user).values_list("created_at", flat=True)],
        "keys": [
            {"name": name, "made_at": instant(at)}
            for name, at in ApiToken.objects.filter(user=user).values_list("name", "created_at")
        ],
        "files": [one.name for one in own_files(user)],
    }
    data_copied.send(sender=type(user), user=user, data=data)
    return data


def own_files(user: Any) -> Iterator[OwnFile]:
    """In their largest size, by the issue they belong to."""
    for media in Media.objects.filter(uploader=user).select_related("issue"):
        stored = media.file_names[0]
        folder = f"issue-{media.issue.number}" if media.issue is not None else "not-sent"
        yield OwnFile(stored, f"files/{folder}/{media.token}.{stored.rpartition('.')[2]}")


def _account(user: Any) -> dict[str, Any]:
    citizen = Citizen.objects.filter(user=user).first()
    account = {
        "email": getattr(user, user.get_email_field_name(), ""),
        "name": user.get_full_name() if hasattr(user, "get_full_name") else "",
        "registered_at": instant(getattr(user, "date_joined", None)),
        "last_signed_in_at": instant(user.last_login),
    }
    if citizen is not None:
        account |= {
            "language": citizen.language,
            "letters_about_my_issues": citizen.letters,
            "show_name": citizen.show_name,
            "terms_version": citizen.terms_version,
            "terms_accepted_at": instant(citizen.terms_accepted_at),
            "consent_at": instant(citizen.consent_at),
        }
    return account


def _issue(issue: IssuePage, base_url: str) -> dict[str, Any]:
    """As the public knows it, and what only the author sees."""
    return {
        **public_issue(issue, base_url),
        "address": issue.address,
        "publication": issue.publication,
        "name_is_shown": issue.show_author,
        "moderators_words": issue.refusal_reason,
    }


def _words(user: Any) -> Iterator[dict[str, Any]]:
    for one in Contribution.objects.filter(author=user).select_related("issue"):
        yield {"kind": one.kind, "issue": one.issue.number, "text": one.text, "at": instant(one.created_at)}


def _together(user: Any) -> list[dict[str, Any]]:
    """What the person organised or joined to solve something with others (1.1)."""
    organised = Initiative.objects.filter(organiser=user).values_list("issue__number", "contact")
    joined = Participant.objects.filter(user=user).values_list("initiative__issue__number", flat=True)
    return [
        *({"issue": number, "as": "organiser", "contact": contact} for number, contact in organised),
        *({"issue": number, "as": "participant"} for number in joined),
    ]
