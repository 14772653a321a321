"""Other reports of the same, as the main issue's card lists them."""

from dataclasses import dataclass

from opencity_issues.models import IssuePage
from opencity_issues.queries.card.shown_media import ShownMedia, first_photo
from opencity_issues.queries.public_issue import public_media


@dataclass(frozen=True)
class ShownDuplicate:
    """One report that was merged into the issue, with its first photo."""

    issue: IssuePage
    photo: ShownMedia | None


def shown_duplicates(main: IssuePage) -> list[ShownDuplicate]:
    """Oldest first. Two queries, none where there are no duplicates."""
    if not main.duplicate_count:
        return []
    found = IssuePage.objects.filter(duplicate_of=main).order_by("number").prefetch_related("media")
    return [ShownDuplicate(one, first_photo(ShownMedia.of(media) for media in public_media(one))) for one in found]
