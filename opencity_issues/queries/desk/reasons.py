"""Why an issue is on a desk, in plain words: one row a reason, most urgent first, for each function of an organisation.

A row of a desk shows the reason of the queue it stands in, then the most urgent other one. All is read from what
`queries/desk/desk.py` has prefetched, and from `FACTS`, which it reads along with the issues.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencity_issues.enums import (
    SOLVED,
    UNSOLVED,
    AssignmentState,
    ContributionKind,
    Publication,
    Reopening,
    Status,
    UndertakingState,
)
from opencity_issues.models import Caller, Contribution, Deadline, Initiative, Notice
from opencity_issues.procedure.deadlines import WARNED
from opencity_issues.procedure.moderation import GROUNDS, Ground
from opencity_issues.queries.card.sentences import day_words
from opencity_issues.queries.desk.queues import Function
from opencity_issues.queries.desk.sets import PATIENCE, SOON
from opencity_issues.queries.desk.sight import Sight

AT_MOST = 2
"""Reasons told in one row."""

_OF_ISSUE = OuterRef("pk")

FACTS: Mapping[str, Exists] = {
    "has_bounced": Exists(Notice.objects.bounced().filter(issue_id=_OF_ISSUE)),
    "has_flags": Exists(
        Contribution.objects.filter(issue_id=_OF_ISSUE, kind=ContributionKind.FLAG, handled_at=None, hidden_at=None)
    ),
    "has_questions": Exists(
        Contribution.objects.filter(issue_id=_OF_ISSUE, kind=ContributionKind.QUESTION, replies=None, hidden_at=None)
    ),
    "awaits_call": Exists(
        Caller.objects.filter(issue_id=_OF_ISSUE).filter(Q(told_at=None) | Q(told_at__lt=OuterRef("closed_at")))
    ),
    "has_complaints": Exists(
        Contribution.objects.filter(issue_id=_OF_ISSUE, kind=ContributionKind.COMPLAINT, handled_at=None)
    ),
    "is_gathered": Exists(
        Initiative.objects.filter(issue_id=_OF_ISSUE, state=UndertakingState.PLANNED, hidden_at=None)
    ),
    "is_done_by_residents": Exists(
        Initiative.objects.filter(
            issue_id=_OF_ISSUE, state=UndertakingState.DONE, hidden_at=None, ended_at__gte=OuterRef("opened_at")
        )
    ),
    "has_hidden": Exists(Contribution.objects.filter(issue_id=_OF_ISSUE, hidden_at__isnull=False)),
}
"""What a reason needs to know beyond the issue, its assignments and terms: annotated to the rows of one page."""


@dataclass(frozen=True)
class Reason:
    """`name` is that of a queue where one stands for it. `late`: a term or a promise has passed."""

    name: str
    text: str
    late: bool = False


@dataclass(frozen=True)
class ReasonRule:
    """`words` gives the sentence, or "" where the reason does not hold."""

    name: str
    functions: tuple[Function, ...]
    words: Callable[[Sight], str]
    late: bool = False


def reasons_of(sight: Sight, queue: str = "") -> list[Reason]:
    """The reasons why the issue is here, that of the queue first, AT_MOST in all; never empty."""
    rules = (rule for rule in RULES if sight.function in rule.functions)
    found = [Reason(rule.name, text, rule.late) for rule in rules if (text := rule.words(sight))]
    said: dict[str, Reason] = {}
    for reason in sorted(found, key=lambda one: one.name != queue):
        said.setdefault(reason.text, reason)
    return list(said.values())[:AT_MOST] or [Reason("", _calm(sight))]


# What a term asks for, as long as it is not done and once it is too late.
TO_DO: Mapping[str, Promise] = {
    "4.2": gettext_lazy("head to be informed"),
    "4.3": gettext_lazy("to be accepted"),
    "4.4": gettext_lazy("to be answered"),
}
NOT_DONE: Mapping[str, Promise] = {
    "4.2": gettext_lazy("head not informed"),
    "4.3": gettext_lazy("not accepted"),
    "4.4": gettext_lazy("no answer"),
}


def _missed(sight: Sight, terms: Iterable[Deadline], tail: Callable[[Sight, Deadline], str]) -> str:
    """The first of some missed terms: what was not done, since when, and what has been done about it."""
    term = next(iter(terms), None)
    if term is None:
        return ""
    said = _("%(what)s, the term of cl. %(clause)s ran out %(ago)s") % {
        "what": NOT_DONE[term.clause],
        "clause": term.clause,
        "ago": sight.ago(sight.last_day(term)),
    }
    said = "; ".join(one for one in (said, tail(sight, term)) if one)
    whose = next((one.organisation.name for one in sight.active if one.pk == term.assignment_id), "")
    return f"{whose}: {said}" if whose and len(sight.active) > 1 else said


def _warned(sight: Sight, term: Deadline) -> str:
    if term.clause not in WARNED:
        return ""
    if term.warned_at is None:
        return _("no warning sent yet")
    return _("warned %(ago)s") % {"ago": sight.ago(term.warned_at)}


def _repeated(sight: Sight, term: Deadline) -> str:
    if term.clause not in WARNED:
        return ""
    if term.repeated_at is None:
        return _("no repeated message sent yet")
    return _("message repeated %(ago)s") % {"ago": sight.ago(term.repeated_at)}


def _was_warned(sight: Sight, term: Deadline) -> str:
    return _("the control body warned %(ago)s") % {"ago": sight.ago(term.warned_at)} if term.warned_at else ""


def _to_warn(sight: Sight) -> str:
    return _missed(sight, (one for one in sight.missed if one.clause in WARNED and not one.warned_at), _warned)


def _to_repeat(sight: Sight) -> str:
    terms = (one for one in sight.missed if one.clause in WARNED and not one.repeated_at)
    return _missed(sight, terms, _repeated)


def _silent(sight: Sight) -> str:
    terms = (one for one in sight.missed if one.warned_at and one.warned_at <= sight.now - PATIENCE)
    return _missed(sight, terms, _warned)


def _to_assign(sight: Sight) -> str:
    if sight.issue.status not in UNSOLVED or sight.issue.publication != Publication.PUBLISHED or sight.active:
        return ""
    if any(one.state in (AssignmentState.DONE, AssignmentState.RETURNED) for one in sight.parts):
        return ""
    return _("sent to nobody")


def _returned(sight: Sight) -> str:
    if sight.issue.status not in UNSOLVED or sight.active:
        return ""
    back = [one for one in sight.parts if one.state == AssignmentState.RETURNED and one.returned_at]
    if not back or any(one.state == AssignmentState.DONE for one in sight.parts):
        return ""
    last = max(back, key=lambda one: one.returned_at or sight.now)
    return _("returned as not theirs: %(organisation)s, %(ago)s") % {
        "organisation": last.organisation.name,
        "ago": sight.ago(last.returned_at or sight.now),
    }


def _takable(sight: Sight) -> str:
    issue = sight.issue
    if issue.status != Status.OPEN or not issue.repeated_at or not issue.opened_at:
        return ""
    return _("can be accepted on the repeated message (T4)") if issue.repeated_at >= issue.opened_at else ""


def _reworked(sight: Sight) -> str:
    issue = sight.issue
    if issue.status not in UNSOLVED or issue.reopening != Reopening.CLOSED:
        return ""
    done = [one for one in sight.parts if one.state == AssignmentState.DONE and one.done_at]
    if not done:
        return ""
    when = max(one.done_at or sight.now for one in done)
    return _("rework done %(ago)s, time to close") % {"ago": sight.ago(when)}


def _executor_done(sight: Sight) -> str:
    for part in sight.active:
        if part.executor_done_at and part.state == AssignmentState.ACCEPTED:
            words = _("the executor reported %(ago)s: confirm it") if sight.own else _("the executor reported %(ago)s")
            return words % {"ago": sight.ago(part.executor_done_at)}
    return ""


def _promise_passed(sight: Sight) -> str:
    for part in sight.active:
        if part.state == AssignmentState.ACCEPTED and part.planned_date and part.planned_date < sight.today:
            return _("promised by %(day)s, not done") % {"day": day_words(part.planned_date, sight.today)}
    return ""


def _new(sight: Sight) -> str:
    if sight.own is None or sight.own.state != AssignmentState.SENT or sight.own.seen_at:
        return ""
    return _("new: nobody has looked yet")


def _due_soon(sight: Sight) -> str:
    soon = [one for one in sight.terms if sight.now < one.due_at <= sight.now + SOON]
    return _to_do(sight, soon[0]) if soon else ""


def _to_do(sight: Sight, term: Deadline) -> str:
    return _("%(what)s %(by)s (cl. %(clause)s)") % {
        "what": TO_DO[term.clause],
        "by": sight.by(sight.last_day(term)),
        "clause": term.clause,
    }


def _grounded(sight: Sight) -> str:
    known = sight.issue.refusal_ground
    words = str(GROUNDS[Ground(known)].words) if known in set(Ground) else ""
    said = {Publication.TAKEN_DOWN: _("taken down"), Publication.REFUSED: _("refused publication")}
    if sight.issue.publication not in said:
        return ""
    return ": ".join(one for one in (said[Publication(sight.issue.publication)], words) if one)


def _held(sight: Sight) -> str:
    if sight.issue.publication != Publication.HELD:
        return ""
    return _("waits to be published since %(ago)s") % {"ago": sight.ago(sight.issue.submitted_at)}


def _where(fact: str, words: Promise, *, solved: bool | None = None) -> Callable[[Sight], str]:
    """The words where a fact of FACTS holds, for solved or unsolved issues alone where asked."""

    def said(sight: Sight) -> str:
        fits = solved is None or solved == (sight.issue.status in SOLVED)
        return str(words) if fits and sight.knows(fact) else ""

    return said


def _gathered(sight: Sight) -> str:
    fits = sight.issue.status == Status.OPEN and sight.knows("is_gathered")
    return _("residents gather to solve it: accept it (T3)") if fits else ""


def _done_by_residents(sight: Sight) -> str:
    fits = sight.issue.status == Status.ACCEPTED and sight.knows("is_done_by_residents")
    return _("residents have told their result: look and close it (T7)") if fits else ""


def _asks_caller(sight: Sight) -> str:
    if not sight.issue.by_phone or sight.issue.status not in UNSOLVED or not sight.knows("has_questions"):
        return ""
    return _("telephoned in: the organisation asks the caller")


def _calm(sight: Sight) -> str:
    """What an issue says that calls for nobody."""
    issue = sight.issue
    if issue.publication != Publication.PUBLISHED:
        return str(Publication(issue.publication).label)
    if issue.status == Status.CLOSED and issue.closed_at:
        return _("solved %(ago)s") % {"ago": sight.ago(issue.closed_at)}
    if issue.status == Status.ARCHIVED:
        return _("solved, in the archive")
    ahead = [one for one in sight.terms if one.due_at > sight.now]
    if ahead:
        return _to_do(sight, ahead[0])
    if sight.own is not None and sight.own.done_at:
        return _("our part is done %(ago)s") % {"ago": sight.ago(sight.own.done_at)}
    return _("explained, not solved") if issue.explained else _("in work")


WORK, CONTROL, MODERATION = (Function.WORK,), (Function.CONTROL,), (Function.MODERATION,)
BOTH = (Function.CONTROL, Function.MODERATION)

# fmt: off
RULES: tuple[ReasonRule, ...] = (
    ReasonRule("held", MODERATION, _held),
    ReasonRule("taken-down", MODERATION, _grounded),
    ReasonRule("complaints", MODERATION, _where("has_complaints", gettext_lazy("an organisation complains"))),
    ReasonRule("flagged", MODERATION, _where("has_flags", gettext_lazy("residents say: not solved"), solved=True)),
    ReasonRule("gathered", MODERATION, _gathered),
    ReasonRule("done-by-residents", MODERATION, _done_by_residents),
    ReasonRule("to-warn", CONTROL, _to_warn, late=True),
    ReasonRule("to-repeat", MODERATION, _to_repeat, late=True),
    ReasonRule("unrouted", BOTH, _to_assign),
    ReasonRule("returned", BOTH, _returned),
    ReasonRule(
        "calls-to-answer", CONTROL, _where("awaits_call", gettext_lazy("telephoned in: tell the caller"), solved=True)
    ),
    ReasonRule("calls-to-answer", CONTROL, _asks_caller),
    ReasonRule("bounced", CONTROL, _where("has_bounced", gettext_lazy("a letter was not delivered"))),
    ReasonRule("repeated", CONTROL, _takable),
    ReasonRule("reworked", BOTH, _reworked),
    ReasonRule("overdue", WORK, lambda sight: _missed(sight, sight.missed, _was_warned), late=True),
    ReasonRule("executor-done", (Function.WORK, Function.CONTROL), _executor_done),
    ReasonRule("new", WORK, _new),
    ReasonRule("reopened", WORK, lambda sight: _("opened again") if sight.issue.again and sight.active else ""),
    ReasonRule("due-soon", WORK, _due_soon),
    ReasonRule("silent", CONTROL, _silent, late=True),
    ReasonRule("overdue-anywhere", CONTROL, lambda sight: _missed(sight, sight.missed, _warned), late=True),
    ReasonRule("overdue-anywhere", MODERATION, lambda sight: _missed(sight, sight.missed, _repeated), late=True),
    ReasonRule("promises", BOTH, _promise_passed, late=True),
    ReasonRule("promise-passed", WORK, _promise_passed, late=True),
    ReasonRule("asked", WORK, _where("has_questions", gettext_lazy("a question waits for the author's reply"), solved=False)),
    ReasonRule("hidden", MODERATION, _where("has_hidden", gettext_lazy("parts are hidden"))),
)
# fmt: on
