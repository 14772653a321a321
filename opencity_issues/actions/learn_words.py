"""What a city's published issues teach about its words: the suggestions of categories get better with each of them.

The counts hold single words, none that the dictionary has not, and no link to an issue: names and numbers stay out.
"""

from collections import Counter

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max

from opencity_issues.enums import EventKind
from opencity_issues.language.function_words import NOTHING_WORDS, SILENT
from opencity_issues.language.lemmas import is_known, lemmas
from opencity_issues.language.spelling import words_of
from opencity_issues.models import (
    Category,
    CitySettings,
    Correction,
    Event,
    IssueIndexPage,
    IssuePage,
    LearnedWord,
)
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.models.learned_word import LONGEST

WATERMARK = "opencity_issues.learned.last_event"
"""Key of the newest event that was learned from. A lost cache costs the issues of one day, until all is counted anew."""
LEARNED_FROM = 20_000
"""So many of a city's latest issues are counted; what people call things changes, and the night is short."""
BATCH = 500
SHORTEST = 3

Counts = Counter[tuple[int, str, int]]
"""By city, lemma and category."""


def learn_new() -> int:
    """Count the words of issues that were published, and move those of issues whose categories were corrected, since the last round.

    Returns how many issues that were. Two rounds never count the same: the second waits for the first.
    """
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if cache.get(WATERMARK) == newest:
        return 0
    with transaction.atomic():
        list(CitySettings.objects.select_for_update().values_list("pk", flat=True))
        mark = cache.get(WATERMARK)
        cache.set(WATERMARK, newest, None)
        if mark is None or mark >= newest:
            return 0
        new = Event.objects.filter(pk__gt=mark, pk__lte=newest)
        published = set(new.filter(kind=EventKind.STATUS, transition="T1").values_list("issue_id", flat=True))
        counts = _counted(IssuePage.objects.filter(pk__in=published).published())
        moved = Correction.objects.filter(event__in=new.filter(kind=EventKind.CORRECTED), field="categories")
        moved = moved.exclude(event__issue__in=published).select_related("event__issue")
        for correction in moved:
            counts.update(_of_correction(correction))
        _add(counts)
    return len(published) + len(moved)


def learn_anew(city: IssueIndexPage) -> int:
    """Count all words of a city's latest published issues from nothing; returns how many issues were counted."""
    issues = IssuePage.objects.in_city(city).published().order_by("-number")[:LEARNED_FROM]
    counts = _counted(issues)
    with transaction.atomic():
        CitySettings.objects.select_for_update().get(city=city)
        LearnedWord.objects.filter(city=city).delete()
        LearnedWord.objects.bulk_create(
            [
                LearnedWord(city_id=city_id, lemma=lemma, category_id=category_id, count=count)
                for (city_id, lemma, category_id), count in counts.items()
            ],
            batch_size=BATCH,
        )
    return issues.count()


def learn_all_anew() -> int:
    """Every city once more, at night: what was taken down, withdrawn or reworded leaves the counts."""
    return sum(learn_anew(city) for city in IssueIndexPage.objects.all())


def words_to_learn(text: str) -> set[str]:
    """The dictionary forms of a text's telling words, each once."""
    words = {word for word in words_of(text) if len(word) >= SHORTEST and word not in SILENT | NOTHING_WORDS}
    return {lemma for word in words if is_known(word) for lemma in lemmas(word) if len(lemma) <= LONGEST}


def _counted(issues: IssueQuerySet) -> Counts:
    counts: Counts = Counter()
    lean = issues.only("title", "description", "city_id").prefetch_related("categories")
    for issue in lean.iterator(chunk_size=BATCH):
        words = words_to_learn(f"{issue.title} {issue.description}")
        for category in issue.categories.all():
            counts.update((issue.city_id, word, category.pk) for word in words)
    return counts


def _of_correction(correction: Correction) -> Counts:
    """What one correction of the categories takes from those before and gives to those after."""
    issue = correction.event.issue
    words = words_to_learn(f"{issue.title} {issue.description}")
    before, after = (
        set(Category.objects.filter(code__in=codes.split(", ")).values_list("pk", flat=True))
        for codes in (correction.before, correction.after)
    )
    counts: Counts = Counter({(issue.city_id, word, pk): 1 for word in words for pk in after - before})
    counts.subtract({(issue.city_id, word, pk): 1 for word in words for pk in before - after})
    return counts


def _add(counts: Counts) -> None:
    """Add to what is counted already; what comes to nothing is removed."""
    there = {
        (row.city_id, row.lemma, row.category_id): row
        for row in LearnedWord.objects.filter(lemma__in={lemma for _city, lemma, _category in counts})
    }
    new, changed, gone = [], [], []
    for key, count in counts.items():
        row = there.get(key)
        if row is None:
            if count > 0:
                new.append(LearnedWord(city_id=key[0], lemma=key[1], category_id=key[2], count=count))
        elif row.count + count > 0:
            row.count += count
            changed.append(row)
        else:
            gone.append(row.pk)
    LearnedWord.objects.bulk_create(new, batch_size=BATCH)
    LearnedWord.objects.bulk_update(changed, ["count"], batch_size=BATCH)
    LearnedWord.objects.filter(pk__in=gone).delete()
