"""What the categories are called, ready to be found in a text: phrases of lemmas, each with its category and its weight.

Made from the categories' names and everyday words; made anew when one of them changed, kept by each process.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import log1p

from opencity_issues.language.function_words import NOTHING, NOTHING_WORDS, SILENT
from opencity_issues.language.lemmas import is_known, lemmas
from opencity_issues.language.slips import NearWords
from opencity_issues.language.spelling import readings, words_of
from opencity_issues.models import Category

WEIGHT = {1: 1.0, 2: 2.4, 3: 3.6}
"""Of a phrase, by how many words it has: two that stand together say more than twice one."""
STRONG = 1.3
"""Of a phrase with an exclamation mark after it."""
OF_NAME = 0.8
"""Of a word that is only part of a category's name."""
SHARED = 0.45
"""How much less a phrase says for each further category that has it too."""
VARIANTS = 2
"""Of a form that may be of several words, how many are taken."""
LEANING = 0.6
"""The most that a word says which no category has by itself but some have in phrases."""
BY_SLIP = 0.9
BY_FAMILY = 0.6

_SPLIT = re.compile(r"[,;\n]")
_GENERAL = frozenset(["стан", "загальний", "робота", "місце", "частина", "інше", "елемент"])
"""Words of the taxonomy that say nothing by themselves."""


@dataclass(frozen=True)
class Phrase:
    """Words of one category that have to stand near one another; `words` holds for each every lemma it may have."""

    category: str
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Told:
    """A word of a text as the vocabulary knows it: `key` of the vocabulary, and how surely it was meant, up to 1."""

    key: str
    certainty: float


class Vocabulary:
    """Phrases of all categories by their words, and the way from a word as it is typed to them."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """`rows`: code, words, names of each category."""
        found: dict[tuple[str, tuple[str, ...]], float] = {}
        for code, words, names in rows:
            for phrase in _SPLIT.split(words):
                self._add(found, code, phrase, STRONG if phrase.rstrip().endswith("!") else 1.0)
            for word in words_of(names):
                if not _GENERAL.intersection(lemmas(word)):
                    self._add(found, code, word, OF_NAME)
        shared = Counter(words for _code, words in found)
        self.phrases = [
            Phrase(code, words, weight * _weight(words) * SHARED ** (shared[words] - 1) ** 0.5)
            for (code, words), weight in found.items()
        ]
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self.phrases):
            for key in one.words:
                self.by_word[key].append(place)
        self.leanings = {key: self._leaning(places) for key, places in self.by_word.items() if key != NOTHING}
        self._near = NearWords(self.by_word)
        self.tell = lru_cache(maxsize=20_000)(self._tell)

    def _add(self, found: dict[tuple[str, tuple[str, ...]], float], code: str, phrase: str, weight: float) -> None:
        """One phrase in all its variants: words that stand for one another have a stroke between, a form several lemmas."""
        places = [
            [key for one in words_of(place.replace("/", " ")) if one not in SILENT for key in _keys(one)]
            for place in phrase.split()
        ]
        for variant in product(*filter(None, places)):
            words = tuple(sorted(set(variant)))
            if words and words != (NOTHING,):
                found[code, words] = max(weight, found.get((code, words), 0.0))

    def _leaning(self, places: list[int]) -> dict[str, float]:
        """How far a word that stands in phrases of several categories speaks for each of them by itself."""
        counts = Counter(self.phrases[place].category for place in places)
        parts = {code: log1p(count) for code, count in counts.items()}
        whole = sum(parts.values()) + 1.0
        return {code: LEANING * part / whole for code, part in parts.items()}

    def _tell(self, word: str) -> tuple[Told, ...]:
        """What a typed word may mean; nothing for one the vocabulary does not have."""
        if word in NOTHING_WORDS:
            return (Told(NOTHING, 1.0),)
        if word in SILENT:
            return ()
        for reading in readings(word):
            exact = [one for one in dict.fromkeys((reading, *lemmas(reading))) if one in self.by_word]
            if exact:
                return tuple(Told(key, 1.0) for key in exact)
        known = next((reading for reading in readings(word) if is_known(reading)), None)
        if known is not None:
            return tuple(Told(key, BY_FAMILY) for key in self._near.family(lemmas(known)[0]))
        for reading in readings(word):
            near = self._near.nearest(reading)
            if near:
                return tuple(Told(key, BY_SLIP) for key in near)
        return ()


def _keys(word: str) -> tuple[str, ...]:
    """The lemmas under which a word of the vocabulary is kept: itself where it is one."""
    if word in NOTHING_WORDS:
        return (NOTHING,)
    own = lemmas(word)
    return (word,) if word in own else own[:VARIANTS]


def _weight(words: tuple[str, ...]) -> float:
    told = len(words) - (NOTHING in words) * 0.5
    return WEIGHT[min(3, len(words))] if told == len(words) else 1.0 + (told - 0.5) * 0.6


def vocabulary() -> Vocabulary:
    """Of the categories as they are now; one query."""
    rows = Category.objects.active().order_by("order").values_list("code", "words", "name_uk", "name_en")
    return _made(tuple((code, words, f"{uk} {en}") for code, words, uk, en in rows))


@lru_cache(maxsize=2)
def _made(rows: tuple[tuple[str, str, str], ...]) -> Vocabulary:
    return Vocabulary(rows)
