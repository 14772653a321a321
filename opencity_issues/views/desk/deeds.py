"""The deeds of a desk as a table: the words on the button, the form behind it, who will read it, and the action it calls."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from opencity_issues.actions import (
    check_issue,
    complain,
    merge_duplicates,
    message_organisation,
    moderate_issue,
    record_call,
    route_issue,
    work_on_assignment,
)
from opencity_issues.actions.cabinet import executor_links
from opencity_issues.actions.cabinet.write_note import write_note
from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.actions.letters import handle_bounces
from opencity_issues.enums import AcceptanceKind, ContributionKind, Way
from opencity_issues.forms import cabinet as forms
from opencity_issues.forms import cabinet_moderation as moderation
from opencity_issues.forms import messages as letters_to
from opencity_issues.forms import work
from opencity_issues.forms.call import CallerReplyForm
from opencity_issues.forms.letters import BounceForm
from opencity_issues.models import Contribution, IssuePage, Media, Notice, Organisation
from opencity_issues.queries.desk.sets import blocked

PUBLIC, AUTHOR, OFFICES, MODERATOR = "public", "author", "offices", "moderator"
OWN, EXECUTOR = "own", "executor"


@dataclass(frozen=True)
class Order:
    """What was asked for at a desk: by whom, for which organisation, with what, on which part of the card."""

    issue: IssuePage
    organisation: Organisation
    actor: Any
    given: Mapping[str, Any]
    media: list[Media]
    part: str = ""

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.actor, "organisation": self.organisation}


@dataclass(frozen=True)
class DeskDeed:
    """`form` of None is a button that acts at once. `readers` says who reads what is written. `of_part`: shown at a part.

    `moves_on`: a decision after which the next that waits in the queue opens by itself.
    """

    name: str
    label: Promise | str
    done: Promise | str
    carry_out: Callable[[Order], Any]
    form: type[forms.DeedForm] | None = None
    readers: str = PUBLIC
    icon: str = "check"
    main: bool = False
    danger: bool = False
    of_part: bool = False
    moves_on: bool = False

    @property
    def has_form(self) -> bool:
        return self.form is not None

    @property
    def closes(self) -> bool:
        """Whether control body or moderator close by it, who look at the organisations' answers first."""
        return self.form is forms.CloseForm


def _transition(name: str) -> Callable[[Order], Any]:
    def carry_out(order: Order) -> Any:
        given = order.given
        move = Move(
            executor=given.get("executor", ""),
            answer=given.get("answer", ""),
            reason=given.get("reason", ""),
            kind=AcceptanceKind(given.get("kind") or AcceptanceKind.SOLVE),
            media=[*order.media, *given.get("executed", [])],
            executor_email=given.get("executor_email", ""),
            planned_date=given.get("planned_date"),
        )
        return change_status(order.issue, name, move=move, **order.by)

    return carry_out


def _answer(order: Order) -> Any:
    given = order.given
    answer = work_on_assignment.Answer(given["text"], given["planned_date"], given["explains"], order.media)
    return work_on_assignment.give_answer(order.issue, answer, **order.by)


def _hide(order: Order) -> Any:
    return moderate_issue.hide(part_of(order.issue, order.part), reason=order.given["reason"], **order.by)


def _block(order: Order) -> Any:
    person = person_behind(order.issue, order.part)
    return moderate_issue.block_citizen(person, reason=order.given["reason"], **order.by)


def _handle_flag(order: Order) -> Any:
    flag = part_of(order.issue, order.part)
    if not isinstance(flag, Contribution):
        raise Http404
    return moderate_issue.handle_flag(flag, **order.by)


def _reopen(name: str) -> Callable[[Order], Any]:
    return lambda order: check_issue.reopen(order.issue, name, order.given["reason"], **order.by)


def _complain(order: Order) -> Any:
    part = part_of(order.issue, order.part) if order.part else None
    return complain.complain(order.issue, order.given["kind"], order.given["text"], part=part, **order.by)


def _handle_complaint(order: Order) -> Any:
    complaint = part_of(order.issue, order.part)
    if not isinstance(complaint, Contribution) or complaint.kind != ContributionKind.COMPLAINT:
        raise Http404
    return complain.handle_complaint(complaint, order.given["text"], **order.by)


