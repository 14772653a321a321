"""Fetch the vendored front-end files at the versions named here, and build the icon sprite.

    python requirements/vendor.py          fetch everything again (needs `npm` on the path, and fonttools with brotli)
    python requirements/vendor.py sprite   only rebuild the sprite from the icons in the tree

Nobody needs this to run or to build the package: its results are committed. Change a version here, run it, look at
the pages, commit both. Leaflet itself comes with the `django-js-lib-leaflet` distribution and is not vendored.
"""

import csv
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "opencity_issues" / "static" / "opencity_issues"

# A theme's fonts lie with the theme, seen from STATIC.
TRAM = "../../../themes/tram/static/tram/fonts/"

# distribution → (version, {path in the distribution: path below STATIC}); the licence stands beside each name
PACKAGES: dict[str, tuple[str, dict[str, str]]] = {
    "@fontsource-variable/onest": (  # OFL-1.1
        "5.3.1",
        {
            "files/onest-cyrillic-wght-normal.woff2": "fonts/onest-cyrillic.woff2",
            "files/onest-cyrillic-ext-wght-normal.woff2": "fonts/onest-cyrillic-ext.woff2",
            "files/onest-latin-wght-normal.woff2": "fonts/onest-latin.woff2",
            "LICENSE": "fonts/LICENSE-onest.txt",
        },
    ),
    "@fontsource-variable/manrope": (  # OFL-1.1
        "5.3.0",
        {
            "files/manrope-cyrillic-wght-normal.woff2": f"{TRAM}manrope-cyrillic.woff2",
            "files/manrope-latin-wght-normal.woff2": f"{TRAM}manrope-latin.woff2",
            "LICENSE": f"{TRAM}LICENSE-manrope.txt",
        },
    ),
    "@fontsource/fira-sans-extra-condensed": (  # OFL-1.1
        "5.3.0",
        {
            "files/fira-sans-extra-condensed-cyrillic-800-normal.woff2": f"{TRAM}fira-cyrillic.woff2",
            "files/fira-sans-extra-condensed-latin-800-normal.woff2": f"{TRAM}fira-latin.woff2",
            "LICENSE": f"{TRAM}LICENSE-fira.txt",
        },
    ),
    "leaflet.markercluster": (  # MIT
        "1.5.3",
        {
            "dist/leaflet.markercluster.js": "vendor/leaflet.markercluster/leaflet.markercluster.js",
            "dist/leaflet.markercluster.js.map": "vendor/leaflet.markercluster/leaflet.markercluster.js.map",
            "dist/MarkerCluster.css": "vendor/leaflet.markercluster/MarkerCluster.css",
            "MIT-LICENCE.txt": "vendor/leaflet.markercluster/LICENSE.txt",
        },
    ),
    "protomaps-leaflet": (  # BSD-3-Clause; 38 KB compressed, loaded only where a city's base map is a PMTiles file
        "5.1.0",
        {
            "dist/protomaps-leaflet.js": "vendor/protomaps-leaflet/protomaps-leaflet.js",
            "LICENSE": "vendor/protomaps-leaflet/LICENSE.txt",
        },
    ),
    "htmx.org": (  # 0BSD
        "2.0.11",
        {"dist/htmx.min.js": "vendor/htmx/htmx.min.js", "LICENSE": "vendor/htmx/LICENSE.txt"},
    ),
    "lucide-static": ("1.62.0", {"LICENSE": "icons/LICENSE-lucide.txt"}),  # ISC; icons by ICONS
}

