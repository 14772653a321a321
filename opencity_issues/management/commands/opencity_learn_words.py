from typing import Any

from django.core.management.base import BaseCommand

from opencity_issues.actions.learn_words import learn_anew
from opencity_issues.models import IssueIndexPage, LearnedWord


class Command(BaseCommand):
    """What a task does every night, by hand: after an import, or where the suggestions of categories went astray."""

    help = "Count anew which words the published issues of each category have; suggestions of categories learn from it."

    def handle(self, *args: Any, **options: Any) -> None:
        for city in IssueIndexPage.objects.all():
            issues = learn_anew(city)
            words = LearnedWord.objects.filter(city=city).values("lemma").distinct().count()
            self.stdout.write(f"{city.title}: {words} words of {issues} issues")
