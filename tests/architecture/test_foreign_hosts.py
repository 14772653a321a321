"""No page loads anything from a foreign host. Links that a person may follow are free."""

import re

import pytest

from tests.architecture.project import files, shown

LOADING = re.compile(
    r"""
    <(?:script|img|iframe|video|audio|source|embed|input)\b[^>]*\bsrc(?:set)?\s*=\s*["']?\s*(?:https?:)?//
    | <link\b(?![^>]*rel=["']?(?:canonical|license|author))[^>]*\bhref\s*=\s*["']?\s*(?:https?:)?//
    | url\(\s*["']?\s*(?:https?:)?//
    | @import\s+["']?\s*(?:https?:)?//
    | (?:fetch|importScripts|Worker|EventSource|WebSocket|import|sendBeacon)\(\s*["'`](?:https?:|wss?:)?//
    | \bfrom\s+["'](?:https?:)?//
    """,
    re.VERBOSE | re.IGNORECASE,
)
SURFACES = [
    f"{root}/**/*.{suffix}" for root in ("opencity_*", "site", "themes") for suffix in ("html", "css", "js", "svg")
]


def test_no_template_style_or_script_names_a_foreign_host():
    found = [
        f"{shown(path)}:{number}: {line.strip()[:120]}"
        # Vendored scripts are searched too.
        for path in files(*SURFACES, without=("/__pycache__/",))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LOADING.search(line)
    ]
    assert not found, found


def test_no_inline_script_style_or_handler():
    """The Content-Security-Policy would refuse them; a test of the text finds them on pages that no test opens."""
    inline = re.compile(
        r"""<[a-z][^>]*\s(?:style|on[a-z]+)\s*=\s*["']|<style\b(?![^>]*nonce)|<script>""", re.IGNORECASE
    )
    found = [
        f"{shown(path)}:{number}: {line.strip()[:120]}"
        for path in files("opencity_*/**/*.html", "site/**/*.html", "themes/**/*.html")
        if not {"mail", "email", "emails"} & set(path.parts)  # a mail has no policy, and mail programs know no files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if inline.search(line)
    ]
    assert not found, found


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/x.js">',
        '<link rel="stylesheet" href="//fonts.example/x.css">',
        "background: url('https://cdn.example/x.png')",
        'fetch("https://api.example/")',
        'import x from "https://cdn.example/x.js"',
    ],
)
def test_the_search_finds_each_way_of_loading(line):
    assert LOADING.search(line)


@pytest.mark.parametrize("line", ['<a href="https://www.openstreetmap.org/copyright">', 'fetch("/map/data/")'])
def test_the_search_leaves_links_alone(line):
    assert not LOADING.search(line)
