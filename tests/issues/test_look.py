"""The colours of the style sheet keep their contrast in light and dark, and its files stay of readable size."""

import re
from pathlib import Path

import pytest

import opencity_issues

CSS = Path(opencity_issues.__file__).parent / "static" / "opencity_issues" / "css"
TEXT, GRAPHIC = 4.5, 3.0

STATUSES = ("open", "accepted", "closed", "archived", "overdue")
ON_GROUNDS = [(ink, ground) for ink in ("ink", "ink-2", "accent", *STATUSES) for ground in ("ground", "surface")]
PAIRS = [
    *((ink, ground, TEXT) for ink, ground in ON_GROUNDS),
    *((status, f"{status}-soft", TEXT) for status in STATUSES),
    *(("on-status", status, TEXT) for status in STATUSES),
    *(("ink", f"{status}-soft", TEXT) for status in STATUSES),
    ("ink", "sunken", TEXT),
    ("ink-2", "sunken", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    ("accent-deep", "accent-soft", TEXT),
    ("ground", "ink", TEXT),
    ("map-ink", "map-halo", TEXT),
    ("map-water-ink", "map-halo", TEXT),
    ("map-green-ink", "map-halo", TEXT),
    ("line-strong", "surface", GRAPHIC),
    ("line-strong", "ground", GRAPHIC),
    *((status, "map-town", GRAPHIC) for status in STATUSES),
]


def tokens(selector: str) -> dict[str, str]:
    """Colours declared in the first block of this selector."""
    sheet = (CSS / "tokens.css").read_text()
    block = sheet.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


LOOKS = {"light": tokens("\n:root"), "dark": tokens(':root[data-theme="dark"]')}


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2, from 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS, ids=[f"{ink} on {ground}" for ink, ground, _ in PAIRS])
def test_contrast(look: str, ink: str, ground: str, least: float) -> None:
    colours = LOOKS[look]
    assert contrast(colours[ink], colours[ground]) >= least


def test_dark_by_the_system_is_the_dark_that_can_be_chosen() -> None:
    assert tokens(':root:not([data-theme="light"])') == LOOKS["dark"]


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_sheet_is_short_and_asks_no_other_host(path: Path) -> None:
    sheet = path.read_text()
    assert len(sheet.splitlines()) <= 400
    assert "//" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