# What the fonts keep: the weights that the sheets use, and the signs that our languages and interface need.
WEIGHTS = (400, 800)
LATIN = (
    "20-7E A0 A7 A9 AB B0-B2 B7 BB D7 2009 200A 2010-2015 2018-201E 2022 2026 2030 2039 203A "
    "20AC 2122 2190-2193 2212 2264 2265"
)
CYRILLIC = "301 400-45F 490 491 2116"
SIGNS = {
    "fonts/onest-latin.woff2": LATIN,
    "fonts/onest-cyrillic.woff2": CYRILLIC,
    "fonts/onest-cyrillic-ext.woff2": "20B4",
    **{f"{TRAM}{family}-latin.woff2": LATIN for family in ("manrope", "fira")},
    **{f"{TRAM}{family}-cyrillic.woff2": CYRILLIC for family in ("manrope", "fira")},
}

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "opencity_issues" / "data"


def icon_names(for_sprite: bool = False) -> list[str]:
    """Names in icons.txt and the icons offered to categories; only the starred ones for the sprite."""
    lines = [line.split() for line in (HERE / "icons.txt").read_text().splitlines() if not line.startswith("#")]
    if for_sprite:
        return [name for name, *star in lines if star]
    offered = set()
    for table in ("categories.csv", "category_icons.csv"):
        with (DATA / table).open(encoding="utf-8") as rows:
            offered |= {row["icon"] for row in csv.DictReader(rows)}
    return sorted({name for name, *_ in lines} | offered)


def fetch(name: str, version: str, into: Path) -> Path:
    """Download one distribution and return the folder it was unpacked into."""
    packed = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    target = into / packed.removesuffix(".tgz")
    with tarfile.open(into / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def reduce_font(path: Path, signs: str) -> None:
    """Leave in a font only the signs given as hexadecimal code points and ranges, in a variable one only the WEIGHTS."""
    from fontTools import subset  # only fetching needs it, not the sprite
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    wanted = subset.parse_unicodes(signs.replace(" ", ","))
    options = subset.Options(flavor="woff2", layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"])
    font = TTFont(path)
    reducer = subset.Subsetter(options)
    reducer.populate(unicodes=wanted)
    reducer.subset(font)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    subset.save_font(font, path, options)


def leave_out_map(path: Path) -> None:
    """Take out the mention of a source map that is not fetched: hashed names look for every file that is named."""
    path.write_text(re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", path.read_text()))


def tidy_icon(source: str) -> str:
    """Reduce a lucide file to its drawing: presentation comes from the sheet (class `icon`)."""
    body = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", source, flags=re.DOTALL)
    body = " ".join(body.split()).replace("> <", "><").replace(" />", "/>")
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{body}</svg>\n'


def build_sprite() -> None:
    """Write icons/sprite.svg: the status pins and the icons that scripts need."""
    symbols = []
    named = set(icon_names(for_sprite=True))
    for path in sorted((STATIC / "icons").glob("*.svg")):
        own = path.stem.startswith(("pin-", "status-", "mark-"))
        if path.stem != "sprite" and (own or path.stem in named):
            box = re.search(r'viewBox="([^"]+)"', path.read_text())
            body = re.sub(r"</?svg[^>]*>", "", path.read_text()).strip()
            symbols.append(f'<symbol id="{path.stem}" viewBox="{box[1] if box else "0 0 24 24"}">{body}</symbol>')
    sheet = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (STATIC / "icons" / "sprite.svg").write_text(sheet)


def main() -> None:
    """Fetch all packages (unless told `sprite`) and build the sprite."""
    if "sprite" not in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            for name, (version, files) in PACKAGES.items():
                package = fetch(name, version, Path(folder))
                for source, target in files.items():
                    (STATIC / target).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(package / source, STATIC / target)
                    if target.endswith(".js") and f"{target}.map" not in files.values():
                        leave_out_map(STATIC / target)
                for target in SIGNS.keys() & files.values():
                    reduce_font(STATIC / target, SIGNS[target])
                if name == "lucide-static":
                    for icon in icon_names():
                        drawing = (package / "icons" / f"{icon}.svg").read_text()
                        (STATIC / "icons" / f"{icon}.svg").write_text(tidy_icon(drawing))
    build_sprite()


if __name__ == "__main__":
    main()
