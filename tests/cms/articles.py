"""An article with every kind of block in it, and one page of every type, for tests that look at all of them."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from opencity_cms.models import (
    GroupMember,
    MediaCoveragePage,
    MeetingDocument,
    MeetingPage,
    NewsIndexPage,
    NewsPage,
    Publication,
    TextPage,
    WorkingGroupPage,
)
from opencity_issues.models import Category, IssuePage
from tests.issues.media_samples import photo

WORDS = "Слова пресслужби."


def every_block(issue: IssuePage) -> list[tuple[str, Any]]:
    """One block of each kind that `ArticleBlocks` has."""
    image = get_image_model().objects.create(title="Перехід", file=ContentFile(photo(), name="p.jpg"))
    paper = get_document_model().objects.create(title="Протокол", file=ContentFile(b"%PDF-1.4", name="p.pdf"))
    category = Category.objects.get(code="3.8")
    figure = {"image": image, "caption": "Підпис"}
    return [
        ("heading", "Розділ"),
        ("text", f'<p>{WORDS} <a linktype="issue" id="{issue.pk}">Перехід</a></p>'),
        ("figure", figure),
        ("gallery", [figure, figure]),
        ("before_after", {"before": image, "after": image, "place": "Перехід"}),
        ("quote", {"text": "Зроблено.", "source": "Майстер"}),
        ("video", {"file": paper, "poster": image, "caption": "Як це було"}),
        ("document", {"document": paper, "note": "Рішення"}),
        ("person", {"position": "Головний спеціаліст", "name": "", "phone": "0 800 000", "email": "", "hours": ""}),
        ("issue", {"issue": issue, "pictures": True}),
        ("issue_list", {"heading": "Останні", "status": "", "category": category, "count": 3}),
        ("map", {"issue": issue, "status": "open", "category": category, "caption": "Тут"}),
        ("statistics", {"heading": "Тиждень"}),
    ]


def one_of_each(issue: IssuePage) -> dict[type[Page], Page]:
    """A page of each type of `opencity_cms` that is laid out with a city, filled, and those beneath them."""
    body = every_block(issue)
    image, paper = dict(body)["figure"]["image"], dict(body)["document"]["document"]
    index, group, coverage, text = (
        kind.objects.filter(locale__language_code="uk").first()
        for kind in (NewsIndexPage, WorkingGroupPage, MediaCoveragePage, TextPage)
    )
    news = index.add_child(
        instance=NewsPage(
            title="Перехід оновлено", intro="За дев’ять днів.", lead_image=image, body=body, locale=index.locale
        )
    )
    meeting = group.add_child(
        instance=MeetingPage(
            title="Засідання",
            starts_at=timezone.now(),
            place="Мала зала",
            agenda=body,
            minutes=body,
            locale=group.locale,
        )
    )
    MeetingDocument.objects.create(page=meeting, document=paper)
    GroupMember.objects.create(page=group, role="chair", position="Заступник міського голови", name="Ольга Іваненко")
    Publication.objects.create(page=coverage, title="Про карту", outlet="Міська газета", date=timezone.localdate())
    for page in (group, text):
        page.body = body
        page.save()
    home = index.get_parent().specific
    return {type(page): page for page in (home, index, news, group, meeting, coverage, text)}
