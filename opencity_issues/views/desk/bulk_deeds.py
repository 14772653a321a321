"""What can be done with several issues at once: one row a deed, each carried out by the same actions as one alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from opencity_issues.actions.clock.ready_messages import ready_texts
from opencity_issues.actions.offer_deeds import is_permitted, offered_deeds
from opencity_issues.enums import UNSOLVED, ContributionKind, Publication, Way
from opencity_issues.forms import desk_bulk as forms
from opencity_issues.models import Assignment, IssuePage, Organisation
from opencity_issues.procedure.letters import answer_templates
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.queries.desk.desk import own_assignment
from opencity_issues.queries.desk.queues import Function
from opencity_issues.rules import Roles
from opencity_issues.views.desk.deeds import DEEDS, Order

AT_ONCE = 100
"""How many issues one goes through at once."""


@dataclass(frozen=True)
class Wish:
    """What was asked for: for which organisation, with what filled in; nothing yet where the form is still empty."""

    organisation: Organisation
    roles: Roles
    given: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True)
class Step:
    """One call of a deed: what it will do, in words, what goes into it, and how it is told afterwards."""

    words: str
    given: Mapping[str, Any] = field(default_factory=dict)
    afterwards: str = ""
    """Empty: the same words."""


Steps = Callable[[IssuePage, Assignment | None, Wish], list[Step]]


@dataclass(frozen=True)
class BulkDeed:
    """`name` is one of `DEEDS`; `steps` says what will happen to one issue, or raises NotPossible with the reason."""

    name: str
    function: Function
    label: Promise | str
    steps: Steps
    form: type[forms.BulkForm] | None = None
    icon: str = "check"

    def plan(self, issue: IssuePage, wish: Wish) -> list[Step]:
        """What will happen to an issue. Raises Refusal where the role or the issue's state does not allow it."""
        if not is_permitted(self.name, issue, wish.organisation, wish.roles):
            raise NotPermitted(_("This is not for your role."))
        own = own_assignment(issue, wish.organisation)
        if self.name not in offered_deeds(issue, wish.organisation, wish.roles, wish.now):
            raise NotPossible(_("Not possible now: %(state)s.") % {"state": _state(issue, own)}, state=issue.status)
        return self.steps(issue, own, wish)

    def carry_out(self, issue: IssuePage, wish: Wish, actor: Any) -> list[str]:
        """Do it to one issue, each step in its own transaction; returns what was done. Raises Refusal."""
        done = []
        for step in self.plan(issue, wish):
            DEEDS[self.name].carry_out(Order(issue, wish.organisation, actor, step.given, []))
            done.append(step.afterwards or step.words)
        return done


def _state(issue: IssuePage, own: Assignment | None) -> str:
    if issue.publication != Publication.PUBLISHED:
        return str(Publication(issue.publication).label).lower()
    if own is None and issue.status in UNSOLVED and not any(one.is_active for one in issue.assignments.all()):
        return _("sent to nobody")
    state = own.get_state_display() if own is not None and issue.status in UNSOLVED else issue.get_status_display()
    return str(state).lower()


def _plain(words: Promise, afterwards: Promise) -> Steps:
    """One step, with what was filled in for all."""
    return lambda _issue, _own, wish: [Step(str(words), dict(wish.given), str(afterwards))]


def _assign(issue: IssuePage, own: Assignment | None, wish: Wish) -> list[Step]:
    target = wish.given.get("organisation")
    if target is None:
        return [Step(_("will be sent to the organisation that you choose"))]
    if any(one.organisation_id == target.pk and one.is_active for one in issue.assignments.all()):
        raise NotPossible(_("The issue is with this organisation already."), clause="2.9", state=issue.status)
    named = {"organisation": target.name}
    words, afterwards = _("will be sent to: %(organisation)s") % named, _("sent to: %(organisation)s") % named
    return [Step(words, dict(wish.given), afterwards)]


