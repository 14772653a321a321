"""Draws the site's mark (favicon.svg) as the PNG files that telephones and browsers ask for.

    .venv/bin/python requirements/draw_icons.py

A maskable icon fills its square and keeps the mark within the middle, since telephones cut it to their own shape.
"""

import re
from pathlib import Path

from PIL import Image, ImageDraw

IMAGES = Path(__file__).resolve().parent.parent / "opencity_issues" / "static" / "opencity_issues" / "images"
FINER = 8
BOX = 36
"""Side of the mark's own square."""
ICONS = {"icon-192": (192, 1.0, 8), "icon-512": (512, 1.0, 8), "icon-maskable-512": (512, 0.8, 0)}
"""Name → (side in pixels, the mark's part of the square, radius of the corners in the mark's units)."""


def draw(side: int, part: float, radius: int) -> Image.Image:
    """The open ring with its point, drawn larger and made small, so that its edges are smooth."""
    svg = (IMAGES / "favicon.svg").read_text()
    ground, ink = re.findall(r'(?:fill|stroke)="(#[0-9a-f]{3,6})"', svg)[:2]
    fine = side * FINER
    unit = fine / BOX
    image = Image.new("RGBA", (fine, fine))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, fine - 1, fine - 1), radius * unit, ground)

    def at(x: float, y: float) -> tuple[float, float]:
        return tuple(fine / 2 + (one - BOX / 2) * part * unit for one in (x, y))

    def dot(x: float, y: float, r: float) -> None:
        pen.ellipse((*at(x - r, y - r), *at(x + r, y + r)), ink)

    # The ring of 9 round (18, 18), 3.6 wide, is open from its right to 42 degrees above; its ends are round.
    pen.arc((*at(18 - 10.8, 18 - 10.8), *at(18 + 10.8, 18 + 10.8)), 0, 317.3, ink, round(3.6 * part * unit))
    for x, y, r in ((24.6, 11.9, 1.8), (27, 18, 1.8), (18, 18, 3.2)):
        dot(x, y, r)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all of them beside the mark."""
    for name, (side, part, radius) in ICONS.items():
        draw(side, part, radius).quantize(32).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
