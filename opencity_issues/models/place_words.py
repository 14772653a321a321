"""Names of places as they are compared: without apostrophes, endings, kinds of street, and with one slip forgiven.

Ukrainian addresses are written in many ways: «вул. Лесі Українки», «на Лесі Українки», «Соборній, 5»; with ’ or ' or
none; with a letter left out. A place is found by keys: the beginnings of its words, and those with one letter less.
"""

import re
from collections.abc import Iterable, Iterator

BEGINNING = 7
"""Letters of a word that are compared by key; the rest is looked at afterwards."""

SLIP = "~"
"""Before a key that has one letter less than its word."""

SLIPPERY = 4
"""Words of fewer letters forgive no slip."""

_APOSTROPHES = re.compile(r"['’ʼ`´‘\u0301]")
_WORDS = re.compile(r"[^\W_]+(?:/\d+\w?)?")
_FOLDED = str.maketrans({"ґ": "г", "ё": "е", "ы": "и", "э": "е", "ъ": None})
_FLAT = re.compile(r"\b(?:кв|квартира|офіс|оф|під\s?їзд|apt|flat)\.?\s*№?\s*\d+\w?", re.IGNORECASE)
_HOUSE = re.compile(r"^\d+\w?(?:/\d+\w?)?$")
_LETTER_APART = re.compile(r"(\d)\s*[-–]?\s*([а-яіїєa-z])\b")

_ENDINGS = re.compile(r"(?:ого|ому|ими|ої|ій|ою|ею|ий|ами|ями|ах|ях|ові|еві|єві|ям|ам|ом|ем|ів|їв|ієм|[аеєиіїоуюяьй])$")
_STEM = 3
"""Letters that a word keeps without its ending."""

KINDS = {
    "вулиця": "вул вулиця вулиці вулицю вулицею вулиць ул улица street st str",
    "проспект": "просп пр прт проспект проспекту проспекті avenue ave av",
    "бульвар": "бульв бул бр бульвар бульвару бульварі boulevard blvd",
    "провулок": "пров провулок провулку провулка пер lane",
    "площа": "пл площа площі площу майдан майдану майдані square sq",
    "шлях": "шлях шляху шосе road rd highway",
    "район": "рн район району районі мн мкр мкрн мікрорайон мікрорайону мікрорайоні district",
    "проїзд": "проїзд проїзду прзд",
    "узвіз": "узвіз узвозу узвозі",
    "тупик": "тупик туп",
}
_KIND_OF = {said: kind for kind, words in KINDS.items() for said in words.split()}

FILLERS = frozenset(
    [
        "біля",
        "коло",
        "поруч",
        "на",
        "по",
        "у",
        "в",
        "до",
        "з",
        "із",
        "за",
        "при",
        "будинок",
        "буд",
        "б",
        "дім",
        "near",
        "the",
        "at",
        "of",
    ]
)
"""Words around an address that say nothing of the place."""


def words_of(text: str) -> list[str]:
    """The words of a name or an address in their order, folded; kinds of street by one word each («вул.» → «вулиця»)."""
    text = _APOSTROPHES.sub("", _FLAT.sub(" ", text[:300])).casefold().translate(_FOLDED)
    text = re.sub(r"\bпр-?т\b", "проспект", re.sub(r"\b([рм])-?н\b", "район", text))
    text = _LETTER_APART.sub(r"\1\2", text)
    return [_KIND_OF.get(word, word) for word in _WORDS.findall(text)]


def is_kind(word: str) -> bool:
    """Whether a word of `words_of` says what sort of street or place it is."""
    return word in KINDS


def is_house(word: str) -> bool:
    """Whether a word is a house's number: 14, 14а, 14/2."""
    return bool(_HOUSE.match(word))


def stem(word: str) -> str:
    """A word without its ending, so that all its forms begin alike."""
    if word[0].isdigit():
        return word
    bare = _ENDINGS.sub("", word)
    return bare if len(bare) >= _STEM else word


def keys_of(names: Iterable[str]) -> set[str]:
    """All keys that a place of these names is found by."""
    keys: set[str] = set()
    for word in {word for name in names for word in words_of(name)}:
        if word[0].isdigit():
            keys.add(word[: 3 * BEGINNING])
            continue
        head = word[:BEGINNING]
        keys |= {head[:length] for length in range(1, len(head) + 1)}
        keys |= set(slips_of(stem(word)))
    return keys


def key_of(word: str) -> str:
    """The key that finds the words which begin as this one, whatever its ending."""
    return stem(word)[: 3 * BEGINNING if word[0].isdigit() else BEGINNING]


def slips_of(bare: str) -> Iterator[str]:
    """Keys of a stem as it is and with one letter left out: two words with a slip between them share one."""
    head = bare[:BEGINNING]
    if len(head) < SLIPPERY or head[0].isdigit():
        return
    yield SLIP + head
    for at in range(len(head)):
        yield SLIP + head[:at] + head[at + 1 :]


def slip_distance(word: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped (Damerau–Levenshtein, each place once)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == its:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
