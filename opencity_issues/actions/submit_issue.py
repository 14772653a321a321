"""A citizen registers an issue (2.6, 3.1, T1): published at once unless something holds it for the moderator.

What the control body records from a telephone call (`record_call.py`) goes the same way from `register` on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from opencity_issues import conf, rules
from opencity_issues.actions.answer_questions import heed_guidance, keep_answers
from opencity_issues.actions.change_status import T1, columns_when_published
from opencity_issues.actions.record_event import Happening, record_all
from opencity_issues.actions.route_issue import route_new
from opencity_issues.enums import EventKind, Party, Publication
from opencity_issues.models import (
    Category,
    District,
    Draft,
    IssueCategory,
    IssueIndexPage,
    IssueNumber,
    IssuePage,
    Media,
    Organisation,
    Submission,
)
from opencity_issues.models.map_cell import count_moves
from opencity_issues.procedure.moderation import find_stop_words
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.gazetteer import address_of
from opencity_issues.rules import Roles

TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 5000
ADDRESS_LENGTH = 250
CATEGORIES_AT_MOST = 5
MEDIA_AT_MOST = 10


@dataclass(frozen=True)
class Report:
    """What a citizen says: `location` is (lng, lat) in WGS 84 degrees or None, `key` the caller's idempotency key."""

    title: str
    description: str
    categories: Sequence[Category]
    location: tuple[float, float] | None = None
    address: str = ""
    show_author: bool = False
    media: Sequence[Media] = field(default_factory=tuple)
    key: str = ""
    draft: Draft | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """What was answered to the city's questions about the categories, by the question's key."""


@dataclass(frozen=True)
class Registrar:
    """Who registers an issue: its author, or for a caller a member of the control body, who is no author."""

    user: Any
    party: Party = Party.CITIZEN
    organisation: Organisation | None = None

    @property
    def by_phone(self) -> bool:
        return self.party != Party.CITIZEN

    @property
    def author(self) -> Any:
        return None if self.by_phone else self.user


def submit_issue(city: IssueIndexPage, report: Report, *, author: Any, now: datetime | None = None) -> IssuePage:
    """Register an issue and, unless it is held, publish and route it; the same key of the same author gives the same issue.

    Raises NotPermitted (not registered, blocked, terms not accepted) and Missing (a field empty, too long, out of the city).
    """
    now = now or timezone.now()
    roles = Roles.of(author)
    if not rules.allows(Party.CITIZEN, roles):
        raise NotPermitted(
            _("Your account is blocked. Write to the moderator.")
            if roles.is_blocked
            else _("Please sign in to report an issue."),
            transition="T1",
            clause="2.2",
        )
    known = _known(author, report.key, city)
    if known is not None:
        return known
    if not roles.has_accepted_terms:
        raise NotPermitted(
            _("Please accept the terms of use and the processing of your data first."), transition="T1", clause="5.1"
        )
    return register(city, report, Registrar(author), now)


def register(city: IssueIndexPage, report: Report, by: Registrar, now: datetime) -> IssuePage:
    """Write a permitted issue with its events, published and routed unless it is held. Raises Missing."""
    check(city, report)
    # Who takes a call for the control body knows the city's other addresses, and asks what is needed.
    answers = [] if by.by_phone else heed_guidance(city, report.categories, report.answers)
    with transaction.atomic():
        # Locks the parent until the end of the transaction, so a second request with the same key waits here.
        city = (
            IssueIndexPage.objects.select_for_update(of=("self", "page_ptr"))
            .select_related("city_settings")
            .get(pk=city.pk)
        )
        known = _known(by.user, report.key, city)
        if known is not None:
            return known
        why = holding_reason(city, report, by.author, now)
        issue = _create(city, report, by, now, published=not why)
        if answers:
            keep_answers(issue, answers)
        submitted = Happening(
            kind=EventKind.SUBMITTED, at=now, actor_id=by.user.pk, party=by.party, organisation=by.organisation
        )
        if why:
            held = Happening(kind=EventKind.HELD, at=now, party=Party.SYSTEM, data={"why": why})
            record_all(issue, [submitted, held])
        else:
            ids = [category.pk for category in report.categories]
            lineages = Category.objects.filter(pk__in=ids).lineages()
            count_moves(issue, ids, {issue.status: +1}, lineages)
            record_all(issue, [submitted, replace(submitted, **T1), *route_new(issue, lineages, now)])
    return issue


