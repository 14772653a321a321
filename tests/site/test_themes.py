"""Each theme is whole: its templates compile, name files that exist, and say nothing that has no Ukrainian."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.utils import translation

TEMPLATES = [
    pytest.param(theme, path, id=f"{theme.name} {path.name}")
    for theme in sorted(settings.THEMES_DIR.iterdir())
    if theme.is_dir()
    for path in sorted(theme.joinpath("templates").rglob("*.html"))
]


@pytest.mark.parametrize(("theme", "path"), TEMPLATES)
def test_template_of_a_theme(theme: Path, path: Path) -> None:
    source = path.read_text()
    engines["django"].from_string(source)
    for file in re.findall(r"\{% static '([^']+)' %\}", source):
        assert theme.joinpath("static", file).is_file() or finders.find(file), file
    with translation.override("uk"):
        for words in re.findall(r"""\{% trans ['"]([^'"]+)['"] %\}|_\(['"]([^'"]+)['"]\)""", source):
            text = "".join(words)
            assert translation.gettext(text) != text, f"“{text}” is in no catalogue; put it into a template of the apps"
