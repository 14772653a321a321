"""What README.md promises is there."""

import ast
import re

import pytest
from django.dispatch import Signal

from opencity_issues import conf, signals
from tests.architecture.project import ROOT, files

HOST_PAGE = (ROOT / "docs" / "host.md").read_text()
README = (ROOT / "README.md").read_text()
CLAUSES = re.findall(r"^\| (\d\.\d+)(?:–(\d\.\d+))? \| [^|]+ \| `([^`]+)` \|$", README, re.MULTILINE)
VARIABLES = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))


def test_there_is_a_table_of_clauses():
    assert len(CLAUSES) >= 5


@pytest.mark.parametrize(("first", "last", "path"), CLAUSES)
def test_clause_is_found_where_the_table_says(first, last, path):
    source = (ROOT / path).read_text()
    assert first in source
    assert not last or last in source


def test_every_variable_that_is_read_is_in_the_table():
    asked = re.compile(r"""(?:text|flag|words|number|environ\.get)\(\s*["']([A-Z_]+)["']""")
    sources = [*files("site/opencity_site/settings/*.py"), ROOT / "site" / "run"]
    read = {name for path in sources for name in asked.findall(path.read_text())}
    assert read - VARIABLES == {"OPENCITY_HTTPS"}  # site/run sets it itself, by --https
    assert read >= {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}


def test_accounts_of_the_readme_are_those_that_site_run_prints():
    listed = set(re.findall(r"^\| `([a-z]+)@demo\.opencity\.example` \|", README, re.MULTILINE))
    printed = set(re.findall(r'^    \("([a-z]+)", ".+"\),$', (ROOT / "site" / "run").read_text(), re.MULTILINE))
    assert listed == printed
    assert len(listed) == 9


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_to_files(path):
    if not path.startswith("http"):
        assert (ROOT / path).exists()


def test_each_setting_of_the_package_is_in_the_table_with_its_default():
    table = dict(
        re.findall(r"^\| `(OPENCITY_[A-Z_]+)` \| (?:`([^`]+)`|beside `MEDIA_ROOT`) \|", HOST_PAGE, re.MULTILINE)
    )
    told = {name: ast.literal_eval(default) for name, default in table.items() if default}
    assert told == conf.DEFAULTS
    # A folder worked out from MEDIA_ROOT has no value of its own to stand there.
    assert table.keys() - told.keys() == {"OPENCITY_PRIVATE_MEDIA_ROOT"}


def test_each_signal_is_in_the_documentation():
    own = {name for name, value in vars(signals).items() if isinstance(value, Signal)}
    assert (
        set(re.findall(r"^\| `([a-z_]+)` \|", HOST_PAGE.split("## Signals")[1].split("\n## ")[0], re.MULTILINE)) == own
    )


def test_each_part_of_a_page_is_in_the_documentation():
    base = (ROOT / "opencity_issues/templates/opencity_issues/base.html").read_text()
    made = set(re.findall(r'{% page_part "(\w+)" %}', base))
    assert set(re.findall(r"^\| `parts\.(\w+)` \|", HOST_PAGE, re.MULTILINE)) == made
    frame = (ROOT / "opencity_issues/templates/opencity_issues/frame.html").read_text()
    assert set(re.findall(r"{{ parts\.(\w+) }}", frame)) == made