def _message(kind: ContributionKind, words: Promise) -> Steps:
    """A message to each organisation that has missed a term: the ready text, or the one that was written for all."""

    def steps(issue: IssuePage, own: Assignment | None, wish: Wish) -> list[Step]:
        ready = ready_texts(kind, issue, wish.now)
        if not ready:
            raise NotPossible(_("No organisation has missed a term."), clause="4.3", state=issue.status)
        late = {one.organisation_id: one.organisation for one in issue.assignments.all()}
        return [
            Step(
                str(words) % {"organisation": late[key].name},
                {"organisation": late[key], "text": wish.given.get("text") or text, "way": Way.SYSTEM},
            )
            for key, text in ready.items()
        ]

    return steps


def _accept(issue: IssuePage, own: Assignment | None, wish: Wish) -> list[Step]:
    words = _("will be accepted; executor: %(executor)s")
    return _with_executor(words, _("will be accepted"), _("accepted; executor: %(executor)s"), wish)


def _name_executor(issue: IssuePage, own: Assignment | None, wish: Wish) -> list[Step]:
    before = own.executor if own else ""
    words = _("executor: %(before)s → %(executor)s") if before else _("executor: %(executor)s")
    return _with_executor(words, _("the executor will be changed"), words, wish, before=before)


def _with_executor(words: str, empty: str, afterwards: str, wish: Wish, **values: str) -> list[Step]:
    named = {"executor": wish.given.get("executor", ""), **values}
    said = words % named if named["executor"] else empty
    return [Step(said, {"executor_email": "", **wish.given}, afterwards % named)]


def _answer(issue: IssuePage, own: Assignment | None, wish: Wish) -> list[Step]:
    written = wish.given.get("text", "")
    if not written:
        return [Step(_("the author will get the answer"))]
    planned = wish.given.get("planned_date") or (own.planned_date if own else None)
    filled = answer_templates.fill(
        written,
        {
            "number": str(issue.number),
            "title": issue.title,
            "executor": own.executor if own else "",
            "planned_date": formats.date_format(planned, "j E Y") if planned else "",
        },
    )
    if filled.left:
        raise NotPossible(_("Nothing to fill in for: %(blanks)s.") % {"blanks": ", ".join(filled.left)})
    return [Step(filled.text, {**wish.given, "text": filled.text})]


# fmt: off
_DEEDS = (
    BulkDeed("assign", Function.CONTROL, pgettext_lazy("deed", "Assign"), _assign, forms.BulkAssignForm, icon="send"),
    BulkDeed("warn", Function.CONTROL, pgettext_lazy("deed", "Warn the organisation"),
             _message(ContributionKind.WARNING, pgettext_lazy("bulk", "a warning to: %(organisation)s")),
             forms.BulkMessageForm, icon="alarm-clock"),
    BulkDeed("repeat", Function.MODERATION, pgettext_lazy("deed", "Repeated message"),
             _message(ContributionKind.REPEATED, pgettext_lazy("bulk", "a repeated message to: %(organisation)s")),
             forms.BulkMessageForm, icon="megaphone"),
    BulkDeed("T2", Function.WORK, pgettext_lazy("deed", "Accept"), _accept, forms.BulkAcceptForm, icon="status-accepted"),
    BulkDeed("inform-head", Function.WORK, pgettext_lazy("deed", "Head informed"),
             _plain(pgettext_lazy("bulk", "the head will be noted as informed"),
                    pgettext_lazy("bulk", "the head is noted as informed")), forms.BulkInformHeadForm, icon="user"),
    BulkDeed("answer", Function.WORK, pgettext_lazy("deed", "Give an answer"), _answer, forms.BulkAnswerForm,
             icon="message-square"),
    BulkDeed("name-executor", Function.WORK, pgettext_lazy("deed", "Change executor"), _name_executor,
             forms.BulkExecutorForm, icon="hard-hat"),
    BulkDeed("seen", Function.WORK, pgettext_lazy("deed", "Seen"),
             _plain(pgettext_lazy("bulk", "will be noted as looked at"),
                    pgettext_lazy("bulk", "noted as looked at")), icon="eye"),
)
# fmt: on

BULK_DEEDS: Mapping[str, BulkDeed] = {deed.name: deed for deed in _DEEDS}

WHOLE_LISTS = {"new": "T2", "to-accept": "T2", "unrouted": "assign", "to-warn": "warn", "to-repeat": "repeat"}
"""The queues whose issues all wait for one and the same deed, which is offered for the list as a whole."""
