"""Each theme keeps the contract of colours in light and dark, and its sheets stay of readable size (themes/README.md)."""

import re
from pathlib import Path

import pytest

import opencity_issues

CSS = Path(opencity_issues.__file__).parent / "static" / "opencity_issues" / "css"
THEMES = {path.name: path for path in sorted(CSS.parents[3].joinpath("themes").iterdir()) if path.is_dir()}
SHEETS = [*CSS.glob("*.css"), *(sheet for theme in THEMES.values() for sheet in theme.rglob("*.css"))]
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
DISTINCT = [(one, other) for one in STATUSES for other in STATUSES if one < other]
LOOKS = {"light": "\n:root", "dark": ':root[data-theme="dark"]'}


def tokens(theme: str, selector: str) -> dict[str, str]:
    """Colours that this selector's first block declares, in the package's sheet and then in the theme's."""
    colours: dict[str, str] = {}
    for path in [CSS / "tokens.css", *sorted(THEMES[theme].rglob("*.css"))]:
        _, found, rest = path.read_text().partition(f"{selector} {{")
        if found:
            colours |= re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", rest.split("}", 1)[0])
    return colours


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2, from 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_there_is_more_than_one_theme() -> None:
    assert len(THEMES) >= 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("look", LOOKS)
def test_contrast(theme: str, look: str) -> None:
    colours = tokens(theme, LOOKS[look])
    faint = [
        f"{ink} on {ground}: {contrast(colours[ink], colours[ground]):.2f}"
        for ink, ground, least in PAIRS
        if contrast(colours[ink], colours[ground]) < least
    ]
    assert not faint, faint


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("look", LOOKS)
def test_statuses_have_colours_of_their_own(theme: str, look: str) -> None:
    colours = tokens(theme, LOOKS[look])
    assert not [(one, other) for one, other in DISTINCT if colours[one] == colours[other]]


@pytest.mark.parametrize("theme", THEMES)
def test_dark_by_the_system_is_the_dark_that_can_be_chosen(theme: str) -> None:
    assert tokens(theme, ':root:not([data-theme="light"])') == tokens(theme, LOOKS["dark"])


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_that_changes_one_look_changes_both(theme: str) -> None:
    """A colour given for the light look alone would shine through in the dark."""
    own = [sheet.read_text() for sheet in THEMES[theme].rglob("*.css")]
    changed: dict[str, set[str]] = {look: set() for look in LOOKS}
    for sheet in own:
        for look, selector in LOOKS.items():
            _, found, rest = f"\n{sheet}".partition(f"{selector} {{")
            changed[look] |= set(re.findall(r"--([a-z0-9-]+): #", rest.split("}", 1)[0])) if found else set()
    assert changed["light"] == changed["dark"]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheet_is_short_and_asks_no_other_host(path: Path) -> None:
    sheet = path.read_text()
    assert len(sheet.splitlines()) <= 400
    assert "//" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)


@pytest.mark.parametrize("theme", THEMES)
def test_fonts_of_a_theme_stand_beside_their_licence(theme: str) -> None:
    fonts = {path.name.split("-")[0] for path in THEMES[theme].rglob("*.woff2")}
    licences = {path.stem.split("-")[-1] for path in THEMES[theme].rglob("LICENSE-*.txt")}
    assert fonts == licences
