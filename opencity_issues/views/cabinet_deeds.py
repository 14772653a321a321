"""The deeds of a desk as a table: the words on the button, the form behind it, who will read it, and the action it calls."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from opencity_issues.actions import moderate_issue, route_issue, work_on_assignment
from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.enums import AcceptanceKind
from opencity_issues.forms import cabinet as forms
from opencity_issues.models import Citizen, Contribution, IssuePage, Media, Organisation

PUBLIC, AUTHOR, OFFICES = "public", "author", "offices"


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
    """`form` of None is a button that acts at once. `readers` says who reads what is written. `of_part`: shown at a part."""

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
            media=order.media,
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
    citizen = get_object_or_404(Citizen, pk=int(key) if key.isdecimal() else 0, blocked_at__isnull=False)
    person = get_object_or_404(get_user_model(), pk=citizen.user_id)
    moderate_issue.unblock_citizen(person, actor=actor, organisation=organisation)


# fmt: off
_DEEDS = (
    DeskDeed("T2", pgettext_lazy("deed", "Accept"), pgettext_lazy("deed done", "Accepted."), _transition("T2"), forms.AcceptForm, icon="status-accepted", main=True),
    DeskDeed("T4", pgettext_lazy("deed", "Accept on the repeated message"), pgettext_lazy("deed done", "Accepted."), _transition("T4"), forms.ConfirmForm,
             icon="status-accepted", main=True),
    DeskDeed("T3", pgettext_lazy("deed", "Solved by residents themselves"), pgettext_lazy("deed done", "Accepted."), _transition("T3"), forms.ReasonForm,
             icon="heart-handshake"),
    DeskDeed("T5", pgettext_lazy("deed", "Done"), pgettext_lazy("deed done", "Reported as done."), _transition("T5"), forms.DoneForm, icon="check-check", main=True),
    DeskDeed("T11", pgettext_lazy("deed", "Done"), pgettext_lazy("deed done", "Reported as done."), _transition("T11"), forms.DoneForm, icon="check-check", main=True),
    DeskDeed("rework-done", pgettext_lazy("deed", "Done"), pgettext_lazy("deed done", "Reported; the moderator or the control body closes the issue."),
             lambda order: work_on_assignment.report_rework_done(
                 order.issue, order.given["text"], media=order.media, **order.by),
             forms.ReworkForm, icon="check-check", main=True),
    DeskDeed("inform-head", pgettext_lazy("deed", "Head informed"), pgettext_lazy("deed done", "Noted: the head is informed."),
             lambda order: work_on_assignment.inform_head(order.issue, **order.by), icon="user"),
    DeskDeed("answer", pgettext_lazy("deed", "Give an answer"), pgettext_lazy("deed done", "The answer is sent to the author."), _answer, forms.AnswerForm,
             icon="message-square"),
    DeskDeed("ask", pgettext_lazy("deed", "Question to the author"), pgettext_lazy("deed done", "The question is sent to the author."),
             lambda order: work_on_assignment.ask_author(order.issue, order.given["text"], **order.by),
             forms.QuestionForm, icon="circle-help"),
    DeskDeed("name-executor", pgettext_lazy("deed", "Change executor"), pgettext_lazy("deed done", "The executor is changed."),
             lambda order: work_on_assignment.name_executor(order.issue, order.given["executor"], **order.by),
             forms.ExecutorForm, icon="hard-hat"),
    DeskDeed("return", pgettext_lazy("deed", "Not ours"), pgettext_lazy("deed done", "Returned to the control body."),
             lambda order: work_on_assignment.return_assignment(order.issue, order.given["reason"], **order.by),
             forms.ReturnForm, icon="forward"),
    DeskDeed("seen", pgettext_lazy("deed", "Seen"), pgettext_lazy("deed done", "Noted: looked at."),
             lambda order: work_on_assignment.mark_seen(order.issue, **order.by), icon="eye"),

    DeskDeed("T6", pgettext_lazy("deed", "Close as solved"), pgettext_lazy("deed done", "Closed."), _transition("T6"), forms.CloseForm, icon="status-closed"),
    DeskDeed("T12", pgettext_lazy("deed", "Close as solved"), pgettext_lazy("deed done", "Closed."), _transition("T12"), forms.CloseForm, icon="status-closed", main=True),
    DeskDeed("assign", pgettext_lazy("deed", "Assign"), pgettext_lazy("deed done", "Sent to the organisation."),
             lambda order: route_issue.assign(order.issue, order.given["organisation"], **order.by),
             forms.AssignForm, readers="", icon="send"),
    DeskDeed("warn", pgettext_lazy("deed", "Warn the organisation"), pgettext_lazy("deed done", "The warning is sent."),
             lambda order: work_on_assignment.send_warning(
                 order.issue, order.given["organisation"], order.given["text"], **order.by),
             forms.MessageForm, readers=OFFICES, icon="alarm-clock"),

    DeskDeed("publish", pgettext_lazy("deed", "Publish"), pgettext_lazy("deed done", "Published and sent to the organisations."),
             lambda order: moderate_issue.publish_held(order.issue, **order.by), icon="eye", main=True),
    DeskDeed("put-back", pgettext_lazy("deed", "Put back"), pgettext_lazy("deed done", "Published again."),
             lambda order: moderate_issue.publish_held(order.issue, **order.by), icon="eye", main=True),
    DeskDeed("refuse", pgettext_lazy("deed", "Refuse"), pgettext_lazy("deed done", "Refused; the author learns the ground."),
             lambda order: moderate_issue.refuse(
                 order.issue, ground=order.given["ground"], reason=order.given["reason"], **order.by),
             forms.RefuseForm, readers=AUTHOR, icon="status-refused", danger=True),
    DeskDeed("T7", pgettext_lazy("deed", "Close as the moderator"), pgettext_lazy("deed done", "Closed."), _transition("T7"), forms.CloseForm, icon="status-closed"),
    DeskDeed("T13", pgettext_lazy("deed", "Close as the moderator"), pgettext_lazy("deed done", "Closed."), _transition("T13"), forms.CloseForm, icon="status-closed",
             main=True),
    DeskDeed("T14", pgettext_lazy("deed", "Open again"), pgettext_lazy("deed done", "Open again."), _transition("T14"), forms.ReasonForm, icon="rotate-ccw"),
    DeskDeed("T10", pgettext_lazy("deed", "Open again"), pgettext_lazy("deed done", "Open again."), _transition("T10"), forms.ReasonForm, icon="rotate-ccw"),
    DeskDeed("repeat", pgettext_lazy("deed", "Repeated message"), pgettext_lazy("deed done", "The repeated message is sent."),
             lambda order: work_on_assignment.repeat_message(
                 order.issue, order.given["organisation"], order.given["text"], **order.by),
             forms.MessageForm, readers=OFFICES, icon="megaphone"),
    DeskDeed("take-down", pgettext_lazy("deed", "Take down"), pgettext_lazy("deed done", "Taken down; the author learns the ground."),
             lambda order: moderate_issue.take_down(
                 order.issue, ground=order.given["ground"], reason=order.given["reason"], **order.by),
             forms.TakeDownForm, readers=AUTHOR, icon="status-refused", danger=True),

    DeskDeed("hide", pgettext_lazy("deed", "Hide"), pgettext_lazy("deed done", "Hidden."), _hide, forms.HideForm, readers=OFFICES, icon="eye-off", of_part=True),
    DeskDeed("show", pgettext_lazy("deed", "Show again"), pgettext_lazy("deed done", "Shown again."),
             lambda order: moderate_issue.show_again(part_of(order.issue, order.part), **order.by), icon="eye", of_part=True),
    DeskDeed("handle-flag", pgettext_lazy("deed", "Looked at"), pgettext_lazy("deed done", "Noted: looked at."), _handle_flag, icon="check", of_part=True),
    DeskDeed("block", pgettext_lazy("deed", "Block this person"), pgettext_lazy("deed done", "Blocked."), _block, forms.BlockForm, readers=OFFICES, icon="ban",
             danger=True, of_part=True),
)
# fmt: on

DEEDS: Mapping[str, DeskDeed] = {deed.name: deed for deed in _DEEDS}

MOVING = frozenset("jkол")
"""Letters that move through the list, in both layouts: never a deed's."""


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
