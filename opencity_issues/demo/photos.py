"""The demonstration's photos: drawn scenes, small and without metadata, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from opencity_issues.demo import home_scenes, street_scenes, yard_scenes
from opencity_issues.demo.canvas import HEIGHT, WIDTH, Canvas
from opencity_issues.models import Media
from opencity_issues.models.media import private_storage
from opencity_issues.photo_decoder import THUMB_QUALITY

SCENES: dict[str, Callable[[Canvas, bool], None]] = {
    "pothole": street_scenes.pothole,
    "lamp": street_scenes.lamp,
    "bin": yard_scenes.bin_,
    "bench": yard_scenes.bench,
    "tree": street_scenes.dead_tree,
    "snow": street_scenes.snow,
    "manhole": street_scenes.manhole,
    "playground": yard_scenes.playground,
    "graffiti": yard_scenes.graffiti,
    "dog": yard_scenes.dog,
    "entrance": yard_scenes.entrance,
    "flood": yard_scenes.flood,
    "roof": yard_scenes.roof,
    "sign": street_scenes.sign,
    "crossing": street_scenes.crossing,
    "car": street_scenes.car,
    "parking": home_scenes.parking,
    "fountain": home_scenes.fountain,
    "lift": home_scenes.lift,
    "radiator": home_scenes.radiator,
    "tap": home_scenes.tap,
    "panel": home_scenes.panel,
}

# In which light a scene may be seen; the others in any of the ordinary ones.
_ORDINARY = ("day", "autumn", "rain", "day", "dusk")
_LIGHTS = {"lamp": ("night", "dusk"), "snow": ("winter",), "roof": ("rain", "autumn"), "flood": ("rain", "autumn")}
VARIANTS = 2


@cache
def photo(scene: str, *, mended: bool = False, variant: int = 0) -> bytes:
    """A JPEG of 1200 × 900 pixels, at most 90 KB.

    `variant` chooses light and background; a scene and its mended twin of one variant show the same place.
    Raises KeyError for a scene that is not drawn.
    """
    lights = _LIGHTS.get(scene, _ORDINARY)
    number = variant % VARIANTS + sum(scene.encode())
    canvas = Canvas(lights[number % len(lights)], Random(f"{scene} {variant % VARIANTS}"))  # noqa: S311 -- a drawing, no secret
    SCENES[scene](canvas, mended)
    return canvas.jpeg()


@cache
def renditions(scene: str, *, mended: bool = False, variant: int = 0) -> dict[str, tuple[bytes, int, int]]:
    """The same photo in the sizes that a card shows: (JPEG, width, height) by the names of `models.media.SIZES`."""
    original = photo(scene, mended=mended, variant=variant)
    sizes = {"large": (original, WIDTH, HEIGHT)}
    for name, width in (("medium", 800), ("thumb", 240)):
        picture = Image.open(BytesIO(original))
        picture.thumbnail((width, width), Image.Resampling.LANCZOS)
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=THUMB_QUALITY if name == "thumb" else 80, optimize=True)
        sizes[name] = (buffer.getvalue(), *picture.size)
    return sizes


def taken_in(scene: str, user: Any, at: datetime, *, mended: bool = False, variant: int = 0) -> Media:
    """The photo as one that has come in through the gate and waits for what it belongs to."""
    sizes = renditions(scene, mended=mended, variant=variant)
    data, width, height = sizes["large"]
    media = Media(uploader=user, width=width, height=height, byte_size=len(data), created_at=at)
    for name, (jpeg, *_sides) in sizes.items():
        private_storage().save(media.file_name(name), ContentFile(jpeg))
    media.save()
    return media
