"""Photos and videos as a page shows them: addresses of the sizes, and whether the moderator has hidden them."""

from collections.abc import Iterable
from dataclasses import dataclass

from opencity_issues.enums import MediaKind
from opencity_issues.models import Media


@dataclass(frozen=True)
class ShownMedia:
    """`url` is the large photo or the video, `medium` and `thumb` smaller sizes of a photo, else empty."""

    pk: int
    token: str
    kind: str
    url: str
    medium: str
    thumb: str
    width: int
    height: int
    is_hidden: bool

    @classmethod
    def of(cls, media: Media) -> "ShownMedia":
        is_photo = media.kind == MediaKind.PHOTO
        return cls(
            pk=media.pk,
            token=media.token,
            kind=media.kind,
            url=media.url("large"),
            medium=media.url("medium") if is_photo else "",
            thumb=media.url("thumb") if is_photo else "",
            width=media.width,
            height=media.height,
            is_hidden=media.hidden_at is not None,
        )


def first_photo(media: Iterable[ShownMedia]) -> ShownMedia | None:
    """The first photo that is not hidden."""
    return next((one for one in media if one.kind == MediaKind.PHOTO and not one.is_hidden), None)
