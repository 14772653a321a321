"""Working group, media coverage and contacts of the demonstration city: invented, like the city."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from opencity_cms.models import (
    GroupMember,
    MediaCoveragePage,
    MeetingPage,
    Publication,
    TextPage,
    WorkingGroupPage,
)
from opencity_cms.models.working_group import GroupRole

COMPOSITION = (
    (GroupRole.CHAIR, "Заступник міського голови", ""),
    (GroupRole.CO_CHAIR, "Голова правління громадської організації", ""),
    (GroupRole.SECRETARY, "Головний спеціаліст відділу контролю", ""),
    (GroupRole.MEMBER, "Начальник управління житлово-комунального господарства", ""),
    (GroupRole.MEMBER, "Директор дорожньої служби", ""),
    (GroupRole.MEMBER, "Представник ради громади", ""),
)

AGENDA = (
    "Результати вирішення проблем громади за місяць.",
    "Проблеми, строки яких пропущено, та пояснення організацій.",
    "План консультацій для відповідальних працівників.",
)

MINUTES = (
    "Показники за період узято до відома. Організаціям, які пропустили строки, надати пояснення до наступного засідання. "
    "План консультацій погоджено."
)

COVERAGE = (
    (6, "Як карта проблем змінює двори", "Міська газета", "Репортаж із двору, де за місяць полагодили освітлення."),
    (27, "Три запитання про «Відкрите Місто»", "Місцеве радіо", "Розмова з модератором про те, кого чують найшвидше."),
    (55, "Мешканці повідомили про перші сто проблем", "Обласний новинний сайт", ""),
)

CONTACT = {
    "position": "Головний спеціаліст, відповідальний за роботу Системи",
    "name": "",
    "phone": "0 800 000 000",
    "email": "support@demo.opencity.example",
    "hours": "у робочі дні з 9:00 до 17:00",
}


def load() -> None:
    """Fill the pages that are still as they were laid out."""
    group = WorkingGroupPage.objects.order_by("pk").first()
    if group is not None and not group.members.exists():
        _fill_group(group)
    coverage = MediaCoveragePage.objects.order_by("pk").first()
    if coverage is not None and not coverage.publications.exists():
        today = timezone.localdate()
        Publication.objects.bulk_create(
            Publication(
                page=coverage,
                sort_order=place,
                title=title,
                outlet=outlet,
                date=today - timedelta(days=days),
                note=note,
            )
            for place, (days, title, outlet, note) in enumerate(COVERAGE)
        )
    for page in TextPage.objects.filter(slug="contacts", locale__language_code="uk"):
        page.body = [(part.block_type, CONTACT if part.block_type == "person" else part.value) for part in page.body]
        page.save()


def _fill_group(group: WorkingGroupPage) -> None:
    GroupMember.objects.bulk_create(
        GroupMember(page=group, sort_order=place, role=role, position=position, name=name)
        for place, (role, position, name) in enumerate(COMPOSITION)
    )
    for days, held in ((-24, True), (9, False)):
        group.add_child(
            instance=MeetingPage(
                title="Засідання робочої групи",
                slug=f"meeting-{'past' if held else 'next'}",
                starts_at=_on(days),
                ends_at=_on(days) + timedelta(hours=1, minutes=30),
                place="Мала зала міської ради",
                agenda=[("text", "<ol>" + "".join(f"<li>{one}</li>" for one in AGENDA) + "</ol>")],
                minutes=[("text", f"<p>{MINUTES}</p>")] if held else [],
                locale=group.locale,
            )
        )


def _on(days: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    day -= timedelta(days=max(0, day.weekday() - 4))  # nobody meets on a weekend
    return datetime.combine(day, time(15), tzinfo=timezone.get_current_timezone())
