"""News of the demonstration city: invented, like the city."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from opencity_cms import demo_meetings
from opencity_cms.models import NewsIndexPage, NewsPage
from opencity_issues.enums import SOLVED
from opencity_issues.models import IssuePage

NEWS = (
    (
        3,
        "Місто відремонтувало пішохідний перехід біля школи",
        "Про стертий перехід повідомили троє мешканців. Дорожня служба оновила розмітку за дев’ять днів.",
        "Повідомлення надійшло через карту проблем у понеділок зранку. Організація прийняла його того ж дня, призначила виконавця — "
        "майстра дільниці — і вже наступного тижня бригада нанесла нову розмітку. Автор повідомлення підтвердив: проблему вирішено.",
    ),
    (
        10,
        "Як працює карта проблем: від повідомлення до відповіді",
        "Куди потрапляє повідомлення, хто за нього відповідає і коли чекати відповіді.",
        "Кожне повідомлення одразу надходить організаціям, які відповідають за його категорію. Протягом трьох робочих днів організація "
        "приймає його в роботу й називає виконавця, а протягом 30 днів — вирішує проблему або пояснює, чому це неможливо зараз.",
    ),
    (
        19,
        "Робоча група розглянула результати місяця",
        "На засіданні йшлося про ефективність вирішення проблем громади та плани на наступний місяць.",
        "Учасники переглянули показники за місяць: скільки повідомлень надійшло, скільки прийнято вчасно, які категорії турбують "
        "мешканців найбільше. Наступне засідання відбудеться за місяць.",
    ),
)


NEWS_IN_ENGLISH = (
    (
        "The city has repaired the crossing by the school",
        "Three residents reported the worn crossing. The road service renewed its markings in nine days.",
        "The report came in through the map of issues on Monday morning. The organisation accepted it the same day and named "
        "an executor, the foreman of the district; a week later his team painted new markings. The author has confirmed that "
        "the problem is solved.",
    ),
    (
        "How the map of issues works: from the report to the answer",
        "Where a report goes, who answers for it and when to expect the answer.",
        "Each report goes at once to the organisations that answer for its category. Within three working days the "
        "organisation accepts it and names an executor; within 30 days it solves the problem, or explains why that is not "
        "possible now.",
    ),
)
"""The newest of them; the third is left in Ukrainian, as happens to news."""


def _solved() -> list[tuple[str, Any]]:
    """The living card of a solved issue with pictures of before and after."""
    issues = IssuePage.objects.published().filter(status__in=SOLVED)
    shown = issues.filter(media__contribution__isnull=False, media__hidden_at=None).order_by("-closed_at").first()
    return [("issue", {"issue": shown, "pictures": True})] if shown else []


def _map_and_figures() -> list[tuple[str, Any]]:
    return [
        ("map", {"issue": None, "status": "", "category": None, "caption": ""}),
        ("statistics", {"heading": ""}),
    ]


LIVING = {3: _solved, 10: _map_and_figures}
"""Living parts of the pieces, by their age in days."""


def load() -> None:
    """Add the demonstration's news once, in Ukrainian and in part in English, and fill the pages beside them."""
    demo_meetings.load()
    index = NewsIndexPage.objects.order_by("pk").first()
    if index is None or NewsPage.objects.child_of(index).exists():
        return
    english = index.get_translations().select_related("locale").filter(locale__language_code="en").first()
    for position, (days, title, intro, text) in enumerate(NEWS):
        page = _add(index, days, title, intro, text)
        if english and position < len(NEWS_IN_ENGLISH):
            title, intro, text = NEWS_IN_ENGLISH[position]  # noqa: PLW2901 - the same piece, in English
            _add(english, days, title, intro, text, slug=page.slug, translation_key=page.translation_key)


def _add(index: NewsIndexPage, days: int, title: str, intro: str, text: str, **more: Any) -> NewsPage:
    """A piece of news that is so many days old."""
    page: NewsPage = index.add_child(
        instance=NewsPage(
            title=title,
            intro=intro,
            date=timezone.localdate() - timedelta(days=days),
            locale=index.locale,
            body=[("text", f"<p>{text}</p>"), *LIVING.get(days, list)()],
            **more,
        )
    )
    return page
