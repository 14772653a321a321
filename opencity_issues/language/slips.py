"""Which word of a vocabulary was meant by one with a typing slip, whatever its ending."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from opencity_issues.language.lemmas import stem
from opencity_issues.language.spelling import folded

SHORTEST = 4
"""Shorter words are not guessed: "лід" and "ліс" are one letter apart."""
LONGEST_ENDING = 4
CANDIDATES = 40
CHANCES = ((4, 1), (8, 2))
"""From how many letters of a stem on how many slips are forgiven."""


class NearWords:
    """The words of a vocabulary by the pairs of letters in their stems."""

    def __init__(self, words: Iterable[str]) -> None:
        self._stems: dict[str, list[str]] = defaultdict(list)
        for word in words:
            key = folded(stem(word))
            if len(key) >= SHORTEST - 1:
                self._stems[key].append(word)
        self._pairs: dict[str, list[str]] = defaultdict(list)
        for key in self._stems:
            for pair in _pairs(key):
                self._pairs[pair].append(key)
        self.nearest = lru_cache(maxsize=5_000)(self._nearest)

    def _nearest(self, word: str) -> tuple[str, ...]:
        """The vocabulary's words that are nearest to this one; empty where none is near enough."""
        wanted = folded(word)
        if len(wanted) < SHORTEST:
            return ()
        shared = Counter(key for pair in _pairs(wanted) for key in self._pairs.get(pair, ()))
        best, found = 3, []
        for key, _count in sorted(shared.items(), key=lambda one: one[1] / len(one[0]), reverse=True)[:CANDIDATES]:
            slips = slips_between(key, wanted)
            if slips > _forgiven(len(key)) or slips > best:
                continue
            if slips < best:
                best, found = slips, []
            found.extend(self._stems[key])
        return tuple(dict.fromkeys(found))

    def family(self, word: str) -> tuple[str, ...]:
        """The vocabulary's words that begin as a known word does: "каналізаційний" beside "каналізація"."""
        own = folded(stem(word))
        if len(own) < SHORTEST + 1:
            return ()
        keys = {key for key in self._pairs.get(f"^{own[0]}", ()) if _same_root(key, own)}
        return tuple(word for key in keys for word in self._stems[key])


def _same_root(one: str, other: str) -> bool:
    common = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return common >= SHORTEST + 1 and common >= 0.75 * max(len(one), len(other))


def _pairs(word: str) -> set[str]:
    return {f"^{word[0]}", *(word[place : place + 2] for place in range(len(word) - 1))}


def _forgiven(length: int) -> int:
    return max((slips for letters, slips in CHANCES if length >= letters), default=0)


def slips_between(wanted: str, typed: str) -> int:
    """The fewest slips (a letter wrong, missing, too many, or two swapped) that make a stem of the beginning of a word.

    What follows the stem is an ending of up to LONGEST_ENDING letters and costs nothing.
    """
    before_last: list[int] = []
    last = list(range(len(typed) + 1))
    for row, letter in enumerate(wanted, 1):
        now = [row]
        for column, other in enumerate(typed, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == typed[column - 2] and wanted[row - 2] == other:
                cost = min(cost, before_last[column - 2] + 1)
            now.append(cost)
        before_last, last = last, now
    return min(last[max(0, len(typed) - LONGEST_ENDING) :])
