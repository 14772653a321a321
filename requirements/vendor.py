"""Fetch the vendored front-end files at the versions named here, and build the icon sprite.

    python requirements/vendor.py          fetch everything again (needs `npm` on the path)
    python requirements/vendor.py sprite   only rebuild the sprite from the icons in the tree

Nobody needs this to run or to build the package: its results are committed. Change a version here, run it, look at
the pages, commit both. Leaflet itself comes with the `django-js-lib-leaflet` distribution and is not vendored.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "opencity_issues" / "static" / "opencity_issues"

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
    "leaflet.markercluster": (  # MIT
        "1.5.3",
        {
            "dist/leaflet.markercluster.js": "vendor/leaflet.markercluster/leaflet.markercluster.js",
            "dist/leaflet.markercluster.js.map": "vendor/leaflet.markercluster/leaflet.markercluster.js.map",
            "dist/MarkerCluster.css": "vendor/leaflet.markercluster/MarkerCluster.css",
            "MIT-LICENCE.txt": "vendor/leaflet.markercluster/LICENSE.txt",
        },
    ),
    "htmx.org": (  # 0BSD
        "2.0.11",
        {"dist/htmx.min.js": "vendor/htmx/htmx.min.js", "LICENSE": "vendor/htmx/LICENSE.txt"},
    ),
    "lucide-static": ("1.62.0", {"LICENSE": "icons/LICENSE-lucide.txt"}),  # ISC; icons by ICONS
}

# Only those used: interface first, then those that categories and landmarks name.
ICONS = """
alarm-clock archive archive-restore arrow-down-up arrow-left arrow-right arrow-up ban bell bell-off book-open briefcase
building-2 calendar camera chart-column check check-check chevron-down chevron-left chevron-right chevron-up circle
circle-alert circle-check circle-help circle-user circle-x clipboard-check clipboard-list clock copy download ellipsis
external-link eye eye-off file-text flag forward gavel globe hand-helping hash heart-handshake history hourglass house
image image-off images inbox info key keyboard landmark languages layers link list loader-circle locate-fixed lock
log-in log-out mail map map-pin map-pin-off maximize-2 megaphone menu message-circle message-square minimize-2 minus
monitor moon network newspaper octagon-alert paperclip pencil phone plus printer qr-code reply rotate-ccw rss scale
search send settings share-2 shield shield-alert shield-check sliders-horizontal square-pen star sun tag tags
thumbs-up timer trash-2 triangle-alert undo-2 upload user user-minus user-plus users video wifi-off x

accessibility armchair arrow-up-from-line award axe baby badge blocks brick-wall bus bus-front car cat church
circle-parking cloud-rain construction container dog dam droplet droplets dumbbell fence flame footprints goal
graduation-cap hammer hard-hat heater hospital house-plug lamp lamp-floor leaf lightbulb milestone mountain package
paw-print pipette plug recycle road route school shopping-bag shopping-cart shovel shower-head signpost skull snowflake
sofa spray-can sprout stethoscope store sunrise tent theater thermometer toilet traffic-cone train-front train-track
tree-deciduous tree-pine trees trophy umbrella warehouse waves wrench zap
""".split()

# What scripts draw on the client; everything else is put into pages by the server.
IN_SPRITE = """
alarm-clock arrow-left arrow-right bus camera check chevron-down chevron-up church circle-alert circle-check clock
graduation-cap hospital house image-off landmark layers list loader-circle locate-fixed map map-pin map-pin-off minus
plus school search shopping-cart store theater thumbs-up train-front trees triangle-alert trophy video wifi-off x
""".split()


def fetch(name: str, version: str, into: Path) -> Path:
    """Download one distribution and return the folder it was unpacked into."""
    packed = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent"], cwd=into, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = into / packed.removesuffix(".tgz")
    with tarfile.open(into / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def tidy_icon(source: str) -> str:
    """Reduce a lucide file to its drawing: presentation comes from the sheet (class `icon`)."""
    body = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", source, flags=re.S)
    body = " ".join(body.split()).replace("> <", "><").replace(" />", "/>")
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{body}</svg>\n'


def build_sprite() -> None:
    """Write icons/sprite.svg: the status pins and the icons that scripts need."""
    symbols = []
    for path in sorted((STATIC / "icons").glob("*.svg")):
        own = path.stem.startswith(("pin-", "status-", "mark-"))
        if path.stem != "sprite" and (own or path.stem in IN_SPRITE):
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
                if name == "lucide-static":
                    for icon in ICONS:
                        drawing = (package / "icons" / f"{icon}.svg").read_text()
                        (STATIC / "icons" / f"{icon}.svg").write_text(tidy_icon(drawing))
    build_sprite()


if __name__ == "__main__":
    main()
