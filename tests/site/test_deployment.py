"""The files of the administrators' guide agree with each other, with the settings and with the guide, and they work."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from opencity_issues.media_gate import MAX_VIDEO_BYTES
from tests.architecture.documents import commands
from tests.database import migrated_copy
from tests.smtp_catcher import free_port

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "administrators" / "files"
PAGES = ROOT / "docs" / "administrators"
GUIDE = (PAGES / "install.md").read_text()
SERVICES = ("opencity-web", "opencity-worker", "opencity-backup")
NGINX = re.sub(r"#.*", "", (FOLDER / "opencity.nginx").read_text())
pytestmark = pytest.mark.once


def unit(name: str) -> configparser.ConfigParser:
    """A unit of systemd; of a key that stands twice the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(FOLDER / name)
    return parser


def environment() -> dict[str, str]:
    """The lines of the example, those that are commented out too."""
    text = (FOLDER / "opencity.env").read_text()
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_services_have_the_same_account_folders_and_settings():
    for name in SERVICES:
        service = unit(f"{name}.service")["Service"]
        assert service["User"] == service["Group"] == "opencity"
        assert service["EnvironmentFile"] == "/etc/opencity.env"
        assert service["WorkingDirectory"] == "/srv/opencity/site"
        assert "/srv/opencity/.venv/bin/" in service["ExecStart"]
        assert f"/var/lib/{service['StateDirectory']}" == environment()["OPENCITY_DATA"]
        assert service["ProtectSystem"] == "strict"
        assert service["NoNewPrivileges"] == "yes"
    assert unit("opencity-worker.service")["Service"]["KillMode"] == "mixed"
    command = (FOLDER / "opencity").read_text()
    for said in (
        "=opencity ",
        "EnvironmentFile=/etc/opencity.env",
        "=/srv/opencity/site",
        "/srv/opencity/.venv/bin/python",
    ):
        assert said in command
    assert unit("opencity-backup.service")["Service"]["ReadWritePaths"] in GUIDE


def test_only_the_web_server_reaches_the_site_and_sets_what_the_site_believes():
    command = shlex.split(unit("opencity-web.service")["Service"]["ExecStart"])
    address = command[command.index("--bind") + 1]
    assert address.startswith("127.0.0.1:")
    assert set(re.findall(r"proxy_pass (\S+);", NGINX)) == {f"http://{address}"}
    assert f"http://{address}/health/" in GUIDE
    assert re.findall(r"proxy_set_header (\S+) (\S+);", NGINX) == [
        ("Host", "$host"),
        ("X-Forwarded-For", "$remote_addr"),
        ("X-Forwarded-Proto", "$scheme"),
    ]
    # Each block that sets one header of its own would lose these three.
    assert NGINX.index("proxy_set_header") < NGINX.index("proxy_pass")


def test_the_web_server_serves_no_private_file_and_doubles_no_header():
    assert NGINX.count("{") == NGINX.count("}")
    assert "add_header" not in NGINX
    assert "media-private" not in NGINX
    assert set(re.findall(r"\b(?:root|alias) (\S+);", NGINX)) == {"/var/www/html"}
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(megabytes) << 20 > MAX_VIDEO_BYTES
    zones = re.findall(r"(?:keys_zone=|shared:)(\w+):", NGINX)
    assert len(zones) == len(set(zones))  # nginx refuses one name for two things
    hosts = set(re.findall(r"server_name (\S+);", NGINX)) | set(re.findall(r"/live/([^/]+)/", NGINX))
    assert hosts == {environment()["ALLOWED_HOSTS"]}


def test_the_settings_of_the_example_are_those_of_the_readme():
    listed = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert set(environment()) - listed == {"DJANGO_SETTINGS_MODULE"}


def test_the_guide_copies_every_file():
    for path in FOLDER.iterdir():
        assert f"/srv/opencity/docs/administrators/files/{path.name}" in GUIDE, path.name


