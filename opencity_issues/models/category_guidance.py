from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opencity_issues.models.category import Category
from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.issue import IssuePage


class QuestionKind(models.TextChoices):
    TEXT = "text", _("a line of text")
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("one of several answers")


class CategoryStop(models.Model):
    """A category that this city takes no reports of: the reason, and where to turn instead ("call 104 for gas")."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="category_stops")
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.CASCADE, related_name="stops")
    reason_uk = models.TextField(_("reason and other address, in Ukrainian"))
    reason_en = models.TextField(_("reason and other address, in English"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    link = models.URLField(_("page"), blank=True)

    class Meta:
        verbose_name = _("category that is not taken here")
        verbose_name_plural = _("categories that are not taken here")
        constraints = [models.UniqueConstraint(fields=["city", "category"], name="category_stop_once")]

    def __str__(self) -> str:
        return str(self.category)

    @property
    def reason(self) -> str:
        """The reason in the reader's language; Ukrainian where there is no other."""
        return self.reason_en if get_language() == "en" and self.reason_en else self.reason_uk


class CategoryQuestion(models.Model):
    """What the city asks besides about issues of a category and its branch; the answers are public."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="category_questions")
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.CASCADE, related_name="questions"
    )
    text_uk = models.CharField(_("question in Ukrainian"), max_length=200)
    text_en = models.CharField(_("question in English"), max_length=200, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=QuestionKind, default=QuestionKind.TEXT)
    choices_uk = models.TextField(_("answers to choose from, in Ukrainian"), blank=True, help_text=_("One a line."))
    choices_en = models.TextField(_("answers to choose from, in English"), blank=True, help_text=_("One a line."))
    is_required = models.BooleanField(_("must be answered"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("question about a category")
        verbose_name_plural = _("questions about categories")

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language; Ukrainian where there is no other."""
        return self.text_en if get_language() == "en" and self.text_en else self.text_uk

    def clean(self) -> None:
        if self.kind == QuestionKind.CHOICE and len(_lines(self.choices_uk)) < 2:
            raise ValidationError({"choices_uk": _("Give at least two answers, one a line.")})
        if self.choices_en and len(_lines(self.choices_en)) != len(_lines(self.choices_uk)):
            raise ValidationError(
                {"choices_en": _("There must be as many answers as in Ukrainian, in the same order.")}
            )

    def offered(self) -> dict[str, str]:
        """The answers to choose from: as they are kept, in Ukrainian, and in the reader's language. Empty for a text."""
        if self.kind == QuestionKind.YES_NO:
            return {"Так": str(_("Yes")), "Ні": str(_("No"))}
        kept = _lines(self.choices_uk) if self.kind == QuestionKind.CHOICE else []
        shown = _lines(self.choices_en) if get_language() == "en" else []
        return dict(zip(kept, shown if len(shown) == len(kept) else kept, strict=True))

    def meant(self, said: str) -> str | None:
        """The answer as it is kept, whichever language it was given in; None where it is none of those offered."""
        if self.kind == QuestionKind.TEXT:
            return said
        known = {"yes": "Так", "no": "Ні"} if self.kind == QuestionKind.YES_NO else {}
        if self.kind == QuestionKind.CHOICE:
            known = dict(zip(map(str.lower, _lines(self.choices_en)), _lines(self.choices_uk), strict=False))
        known |= {one.lower(): one for one in self.offered()}
        return known.get(said.lower())


class GivenAnswer(models.Model):
    """What the author answered to a question of the city, with the question's words of that day."""

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="given_answers")
    question = models.ForeignKey(CategoryQuestion, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.CharField(_("question"), max_length=200)
    answer = models.CharField(_("answer"), max_length=300)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.asked} {self.answer}"

    @property
    def question_words(self) -> str:
        """What was asked, in the reader's language where the question is still the same."""
        return self.question.text if self.question and self.question.text_uk == self.asked else self.asked

    @property
    def answer_words(self) -> str:
        """What was answered, in the reader's language where it was one of the answers offered."""
        return self.question.offered().get(self.answer, self.answer) if self.question else self.answer


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
