"""Dictionary forms of Ukrainian words, so that "ями", "ям" and "ямами" are one word. Loaded when first needed.

The dictionary (pymorphy3-dicts-uk) takes 30 MB and 0.4 s once a process. Without it words are cut to their stems:
what is compared was cut in the same way, so everything works on, with fewer hits.
"""

import logging
from functools import cache, lru_cache
from typing import Any

logger = logging.getLogger(__name__)

_ENDINGS = sorted(
    [
        "ість",
        "ості",
        "істю",
        "ення",
        "анням",
        "ання",
        "ити",
        "ати",
        "яти",
        "ують",
        "ають",
        "яють",
        "ишся",
        "еться",
        "ється",
        "ами",
        "ями",
        "ові",
        "еві",
        "єві",
        "ого",
        "ому",
        "ими",
        "ого",
        "ах",
        "ях",
        "ів",
        "їв",
        "ою",
        "ею",
        "єю",
        "ій",
        "ої",
        "ий",
        "ім",
        "их",
        "ую",
        "ти",
        "ть",
        "ла",
        "ло",
        "ли",
        "лась",
        "лося",
        "лися",
        "всь",
        "ся",
        "сь",
        "ам",
        "ям",
        "ом",
        "ем",
        "єм",
        "а",
        "я",
        "о",
        "е",
        "є",
        "и",
        "і",
        "ї",
        "у",
        "ю",
        "ь",
        "й",
    ],
    key=len,
    reverse=True,
)
SHORTEST_STEM = 3
SUREST = 0.02
"""Guesses about a word that the dictionary has not are left out below this probability."""


@cache
def _dictionary() -> Any:
    """The analyser, or None where it or its dictionary is not installed or cannot be read."""
    try:
        import pymorphy3  # a host site may have left the dictionaries out, and most processes never need them

        return pymorphy3.MorphAnalyzer(lang="uk")
    except Exception:
        logger.warning("Without the Ukrainian dictionary words are compared by their stems.", exc_info=True)
        return None


@lru_cache(maxsize=20_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Every dictionary form that a word (small letters) may be of; its stem where the dictionary is missing."""
    dictionary = _dictionary()
    if dictionary is None:
        return (stem(word),)
    parsed = dictionary.parse(word)
    return tuple(dict.fromkeys(one.normal_form for one in parsed if one.score >= SUREST)) or (word,)


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Whether the dictionary has this form. Without one every word is taken for known, and none for a slip."""
    dictionary = _dictionary()
    return dictionary is None or dictionary.word_is_known(word)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending, by letters alone."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word