@pytest.fixture
def installation(tmp_path, django_db_setup):
    """The environment of the example, filled in, with its data in a folder of the test."""
    filled = {
        **{
            name: value.replace("…", "0123456789abcdef" * 4)
            for name, value in environment().items()
            if name != "REDIS_URL"
        },
        "OPENCITY_DATA": str(tmp_path / "data"),
        "DATABASE_URL": "",
    }
    (tmp_path / "data").mkdir()
    shutil.copyfile(migrated_copy(), tmp_path / "data" / "opencity.sqlite3")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **filled, "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}


STEPS = """
import json, sys, django
django.setup()
from django.core.management import call_command
for words in json.load(sys.stdin):
    call_command(*words)
"""
# Run elsewhere: by the test of site/run, and by tests/issues/test_backup.py.
ELSEWHERE = {"collectstatic", "opencity_restore"}


def steps(data: Path) -> list[list[str]]:
    """Every command `opencity …` of the administrators' pages in their order, with the files of a new city to read."""
    shutil.copytree(ROOT / "fixtures", data, dirs_exist_ok=True)
    (data / "new_city").rename(data / "city")
    shutil.copy(data / "matrix.csv", data / "city")
    (data / "city" / "words.csv").write_text("kind;foreign;ours\ncategory;Ями;3.8\n")
    (data / "city" / "issues.csv").write_text(
        "id;title;category;status;submitted_at\n17;Яма на мосту;Ями;open;2026-10-01\n", encoding="utf-8"
    )
    found = []
    for page in ("install", "configure", "upgrade", "backup", "scale", "watch", "trouble"):
        for program, *words in commands(PAGES / f"{page}.md"):
            if program == "opencity" and words[0] not in ELSEWHERE and "-" not in words:
                here = [word.replace("/var/lib/opencity", str(data)) for word in words]
                found += [here] if here not in found else []
    return [[*words, "--noinput"] if words == ["createsuperuser"] else words for words in found]


def test_the_guide_s_steps_lead_to_a_site_that_is_ready_under_its_own_name(installation, tmp_path):
    archive = tmp_path / "city.tar"
    told = steps(tmp_path / "data")
    assert len(told) > 15
    told += [["opencity_backup", str(archive)], ["opencity_verify"]]
    operator = {
        "DJANGO_SUPERUSER_EMAIL": "operator@city.example.org",
        "DJANGO_SUPERUSER_PASSWORD": "a-long-passphrase-9",
    }
    done = subprocess.run(
        [sys.executable, "-c", STEPS],
        input=json.dumps(told),
        env={**installation, **operator},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "System check identified no issues" in done.stdout + done.stderr
    # Not localhost, which Wagtail's first site is called: letters, feeds and sitemap name their pages by it.
    assert ": https://city.example.org/issues/, city.example.org" in done.stdout
    assert "Everything agrees." in done.stdout
    assert archive.stat().st_size > 10_000

    port = free_port()
    command = shlex.split(unit("opencity-web.service")["Service"]["ExecStart"])
    command[0] = str(Path(sys.executable).parent / "gunicorn")
    command[command.index("--bind") + 1] = f"127.0.0.1:{port}"
    command[command.index("--workers") + 1] = "1"
    with (tmp_path / "log").open("w+") as log:
        server = subprocess.Popen(command, cwd=ROOT / "site", env=installation, stdout=log, stderr=log)
        try:
            assert fetched(port, "/health/") == '{"live": true, "ready": true}'
            assert "https://city.example.org/" in fetched(port, "/sitemap.xml")
        finally:
            server.terminate()
            server.wait(timeout=30)


def fetched(port: int, path: str) -> str:
    """A page as the web server before the site asks for it; waits for the site to come up."""
    headers = {"Host": "city.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    pause = threading.Event()
    for _ in range(300):
        with suppress(ConnectionError, urllib.error.URLError), urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()
        pause.wait(0.1)
    return pytest.fail("the site did not come up")
