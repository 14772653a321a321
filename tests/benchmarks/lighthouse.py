"""Lighthouse on the pages that matter most, as a telephone sees them: median of five runs, and what each page weighs.

Needs Node 20 with npm, Chromium, and a site that runs (site/run), whose address is given. Lighthouse is fetched from npm
into a folder that goes away afterwards. The machine should have nothing else to do: performance is measured in time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ATTEMPTS = 3
"""Now and then the browser does not come up, or gives no trace."""
SCORE, MAP_WEIGHT = 95, 250
"""The aims: at least this many points of 100 in each category; at most so many kilobytes of the map page, compressed."""


def main() -> int:
    """Measure each page, print the table, and return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="tests/benchmarks/run lighthouse", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the running site")
    parser.add_argument("--runs", type=int, default=5, help="runs of each page (default: 5)")
    parser.add_argument("--pages", nargs="*", help="paths to measure instead of home, map, card, form and list")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not shutil.which("npm") or not chromium:
        sys.exit("Lighthouse needs Node 20 with npm, and Chromium: apt-get install chromium")
    pages = options.pages or ["/", "/map/", card_of(options.url), "/report/", "/issues/"]
    with tempfile.TemporaryDirectory() as folder:
        command = install(Path(folder))
        environment = {**os.environ, "CHROME_PATH": chromium}
        rows = [measure(command, environment, options.url, page, options.runs) for page in pages]
    return 0 if tell(rows) else 1


def card_of(url: str) -> str:
    """The path of the newest issue's card that has a photo, for that is the heavier kind."""
    with urllib.request.urlopen(f"{url}/api/v1/issues/", timeout=60) as answer:
        issues = json.load(answer)["results"]
    number = next((issue["number"] for issue in issues if issue["photos"]), issues[0]["number"])
    return f"/issues/{number}/"


def install(folder: Path) -> list[str]:
    """Fetch Lighthouse into the folder and return how to call it."""
    npm = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent", LIGHTHOUSE]
    subprocess.run(npm, check=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"})
    return ["node", str(folder / "node_modules" / "lighthouse" / "cli" / "index.js")]


def run_once(command: list[str], environment: dict[str, str], address: str) -> dict[str, Any]:
    """One report of Lighthouse with its own idea of a telephone and its network."""
    flags = "--headless=new --no-sandbox --disable-dev-shm-usage"
    asked = ["--quiet", "--output=json", f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
    for attempt in range(ATTEMPTS):
        done = subprocess.run([*command, address, *asked], check=False, capture_output=True, env=environment)
        if done.returncode == 0:
            report: dict[str, Any] = json.loads(done.stdout)
            return report
        sys.stderr.write(f"{address}, attempt {attempt + 1}: {done.stderr.decode()[-300:]}\n")
    sys.exit(f"Lighthouse gave no report of {address}.")


def measure(command: list[str], environment: dict[str, str], url: str, page: str, runs: int) -> dict[str, Any]:
    """The medians of a page, its weight over the network in kilobytes, and what keeps it from 100."""
    run_once(command, environment, url + page)  # the server's caches fill as for any visitor but the first
    reports = [run_once(command, environment, url + page) for _ in range(runs)]
    last = reports[-1]
    requests = last["audits"]["network-requests"]["details"]["items"]
    return {
        "page": page,
        **{name: round(median(100 * report["categories"][name]["score"] for report in reports)) for name in CATEGORIES},
        "weight": round(sum(request.get("transferSize", 0) for request in requests) / 1000),
        "lcp": median(report["audits"]["largest-contentful-paint"]["numericValue"] for report in reports) / 1000,
        "faults": faults(last),
    }


def faults(report: dict[str, Any]) -> list[str]:
    """What cost points, by category."""
    return [
        f"{name}: {audit['title']} {audit.get('displayValue', '')}".strip()
        for name in CATEGORIES
        for part in report["categories"][name]["auditRefs"]
        if part["weight"] and (audit := report["audits"][part["id"]])["score"] is not None and audit["score"] < 0.9
    ]


def tell(rows: list[dict[str, Any]]) -> bool:
    """Print the table, and return whether every aim is reached."""
    head = f"{'page':<16}{'perf':>6}{'a11y':>6}{'best':>6}{'seo':>6}{'LCP s':>8}{'kB':>6}"
    lines = [f"{head}   aims: {SCORE} each; the map at most {MAP_WEIGHT} kB"]
    for row in rows:
        scores = "".join(f"{row[name]:>6}" for name in CATEGORIES)
        lines.append(f"{row['page']:<16}{scores}{row['lcp']:>8.1f}{row['weight']:>6}")
        lines += [f"{'':<18}{fault}" for fault in row["faults"]]
    sys.stdout.write("\n".join(lines) + "\n")
    light = all(row["weight"] <= MAP_WEIGHT for row in rows if row["page"].startswith("/map/"))
    return light and all(row[name] >= SCORE for row in rows for name in CATEGORIES)


if __name__ == "__main__":
    sys.exit(main())
