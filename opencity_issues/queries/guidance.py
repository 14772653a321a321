"""What the city says about its categories while people report: where to turn instead, and what it asks besides."""

from collections.abc import Iterable

from django.db.models import Q

from opencity_issues.models import Category, CategoryQuestion, CategoryStop, IssueIndexPage


def stops_of(city: IssueIndexPage, categories: Iterable[Category]) -> list[CategoryStop]:
    """Those of these categories that the city takes no reports of, by themselves or by their branch; one query."""
    found = CategoryStop.objects.filter(city=city).filter(_of_branches(categories))
    return list(found.select_related("category").order_by("category__order"))


def all_stops(city: IssueIndexPage) -> list[CategoryStop]:
    """All that this city takes no reports of, for a device without a network to know beforehand."""
    return list(CategoryStop.objects.filter(city=city).select_related("category").order_by("category__order"))


def all_questions(city: IssueIndexPage) -> list[CategoryQuestion]:
    """All that this city asks about its categories, in its order, for the same; one query."""
    return list(CategoryQuestion.objects.filter(city=city).select_related("category"))


def questions_of(city: IssueIndexPage, categories: Iterable[Category]) -> list[CategoryQuestion]:
    """What the city asks about these categories and the branches they are in, in the city's order; one query."""
    return list(CategoryQuestion.objects.filter(city=city).filter(_of_branches(categories)))


def _of_branches(categories: Iterable[Category]) -> Q:
    codes: set[str] = set()
    for category in categories:
        parts = category.code.split(".")
        codes.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return Q(category__code__in=codes)
