"""README's steps in a Wagtail site that is not ours: its own users, sign-in and templates; no opencity_cms, no allauth."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.project import ROOT

HOST = ROOT / "tests" / "host"
STEPS = (ROOT / "README.md").read_text().split("## In your own Wagtail site")[1].split("\n## ")[0]


def test_readmes_steps_give_a_host_map_form_cards_and_cabinets(tmp_path):
    """In a process of its own, with data of its own."""
    inherited = {"PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV", "SYSTEMROOT"}
    environment = {name: value for name, value in os.environ.items() if name in inherited}
    environment |= {
        "HOST_DATA": str(tmp_path),
        "PYTHONPATH": f"{HOST}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "host.settings",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "visit.py"],
        cwd=HOST,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    assert "No changes detected" in done.stdout
    assert "Everything agrees." in done.stdout
    assert done.stdout.strip().endswith("fine")


def test_the_host_has_what_the_readme_says_and_no_more():
    settings = (HOST / "host" / "settings.py").read_text()
    apps = re.findall(r'^   "([\w.]+)",$', STEPS, re.MULTILINE)
    assert apps
    ours = settings.split("# README")[1].split("# The host's own")[0]
    assert re.findall(r'"([\w.]+)",\n', ours) == apps
    for line in re.findall(r"^   ((?:Q_CLUSTER|AUTHENTICATION_BACKENDS|REST_FRAMEWORK) = .+)$", STEPS, re.MULTILINE):
        assert line in settings
    assert 'path("", include("opencity_issues.urls")),' in (HOST / "host" / "urls.py").read_text()
    assert 'path("", include("opencity_issues.urls")),' in STEPS
    assert Path(HOST / "manage.py").exists()