def check(city: IssueIndexPage, report: Report) -> None:
    """What every way of reporting must meet. Raises Missing with a message for each field."""
    faults: dict[str, Any] = {}
    for name, length in (("title", TITLE_LENGTH), ("description", DESCRIPTION_LENGTH)):
        text = getattr(report, name).strip()
        if not text:
            faults[name] = _("Please fill this in.")
        elif len(text) > length:
            faults[name] = _("This is too long: at most %(count)d characters.") % {"count": length}
    if len(report.address) > ADDRESS_LENGTH:
        faults["address"] = _("This is too long: at most %(count)d characters.") % {"count": ADDRESS_LENGTH}
    if not report.categories:
        faults["categories"] = _("Choose at least one category.")
    elif len(report.categories) > CATEGORIES_AT_MOST:
        faults["categories"] = _("Choose at most %(count)d categories.") % {"count": CATEGORIES_AT_MOST}
    if report.location and not city.config.contains(*report.location):
        faults["location"] = _("This place lies outside the city.")
    if len(report.media) > MEDIA_AT_MOST:
        faults["media"] = _("Add at most %(count)d photos and videos.") % {"count": MEDIA_AT_MOST}
    if faults:
        raise Missing(_("Please correct what is marked."), fields=faults, transition="T1", clause="3.1")


def holding_reason(city: IssueIndexPage, report: Report, author: Any, now: datetime) -> str:
    """Why the issue waits for the moderator before it is published (5.1): "everything", "stop_word", "flood", or "".

    Without an author, as after a call, nothing counts as a flood.
    """
    if city.config.hold_everything:
        return "everything"
    words = "\n".join([report.title, report.description, report.address, *report.answers.values()])
    if find_stop_words(words, city.config.stop_list):
        return "stop_word"
    if author is None:
        return ""
    recent = IssuePage.objects.by_author(author).filter(submitted_at__gt=now - timedelta(days=1))
    moments = list(
        recent.order_by("-number").values_list("submitted_at", flat=True)[: conf.get("OPENCITY_FLOOD_PER_DAY")]
    )
    within_an_hour = sum(moment > now - timedelta(hours=1) for moment in moments)
    if len(moments) >= conf.get("OPENCITY_FLOOD_PER_DAY") or within_an_hour >= conf.get("OPENCITY_FLOOD_PER_HOUR"):
        return "flood"
    return ""


def _known(author: Any, key: str, city: IssueIndexPage) -> IssuePage | None:
    """The issue that this key has made before. Raises NotPossible where that was in another city of the installation."""
    if not key:
        return None
    submission = Submission.objects.filter(user_id=author.pk, key=key).select_related("issue").first()
    if submission is None:
        return None
    if submission.issue.city_id != city.pk:
        raise NotPossible(_("This key belongs to a report in another city."), transition="T1", clause="3.1")
    return submission.issue


def _create(city: IssueIndexPage, report: Report, by: Registrar, now: datetime, *, published: bool) -> IssuePage:
    number = IssueNumber.objects.create().pk
    title = report.title.strip()
    issue = IssuePage(
        title=title,
        draft_title=title,
        slug=str(number),
        locale_id=city.locale_id,
        live=False,
        number=number,
        city=city,
        description=report.description.strip(),
        author_id=by.author.pk if by.author is not None else None,
        show_author=report.show_author and by.author is not None,
        by_phone=by.by_phone,
        address=address_of(city, report.location, report.address),
        submitted_at=now,
        publication=Publication.HELD,
    )
    issue.place_at(report.location)
    issue.district = District.objects.at(city, report.location)
    if published:
        for name, value in columns_when_published(issue, now).items():
            setattr(issue, name, value)
    _hang(issue, city)
    IssueCategory.objects.bulk_create(
        [IssueCategory(issue=issue, category=category) for category in dict.fromkeys(report.categories)]
    )
    if report.media:
        Media.objects.filter(pk__in=[one.pk for one in report.media], issue=None).update(
            issue=issue, draft=None, uploader_id=by.user.pk
        )
    if report.draft is not None:
        Draft.objects.filter(pk=report.draft.pk).update(issue=issue, user_id=by.user.pk)
    if report.key:
        Submission.objects.create(user_id=by.user.pk, key=report.key, issue=issue, created_at=now)
    return issue


def _hang(issue: IssuePage, city: IssueIndexPage) -> None:
    """Save a new page as the last one under its city, whose row this transaction holds.

    What treebeard's `add_child` does, without its locking and reading the same row once more.
    """
    last = Page.objects.child_of(city).order_by("-path").only("path", "depth").first()
    issue.depth = city.depth + 1
    issue.path = last._inc_path() if last is not None else Page._get_path(city.path, issue.depth, 1)
    issue._cached_parent_obj = city
    Page.objects.filter(pk=city.pk).update(numchild=F("numchild") + 1)
    city.numchild += 1
    issue.save()
