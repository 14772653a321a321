"""Answers to the city's questions are corrected together with the issue, by whoever may correct it, and leave its trace.

A correction asks nothing new: what may be answered and was not stays open, only an answer that must be given cannot be
taken away. What was answered about a category that the issue no longer has can be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from opencity_issues.actions.answer_questions import fault_of
from opencity_issues.models import CategoryQuestion, GivenAnswer, IssuePage
from opencity_issues.models.category_guidance import QuestionKind
from opencity_issues.procedure.refusals import Missing
from opencity_issues.queries.guidance import questions_of

FIELD = "answers"
"""Under which the trace of a correction keeps them."""


@dataclass(frozen=True)
class Answerable:
    """A question whose answer may be corrected: `answer` as it is kept, or empty; `must`: it cannot be taken away."""

    question: CategoryQuestion
    answer: str
    must: bool


def answerable(issue: IssuePage) -> list[Answerable]:
    """What the city asks about the issue's categories, then what was answered besides; two queries.

    Without answers that the question no longer offers: they cannot be chosen again, and stay.
    """
    given = {one.question: one.answer for one in issue.given_answers.select_related("question") if one.question}
    asked = questions_of(issue.city, issue.categories.all())
    return [
        Answerable(question, given.get(question, ""), question.is_required and question in given and question in asked)
        for question in dict.fromkeys([*asked, *given])
        if question.kind == QuestionKind.TEXT or given.get(question, "") in ("", *question.offered())
    ]


def heed_answers(issue: IssuePage, answers: Mapping[str, str]) -> list[GivenAnswer]:
    """Those of the answers, by the question's key, that differ from what is kept; an empty one takes an answer away.

    Raises Missing: `answers` names each question with what is wrong about its answer.
    """
    changed, faults = [], []
    for one in answerable(issue) if answers else ():
        question, said = one.question, " ".join(answers.get(str(one.question.pk), one.answer).split())
        fault = fault_of(question, said) if said or one.must else ""
        if fault:
            faults.append(f"{question.text} — {fault}")
            continue
        meant = question.meant(said) or "" if said else ""
        if meant != one.answer:
            changed.append(GivenAnswer(issue=issue, question=question, asked=question.text_uk, answer=meant))
    if faults:
        raise Missing(_("Please answer the question."), fields={FIELD: "; ".join(faults)}, clause="3.1")
    return changed


def write_answers(issue: IssuePage, changed: Sequence[GivenAnswer]) -> tuple[str, str]:
    """Write what `heed_answers` gave; what all answers said before and say now, for the trace."""
    before = _in_words(issue)
    for one in changed:
        if one.answer:
            said = {"asked": one.asked, "answer": one.answer}
            GivenAnswer.objects.update_or_create(issue=issue, question=one.question, defaults=said)
        else:
            GivenAnswer.objects.filter(issue=issue, question=one.question).delete()
    return before, _in_words(issue)


def _in_words(issue: IssuePage) -> str:
    return "; ".join(map(str, GivenAnswer.objects.filter(issue=issue)))
