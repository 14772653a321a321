"""Whom a notice reaches at the moment of sending: the address as it is now, the language, and where the letter leads."""

from dataclasses import dataclass

from django.conf import settings

from opencity_issues.enums import LetterChoice
from opencity_issues.models import Citizen, IssueIndexPage, Notice, Organisation
from opencity_issues.procedure.letters.notices import BY_TEMPLATE


class Unwanted(Exception):
    """There is nobody to write to, or nothing to say any more: the letter is put aside, and nothing has failed."""


class NoAddress(Exception):
    """The procedure wants a letter to somebody whose address is not known."""


@dataclass(frozen=True)
class Reader:
    """`cabinet` is the short name of the organisation whose cabinet the letter leads to; empty for citizens and executors."""

    address: str
    language: str
    cabinet: str = ""
    user_id: int | None = None


def city_of(notice: Notice) -> IssueIndexPage:
    """The city that a letter comes from. Raises Unwanted for a row that names none."""
    city = notice.issue.city if notice.issue is not None else notice.city
    if city is None:
        raise Unwanted
    return city


def may_be_stopped(notice: Notice) -> bool:
    """Whether the letter is one that its reader chooses (see `Letter.may_be_stopped`)."""
    letter = BY_TEMPLATE.get(notice.template)
    return letter is not None and letter.may_be_stopped


def is_to_followers(notice: Notice) -> bool:
    """Whether the letter comes because its reader follows something."""
    letter = BY_TEMPLATE.get(notice.template)
    return letter is not None and letter.is_to_followers


def is_wanted(notice: Notice) -> bool:
    """False for what a follower hears no more: no longer followed, or not public any more."""
    if not is_to_followers(notice):
        return True
    return notice.follow is not None and notice.issue is not None and notice.issue.is_published


def reader_of(notice: Notice) -> Reader:
    """The reader of a letter. Raises NoAddress, and Unwanted where the account is gone or wants no letters."""
    role = notice.recipient.partition(":")[0]
    match role:
        case "user":
            reader = _person(notice)
        case "control":
            reader = _control(city_of(notice))
        case "executor" if notice.link is not None:
            reader = Reader(notice.link.email, notice.link.assignment.organisation.language)
        case "head" if notice.organisation is not None:
            reader = Reader(notice.organisation.head_email, notice.organisation.language)
        case "organisation" if notice.organisation is not None:
            own = notice.organisation
            reader = Reader(own.mailbox, own.language, own.slug)
        case _:
            raise Unwanted
    if not reader.address:
        raise NoAddress
    return reader


def _person(notice: Notice) -> Reader:
    user = notice.user
    if user is None or not user.is_active:
        raise Unwanted
    citizen = Citizen.objects.filter(user=user).first()
    if is_to_followers(notice):
        if not is_wanted(notice):
            raise Unwanted
    elif citizen is not None and citizen.letters == LetterChoice.NONE and may_be_stopped(notice):
        raise Unwanted
    language = citizen.language if citizen else settings.LANGUAGE_CODE
    cabinet = notice.organisation.slug if notice.organisation is not None else ""
    return Reader(user.email, language, cabinet, user.pk)


def _control(city: IssueIndexPage) -> Reader:
    """The control department's mailbox; that of a control body where the city has set none (3.4)."""
    bodies = Organisation.objects.active().filter(city=city, is_control_body=True)
    body = bodies.exclude(mailbox="").order_by("pk").first() or bodies.order_by("pk").first()
    address = city.config.control_mailbox or (body.mailbox if body else "")
    return Reader(address, body.language if body else settings.LANGUAGE_CODE, body.slug if body else "")
