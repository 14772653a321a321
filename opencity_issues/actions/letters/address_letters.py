"""To whom a letter of an event goes: the rows of the outbox (3.4, 4.3, 4.5), and when, as its reader has chosen."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from opencity_issues.enums import ACTIVE_ASSIGNMENTS, LetterChoice
from opencity_issues.models import Citizen, Event, IssuePage, Membership, Notice, Organisation
from opencity_issues.procedure.letters.letter_times import next_together
from opencity_issues.procedure.letters.notices import BY_TEMPLATE, Audience, Letter, letters_for


def notices_for(told: Sequence[tuple[IssuePage, Event]]) -> list[Notice]:
    """The letters that events of locked issues send, not written yet; a mailbox gets one letter about an event."""
    addresses = _Addresses()
    found: list[Notice] = []
    for issue, event in told:
        mailboxes: set[str] = set()
        for letter in letters_for(event.kind, event.transition, event.data.get("clause", "")):
            for notice in addresses.addressed(letter, event, issue):
                if notice.recipient not in mailboxes:
                    found.append(notice)
                if notice.recipient.startswith("organisation:"):
                    mailboxes.add(notice.recipient)
    wait_for_readers(found)
    return found


def wait_for_readers(notices: Iterable[Notice]) -> None:
    """Set the letters that their readers want once a day, once a week or never to wait, or aside. They are not saved here."""
    stoppable = [(one.user_id, one) for one in notices if one.user_id and BY_TEMPLATE[one.template].may_be_stopped]
    if not stoppable:
        return
    choices = dict(
        Citizen.objects.filter(user_id__in={user_id for user_id, _notice in stoppable})
        .exclude(letters=LetterChoice.AT_ONCE)
        .values_list("user_id", "letters")
    )
    for user_id, notice in stoppable:
        set_time(notice, choices.get(user_id, LetterChoice.AT_ONCE), notice.send_after)


def set_time(notice: Notice, choice: LetterChoice | str, now: datetime) -> None:
    """When a letter about an issue goes to a reader of this choice; the notice is not saved here."""
    if choice == LetterChoice.NONE:
        notice.unwanted_at = now
    elif choice != LetterChoice.AT_ONCE and notice.issue is not None:
        config = notice.issue.city.config
        moment = next_together(choice, now, config.zone, config.digest_hour)
        notice.together, notice.send_after = moment is not None, moment or now
    else:
        notice.together, notice.send_after = False, now


def responsible_workers(organisation_id: int, worker_id: int | None, day: date) -> list[int]:
    """Ids of the accounts that answer for an organisation on a day of the city's calendar (2.4, 4.3).

    The named worker; the deputy while he or she is absent; all members who are present where that leads to nobody. One query.
    """
    members = {
        one.user_id: one
        for one in Membership.objects.live()
        .filter(organisation_id=organisation_id)
        .select_related("deputy")
        .order_by("pk")
    }
    named = members.get(worker_id) if worker_id is not None else None
    if named is not None and named.is_away(day):
        named = members.get(named.deputy.user_id) if named.deputy is not None else None
    if named is not None and not named.is_away(day):
        return [named.user_id]
    return [one.user_id for one in members.values() if not one.is_away(day)]


class _Addresses:
    """Whom the rows of one transaction name; what many events ask for is read once."""

    def __init__(self) -> None:
        self.moderators: dict[int, list[Organisation]] = {}
        self.workers: dict[tuple[int, int | None, date], list[int]] = {}

    def addressed(self, letter: Letter, event: Event, issue: IssuePage) -> list[Notice]:
        """A row for each reader of a letter; none to an executor, whom only the action knows that gives the link."""

        def notice(recipient: str, **to: Any) -> Notice:
            return Notice(
                event=event,
                issue=issue,
                template=letter.template,
                recipient=recipient,
                send_after=event.recorded_at,
                **to,
            )

        organisation = event.organisation
        found: list[Notice] = []
        match letter.audience:
            case Audience.AUTHOR:
                authors = [pk for pk in issue.author_ids() if pk != event.actor_id or letter.to_doer]
                found = [notice(f"user:{pk}", user_id=pk) for pk in authors]
            case Audience.ORGANISATION if organisation:
                found = [notice(f"organisation:{organisation.pk}", organisation=organisation)]
            case Audience.HEAD if organisation and organisation.head_email:
                found = [notice(f"head:{organisation.pk}", organisation=organisation)]
            case Audience.WORKERS if organisation:
                workers = self._workers_of(organisation, event, issue)
                found = [notice(f"user:{pk}", user_id=pk, organisation=organisation) for pk in workers] or [
                    notice(f"organisation:{organisation.pk}", organisation=organisation)
                ]
            case Audience.ORGANISATIONS:
                active = issue.assignments.filter(state__in=ACTIVE_ASSIGNMENTS)
                others = active.exclude(organisation_id=event.organisation_id)
                ids = others.values_list("organisation_id", flat=True)
                found = [notice(f"organisation:{pk}", organisation_id=pk) for pk in ids]
            case Audience.CONTROL:
                found = [notice(f"control:{issue.city_id}")]
            case Audience.MODERATOR:
                bodies = self._moderators_of(issue.city_id)
                found = [notice(f"organisation:{body.pk}", organisation=body) for body in bodies]
        return found

    def _moderators_of(self, city_id: int) -> list[Organisation]:
        if city_id not in self.moderators:
            bodies = Organisation.objects.active().filter(city_id=city_id, is_moderator=True)
            self.moderators[city_id] = list(bodies)
        return self.moderators[city_id]

    def _workers_of(self, organisation: Organisation, event: Event, issue: IssuePage) -> list[int]:
        own = next((one for one in issue.assignments.all() if one.organisation_id == organisation.pk), None)
        worker = own.worker_id if own else None
        today = event.recorded_at.astimezone(issue.city.config.zone).date()
        key = organisation.pk, worker, today
        if key not in self.workers:
            self.workers[key] = responsible_workers(*key)
        return self.workers[key]
