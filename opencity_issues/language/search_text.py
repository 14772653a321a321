"""Text as the search index keeps it and as it is searched for: by dictionary forms, the same on every database.

Neither SQLite nor PostgreSQL knows Ukrainian: their indexes find exact forms. So the forms are made alike beforehand.
"""

from opencity_issues.language.lemmas import lemmas
from opencity_issues.language.spelling import words_of

LETTERS_AT_MOST = 20_000
WORDS_IN_A_QUERY = 8
_SPLIT_AT = str.maketrans("", "", "'’ʼ-")
"""Indexes would split a word at these."""


def index_text(*texts: str) -> str:
    """Every dictionary form that the words may be of, for the index."""
    words = dict.fromkeys(word for text in texts for word in words_of(text[:LETTERS_AT_MOST]))
    return " ".join(dict.fromkeys(form for word in words for form in _forms(word)))


def query_text(text: str) -> str:
    """The likeliest form of each word that is searched for."""
    return " ".join(_forms(word)[0] for word in words_of(text)[:WORDS_IN_A_QUERY])


def _forms(word: str) -> list[str]:
    return [form.translate(_SPLIT_AT) for form in lemmas(word)]
