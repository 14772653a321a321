from django.db import models

from opencity_issues.models.category import Category
from opencity_issues.models.city import IssueIndexPage

LONGEST = 40


class LearnedWord(models.Model):
    """How many of a city's published issues of a category have a word, by its lemma: what suggestions learn from."""

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    lemma = models.CharField(max_length=LONGEST)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "lemma", "category"], name="learned_word_once")]

    def __str__(self) -> str:
        return f"{self.lemma} → {self.category_id}: {self.count}"