def _bounce_handled(order: Order) -> Any:
    notice, given = letter_of(order.issue, order.part), order.given
    return handle_bounces.handle_bounce(notice, given["text"], way=Way(given["way"]), **order.by)


def letter_of(issue: IssuePage, part: str) -> Notice:
    """One letter about this issue, named "letter-9". Raises Http404 for anything else."""
    kind, _dash, key = part.partition("-")
    if kind != "letter" or not key.isdecimal():
        raise Http404
    return get_object_or_404(Notice.objects.select_related("issue"), pk=int(key), issue=issue)


def part_of(issue: IssuePage, part: str) -> Media | Contribution:
    """One photo or one contribution of this issue, named "media-3" or "words-7". Raises Http404 for anything else."""
    kind, _dash, key = part.partition("-")
    models: dict[str, type[Media | Contribution]] = {"media": Media, "words": Contribution}
    if kind not in models or not key.isdecimal():
        raise Http404
    return get_object_or_404(models[kind].objects.select_related("issue"), pk=int(key), issue=issue)


def person_behind(issue: IssuePage, part: str) -> Any:
    """Who wrote a contribution, or "author": who reported the issue. Raises Http404 where nobody is known any more."""
    person = issue.author if part == "author" else getattr(part_of(issue, part), "author", None)
    if person is None:
        raise Http404
    return person


def unblock(key: str, *, actor: Any, organisation: Organisation) -> None:
    """Lift a block from the list of blocked people; `key` is the citizen's."""
    citizen = get_object_or_404(blocked(organisation, timezone.now()), pk=int(key) if key.isdecimal() else 0)
    person = get_object_or_404(get_user_model(), pk=citizen.user_id)
    moderate_issue.unblock_citizen(person, actor=actor, organisation=organisation)


