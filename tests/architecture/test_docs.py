"""What the documentation names is there: pages, pictures, files, commands with their options."""

import ast
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from opencity_issues import conf
from tests.architecture.documents import DOCS, PAGES, commands, prose
from tests.architecture.project import ROOT, files, shown

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
ROOMS = {path.name for path in (ROOT / "opencity_issues").iterdir() if path.is_dir()}

# Programs of the system, with the words that may stand first after them and the options that they have.
PROGRAMS = {
    "adduser": "--system --group --home",
    "apt-get": "update install --yes",
    "cd": "",
    "certbot": "certonly --webroot --webroot-path --domain --deploy-hook",
    "cp": "--recursive",
    "curl": "--fail --silent --show-error --header",
    "editor": "",
    "git": "clone fetch switch -C --tags --detach",
    "gpg": "--encrypt --recipient --output",
    "install": "--directory --owner --group --mode --target-directory",
    "journalctl": "--unit --lines --since --vacuum-size",
    "ln": "--symbolic",
    "ls": "-l",
    "msgcat": "--sort-output --no-wrap --no-location --output-file",
    "nginx": "-t",
    "python3": "-c -m",
    "rm": "",
    "runuser": "-u",
    "sed": "--in-place",
    "systemctl": "start stop restart reload status enable daemon-reload --now",
}
FIRST_WORD_COUNTS = {"apt-get", "certbot", "systemctl"}


@cache
def anchors(path: Path) -> set[str]:
    """How the headings of a page are named in links."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title).lower()).replace(" ", "-") for title in headings}


def test_links_and_pictures_lead_to_what_is_there():
    broken = []
    for page in DOCS:
        for picture, words, target in LINK.findall(prose(page)):
            if target.startswith(("http://", "https://", "mailto:")):
                continue
            name, _hash, anchor = target.partition("#")
            goal = (page.parent / name).resolve() if name else page
            if not goal.exists() or (anchor and anchor not in anchors(goal)) or (picture and not words):
                broken.append(f"{shown(page)}: {target}")
    assert not broken, broken


def test_every_picture_is_on_a_page():
    used = {(page.parent / target).resolve() for page in DOCS for _, _, target in LINK.findall(prose(page))}
    left = [shown(path) for path in files("docs/pictures/*") if path not in used]
    assert not left, left


def test_every_page_is_reached_from_the_map():
    reached, ahead = set(), [ROOT / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        for block in re.findall(r"^```\{toctree\}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
            names = [line.rpartition("<")[2].rstrip(">") for line in block.split("\n") if line and line[0] != ":"]
            ahead += [page.parent / f"{name}.md" for name in names]
    assert sorted(reached) == DOCS


def test_every_path_in_the_text_is_there():
    missing = []
    for page in DOCS:
        for path in re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+\.\w+)?)`", prose(page)):
            starts = [ROOT] if (ROOT / path.partition("/")[0]).exists() else []
            starts += [ROOT / "opencity_issues"] if path.partition("/")[0] in ROOMS else []
            if starts and not any((start / path).exists() for start in starts):
                missing.append(f"{shown(page)}: {path}")
    assert not missing, missing


def test_the_settings_of_a_host_are_told_with_their_defaults():
    table = (ROOT / "docs" / "administrators" / "configure.md").read_text()
    rows = re.findall(r"^\| `(OPENCITY_[A-Z_]+)` \| .+ \| `(.+)` \|$", table, re.MULTILINE)
    told = {name: ast.literal_eval(default) for name, default in rows}
    assert told == {name: conf.DEFAULTS.get(name) for name in told}
    everything = "".join(page.read_text() for page in PAGES)
    assert not [name for name in conf.DEFAULTS if name not in everything]


def wrong_with(words: list[str]) -> str:
    """What does not exist in a command; empty where all of it does."""
    program, *arguments = words
    if Path(program).name == "python":
        if arguments[:2] == ["-m", "pytest"]:
            return ", ".join(word for word in arguments[2:] if word != "-n0" and not (ROOT / word).exists())
        program, arguments = "opencity" if Path(arguments[0]).name == "manage.py" else "python", arguments[1:]
    if program == "opencity":
        return wrong_with_management_command(arguments)
    script = ROOT / program.removeprefix("/srv/opencity/")
    if "/" in program:
        if not script.is_file():
            return f"{program} is not there"
        text = script.read_text()
        options = [
            argument for argument in arguments if argument.startswith("--") or script.parent.name == "requirements"
        ]
        return ", ".join(option for option in options if option.partition("=")[0] not in text)
    if program not in PROGRAMS:
        return f"{program} is no program that we know"
    known = PROGRAMS[program].split()
    if program in FIRST_WORD_COUNTS and arguments[0] not in known:
        return f"{program} {arguments[0]}"
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return ", ".join(
        word for word in arguments[:end] if word.startswith("-") and word != "-" and word.partition("=")[0] not in known
    )


def wrong_with_management_command(arguments: list[str]) -> str:
    """What Django's parser says of the arguments of a command."""
    name, *rest = arguments
    app = get_commands().get(name)
    if app is None:
        return f"manage.py {name} is not there"
    command = load_command_class(app, name)
    command._called_from_command_line = True
    parser = command.create_parser("manage.py", name)
    parser.allow_abbrev = False
    try:
        parser.parse_args(rest)
    except SystemExit:
        return f"manage.py {name} does not take {rest}"
    return ""


def test_every_command_of_the_documentation_exists_with_its_options():
    wrong = [
        f"{shown(page)}: {shlex.join(words)}: {fault}"
        for page in PAGES
        for words in commands(page)
        if (fault := wrong_with(words))
    ]
    assert not wrong, wrong
    assert sum(len(commands(page)) for page in PAGES) > 60


@pytest.mark.parametrize(
    "line",
    [
        "opencity opencity_backup",
        "opencity opencity_restore --force x.tar",
        "opencity opencity_back_up x.tar",
        "site/run --htpps",
        "site/walk",
        "requirements/install everything",
        "systemctl begin opencity-web",
        "tests/run --what",
        "emacs /etc/opencity.env",
    ],
)
def test_the_check_finds_what_does_not_exist(line):
    assert wrong_with(line.split())


@pytest.mark.parametrize("program", ["docs/build", "docs/photograph", "site/run"])
def test_programs_of_the_repository_tell_what_they_do(program):
    done = subprocess.run([sys.executable, ROOT / program, "--help"], capture_output=True, text=True, check=True)
    assert f"usage: {program}" in done.stdout
    assert len(done.stdout.splitlines()) > 8
