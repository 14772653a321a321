"""A flat drawing surface in units of 1200 × 900, and the colours of an hour and a season."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import cos, pi, sin
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 900
# Drawn twice as large and scaled down: Pillow's own edges are jagged.
SCALE = 2

Colour = str
Place = tuple[float, float]


class Light(NamedTuple):
    """The colours of an hour and a season."""

    sky: tuple[Colour, Colour]
    orb: Colour
    far: Colour
    walls: tuple[Colour, ...]
    window: Colour
    lit: Colour
    lit_share: float
    grass: Colour
    grass_shade: Colour
    road: Colour
    road_shade: Colour
    pavement: Colour
    kerb: Colour
    leaves: tuple[Colour, ...]
    trunk: Colour
    ink: Colour


LIGHTS = {
    "day": Light(
        ("#A9D3E8", "#E6F1F2"),
        "#FFF3C4",
        "#BCCFD6",
        ("#E3D7C3", "#D9C2A6", "#CFD6D2", "#E8DFD0"),
        "#6F8C99",
        "#FBE6A8",
        0.05,
        "#9DBB74",
        "#86A75F",
        "#6E7478",
        "#5D6367",
        "#C9C3B6",
        "#E4DFD2",
        ("#5E8F4E", "#74A45B", "#4C7D45"),
        "#6B5241",
        "#2B3338",
    ),
    "autumn": Light(
        ("#C3CFD6", "#EFE6D6"),
        "#FFE9B8",
        "#C5C5C0",
        ("#DCCDB8", "#CDB79C", "#C6CBC8", "#E0D3BF"),
        "#71808A",
        "#F6DB98",
        0.15,
        "#A9A766",
        "#949253",
        "#6A6C6E",
        "#57595B",
        "#BFB7A8",
        "#DAD3C5",
        ("#D08A35", "#C46A2D", "#DDB04A"),
        "#5E4839",
        "#2B2F33",
    ),
    "rain": Light(
        ("#93A3AE", "#C4CDD0"),
        "#C9D2D5",
        "#A3B0B6",
        ("#BDB5A8", "#AFA193", "#A9B1B2", "#C2BAAC"),
        "#4F626D",
        "#F4D58C",
        0.3,
        "#7E9163",
        "#6C7F54",
        "#555C62",
        "#454C52",
        "#A29F97",
        "#BDBAB2",
        ("#4C6F46", "#5B7E4F", "#40623F"),
        "#4F3F34",
        "#23292E",
    ),
    "dusk": Light(
        ("#3C4A78", "#E8A57F"),
        "#FFD9A0",
        "#6C6A8C",
        ("#8C8296", "#7B748C", "#857E92", "#978C9A"),
        "#4A4F70",
        "#FFD98A",
        0.4,
        "#4F6152",
        "#435447",
        "#474A5A",
        "#3B3E4D",
        "#77748A",
        "#8F8B9E",
        ("#37523F", "#425D46", "#2E4838"),
        "#332B2E",
        "#181A24",
    ),
    "night": Light(
        ("#0E1530", "#27345A"),
        "#F2EFD8",
        "#1D2745",
        ("#2C3350", "#272E4A", "#303856", "#262C46"),
        "#151B33",
        "#FFD37A",
        0.35,
        "#1F2D2E",
        "#1A2627",
        "#23283A",
        "#1C2030",
        "#343A50",
        "#454B62",
        ("#1B3029", "#213830", "#172A25"),
        "#1A171C",
        "#0A0D18",
    ),
    "winter": Light(
        ("#B9C9D8", "#E9EEF2"),
        "#FFF6E0",
        "#C3CED8",
        ("#CFC8BF", "#BFB4A8", "#C2C8CB", "#D6D0C8"),
        "#66798A",
        "#FBDFA0",
        0.2,
        "#F3F6F8",
        "#E1E8EE",
        "#8C949B",
        "#787F86",
        "#DDE3E8",
        "#F4F7F9",
        ("#6F6259", "#7D6F64", "#62564E"),
        "#55463B",
        "#2B3238",
    ),
}


class Canvas:
    """Flat shapes in one light. All measures are in units of a 1200 × 900 picture."""

    def __init__(self, light: str, random: Random) -> None:
        self.light = LIGHTS[light]
        self.random = random
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Place], fill: Colour) -> None:
        """A filled figure."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, radius: float = 0) -> None:
        """A filled rectangle, its corners rounded by `radius`."""
        corners = (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)
        self.draw.rounded_rectangle(corners, radius * SCALE, fill=fill)

    def disc(self, x: float, y: float, across: float, fill: Colour, down: float | None = None) -> None:
        """A filled ellipse by its centre and half axes."""
        down = across if down is None else down
        corners = ((x - across) * SCALE, (y - down) * SCALE, (x + across) * SCALE, (y + down) * SCALE)
        self.draw.ellipse(corners, fill=fill)

    def line(self, points: Sequence[Place], fill: Colour, width: float) -> None:
        """A line with round joints and ends."""
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=int(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def blot(self, x: float, y: float, across: float, down: float, fill: Colour, rough: float = 0.18) -> None:
        """An irregular round figure; the same canvas seed gives the same figure."""
        count = 22
        reach = [1 + self.random.uniform(-rough, rough) for _ in range(count)]
        self.polygon(
            [
                (x + across * r * cos(2 * pi * i / count), y + down * r * sin(2 * pi * i / count))
                for i, r in enumerate(reach)
            ],
            fill,
        )

    def glow(self, points: Sequence[Place], fill: Colour, strength: int, blur: float) -> None:
        """A soft figure of light (or shade) laid over the picture; strength 0–255."""
        small = Image.new("L", (WIDTH // 2, HEIGHT // 2), 0)
        ImageDraw.Draw(small).polygon([(x / 2, y / 2) for x, y in points], fill=strength)
        mask = small.filter(ImageFilter.GaussianBlur(blur / 2)).resize(self.image.size)
        self.image.paste(Image.new("RGB", self.image.size, fill), (0, 0), mask)
        self.draw = ImageDraw.Draw(self.image)

    def jpeg(self) -> bytes:
        """The finished picture, 1200 × 900, without any metadata."""
        buffer = BytesIO()
        self.image.reduce(SCALE).save(buffer, "JPEG", quality=77, optimize=True)
        return buffer.getvalue()


def blend(first: Colour, second: Colour, share: float) -> Colour:
    """The colour at `share` of the way from the first to the second."""
    a, b = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (first, second))
    return "#" + "".join(f"{round(x + (y - x) * share):02X}" for x, y in zip(a, b, strict=True))
