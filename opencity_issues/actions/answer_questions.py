"""What a citizen answers to the city's questions about a category, and the categories that the city does not take."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from opencity_issues.models import Category, CategoryQuestion, CategoryStop, GivenAnswer, IssueIndexPage, IssuePage
from opencity_issues.models.category_guidance import QuestionKind
from opencity_issues.procedure.refusals import Missing
from opencity_issues.queries.guidance import questions_of, stops_of

ANSWER_LENGTH = 300
YES, NO = "yes", "no"


def heed_guidance(
    city: IssueIndexPage, categories: Sequence[Category], answers: Mapping[str, str]
) -> list[GivenAnswer]:
    """The answers (by the question's key) as they will be kept, to what the city asks about these categories.

    Raises Missing: `categories` with the reason and the other address where one of them is not taken here, `answers`
    naming each question that must be answered or whose answer is none of those to choose from.
    """
    stops = stops_of(city, categories)
    if stops:
        raise Missing(
            _("The city does not take this here."),
            fields={"categories": "; ".join(map(in_words, stops))},
            clause="2.10",
        )
    kept, faults = [], []
    for question in questions_of(city, categories):
        said = " ".join(answers.get(str(question.pk), "").split())
        fault = fault_of(question, said)
        if fault:
            faults.append(f"{question.text} — {fault}")
        elif said:
            kept.append(GivenAnswer(question=question, asked=question.text_uk, answer=question.meant(said)))
    if faults:
        raise Missing(_("Please answer the question."), fields={"answers": "; ".join(faults)}, clause="2.10")
    return kept


def fault_of(question: CategoryQuestion, said: str) -> str:
    """Why this is no answer, in words; empty where it is one."""
    if not said:
        return _("Please answer this.") if question.is_required else ""
    if len(said) > ANSWER_LENGTH:
        return _("This is too long: at most %(count)d characters.") % {"count": ANSWER_LENGTH}
    if question.kind != QuestionKind.TEXT and question.meant(said) is None:
        return _("Choose one of the answers: %(answers)s.") % {"answers": ", ".join(question.offered().values())}
    return ""


def keep_answers(issue: IssuePage, answers: Sequence[GivenAnswer]) -> None:
    """Write what `heed_guidance` gave with a new issue."""
    for answer in answers:
        answer.issue = issue
    GivenAnswer.objects.bulk_create(answers)


def in_words(stop: CategoryStop) -> str:
    """The reason with the telephone and the page, in the reader's language."""
    return " ".join(filter(None, [stop.reason, stop.phone, stop.link]))