# fmt: off
_DEEDS = (
    DeskDeed("T2", pgettext_lazy("deed", "Accept"), pgettext_lazy("deed done", "Accepted."), _transition("T2"), work.AcceptForm, icon="status-accepted", main=True),
    DeskDeed("T4", pgettext_lazy("deed", "Accept on the repeated message"), pgettext_lazy("deed done", "Accepted."), _transition("T4"), forms.ConfirmForm,
             icon="status-accepted", main=True),
    DeskDeed("T3", pgettext_lazy("deed", "Solved by residents themselves"), pgettext_lazy("deed done", "Accepted."), _transition("T3"), forms.SelfOrganisationForm,
             icon="heart-handshake"),
    DeskDeed("T5", pgettext_lazy("deed", "Done"), pgettext_lazy("deed done", "Reported as done."), _transition("T5"), work.DoneForm, icon="check-check", main=True),
    DeskDeed("T11", pgettext_lazy("deed", "Done"), pgettext_lazy("deed done", "Reported as done."), _transition("T11"), work.DoneForm, icon="check-check", main=True),
    DeskDeed("rework-done", pgettext_lazy("deed", "Done"), pgettext_lazy("deed done", "Reported; the moderator or the control body closes the issue."),
             lambda order: work_on_assignment.report_rework_done(
                 order.issue, order.given["text"], media=[*order.media, *order.given.get("executed", [])], **order.by),
             work.ReworkForm, icon="check-check", main=True),
    DeskDeed("inform-head", pgettext_lazy("deed", "Inform the head"), pgettext_lazy("deed done", "Noted: the head is informed."),
             lambda order: work_on_assignment.inform_head(
                 order.issue, way=Way(order.given.get("way") or Way.MEETING), **order.by),
             work.InformHeadForm, readers="", icon="user"),
    DeskDeed("send-back", pgettext_lazy("deed", "Send back to the executor"), pgettext_lazy("deed done", "Sent back to the executor."),
             lambda order: executor_links.send_back(order.issue, order.given["reason"], **order.by),
             work.SendBackForm, readers=EXECUTOR, icon="undo-2"),
    DeskDeed("answer", pgettext_lazy("deed", "Give an answer"), pgettext_lazy("deed done", "The answer is sent to the author."), _answer, work.AnswerForm,
             icon="message-square"),
    DeskDeed("ask", pgettext_lazy("deed", "Question to the author"), pgettext_lazy("deed done", "The question is sent to the author."),
             lambda order: work_on_assignment.ask_author(order.issue, order.given["text"], **order.by),
             work.QuestionForm, icon="circle-help"),
    DeskDeed("name-executor", pgettext_lazy("deed", "Change executor"), pgettext_lazy("deed done", "The executor is changed."),
             lambda order: work_on_assignment.name_executor(
                 order.issue, order.given["executor"], email=order.given["executor_email"], **order.by),
             work.ExecutorForm, icon="hard-hat"),
    DeskDeed("end-link", pgettext_lazy("deed", "End the executor's link"), pgettext_lazy("deed done", "The executor's link does not work any more."),
             lambda order: executor_links.revoke(order.issue, **order.by), icon="link"),
    DeskDeed("return", pgettext_lazy("deed", "Not ours"), pgettext_lazy("deed done", "Returned to the control body."),
             lambda order: work_on_assignment.return_assignment(order.issue, order.given["reason"], **order.by),
             work.ReturnForm, icon="forward"),
    DeskDeed("seen", pgettext_lazy("deed", "Seen"), pgettext_lazy("deed done", "Noted: looked at."),
             lambda order: work_on_assignment.mark_seen(order.issue, **order.by), icon="eye"),

    DeskDeed("assign", pgettext_lazy("deed", "Assign"), pgettext_lazy("deed done", "Sent to the organisation."),
             lambda order: route_issue.assign(order.issue, order.given["organisation"], **order.by),
             forms.AssignForm, readers="", icon="send"),
    DeskDeed("T6", pgettext_lazy("deed", "Close as solved"), pgettext_lazy("deed done", "Closed."), _transition("T6"), forms.CloseForm, icon="status-closed"),
    DeskDeed("T12", pgettext_lazy("deed", "Close as solved"), pgettext_lazy("deed done", "Closed."), _transition("T12"), forms.CloseForm, icon="status-closed", main=True),
    DeskDeed("warn", pgettext_lazy("deed", "Warn the organisation"), pgettext_lazy("deed done", "The warning is sent."),
             lambda order: message_organisation.send_warning(
                 order.issue, order.given["organisation"], order.given["text"], way=order.given["way"], **order.by),
             letters_to.WarningForm, readers=OFFICES, icon="alarm-clock"),
    DeskDeed("caller-reply", pgettext_lazy("deed", "Reply of the caller"), pgettext_lazy("deed done", "The reply is passed on to the organisation."),
             lambda order: record_call.reply_for_caller(order.issue, order.given["text"], **order.by),
             CallerReplyForm, icon="reply", main=True),
    DeskDeed("caller-told", pgettext_lazy("deed", "Caller told"), pgettext_lazy("deed done", "Noted: the caller is told."),
             lambda order: record_call.tell_caller(order.issue, **order.by), icon="phone", main=True),

    DeskDeed("publish", pgettext_lazy("deed", "Publish"), pgettext_lazy("deed done", "Published and sent to the organisations."),
             lambda order: moderate_issue.publish_held(order.issue, **order.by), icon="eye", main=True, moves_on=True),
    DeskDeed("put-back", pgettext_lazy("deed", "Put back"), pgettext_lazy("deed done", "Published again."),
             lambda order: moderate_issue.publish_held(order.issue, **order.by), icon="eye", main=True),
    DeskDeed("refuse", pgettext_lazy("deed", "Refuse"), pgettext_lazy("deed done", "Refused; the author learns the ground."),
             lambda order: moderate_issue.refuse(
                 order.issue, ground=order.given["ground"], reason=order.given["reason"], **order.by),
             forms.RefuseForm, readers=AUTHOR, icon="status-refused", danger=True, moves_on=True),
    DeskDeed("T7", pgettext_lazy("deed", "Close as the moderator"), pgettext_lazy("deed done", "Closed."), _transition("T7"), forms.CloseForm, icon="status-closed"),
    DeskDeed("T13", pgettext_lazy("deed", "Close as the moderator"), pgettext_lazy("deed done", "Closed."), _transition("T13"), forms.CloseForm, icon="status-closed",
             main=True),
    DeskDeed("T14", pgettext_lazy("deed", "Open again"), pgettext_lazy("deed done", "Open again."), _reopen("T14"), moderation.ReopenForm, icon="rotate-ccw"),
    DeskDeed("T10", pgettext_lazy("deed", "Open again"), pgettext_lazy("deed done", "Open again."), _reopen("T10"), moderation.ReopenForm, icon="rotate-ccw"),
    DeskDeed("repeat", pgettext_lazy("deed", "Repeated message"), pgettext_lazy("deed done", "The repeated message is sent."),
             lambda order: message_organisation.repeat_message(
                 order.issue, order.given["organisation"], order.given["text"], way=order.given["way"], **order.by),
             letters_to.RepeatedForm, readers=OFFICES, icon="megaphone"),
    DeskDeed("take-down", pgettext_lazy("deed", "Take down"), pgettext_lazy("deed done", "Taken down; the author learns the ground."),
             lambda order: moderate_issue.take_down(
                 order.issue, ground=order.given["ground"], reason=order.given["reason"], **order.by),
             forms.TakeDownForm, readers=AUTHOR, icon="status-refused", danger=True),

    DeskDeed("split", pgettext_lazy("deed", "Separate from the main issue"), pgettext_lazy("deed done", "Separated and published again."),
             lambda order: merge_duplicates.split(order.issue, order.given["reason"], **order.by), forms.ReasonForm, icon="git-branch", main=True),
    DeskDeed("complain", pgettext_lazy("deed", "Complain to the moderator"), pgettext_lazy("deed done", "The moderator has your complaint."), _complain,
             moderation.ComplainForm, readers=MODERATOR, icon="shield-alert"),
    DeskDeed("handle-complaint", pgettext_lazy("deed", "Answer the complaint"), pgettext_lazy("deed done", "The organisation has your answer."), _handle_complaint,
             moderation.ComplaintAnswerForm, readers=MODERATOR, icon="reply", of_part=True),
    DeskDeed("bounce-handled", pgettext_lazy("deed", "Told otherwise"), pgettext_lazy("deed done", "Noted: told otherwise."), _bounce_handled, BounceForm,
             readers=OWN, icon="phone", of_part=True),
    DeskDeed("send-again", pgettext_lazy("deed", "Send again"), pgettext_lazy("deed done", "The letter goes out again."),
             lambda order: handle_bounces.send_again(letter_of(order.issue, order.part), **order.by), icon="mail", of_part=True),
    DeskDeed("hide", pgettext_lazy("deed", "Hide"), pgettext_lazy("deed done", "Hidden."), _hide, forms.HideForm, readers=OFFICES, icon="eye-off", of_part=True),
    DeskDeed("show", pgettext_lazy("deed", "Show again"), pgettext_lazy("deed done", "Shown again."),
             lambda order: moderate_issue.show_again(part_of(order.issue, order.part), **order.by), icon="eye", of_part=True),
    DeskDeed("handle-flag", pgettext_lazy("deed", "Looked at"), pgettext_lazy("deed done", "Noted: looked at."), _handle_flag, icon="check", of_part=True),
    DeskDeed("block", pgettext_lazy("deed", "Block this person"), pgettext_lazy("deed done", "Blocked."), _block, forms.BlockForm, readers=OFFICES, icon="ban",
             danger=True, of_part=True),

    DeskDeed("note", pgettext_lazy("deed", "Internal note"), pgettext_lazy("deed done", "The note is kept."),
             lambda order: write_note(order.issue, order.given["text"], **order.by), work.NoteForm, readers=OWN, icon="sticky-note"),
)
# fmt: on

DEEDS: Mapping[str, DeskDeed] = {deed.name: deed for deed in _DEEDS}

MOVING = frozenset("jkxолч")
"""Letters that move through the list and choose in it, in both layouts: never a deed's."""


def letters(deeds: Iterable[DeskDeed]) -> dict[str, str]:
    """One letter a deed out of its own words, the first still free, so that it is the same on each issue of a cabinet."""
    by_label: dict[str, str] = {}
    for deed in deeds:
        label = str(deed.label)
        if deed.of_part or label in by_label:
            continue
        taken = set(by_label.values()) | MOVING
        by_label[label] = next((one for one in label.lower() if one.isalpha() and one not in taken), "")
    return {deed.name: by_label.get(str(deed.label), "") for deed in DEEDS.values() if not deed.of_part}
