"""Why an issue is not published or is taken down (5.1, 5.2), and the stop list that holds one for a moderator."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Ground(StrEnum):
    """A moderator's reason; the words of each are in ``GROUNDS``."""

    OBSCENE = "obscene"
    THREAT = "threat"
    INCORRECT = "incorrect"
    OFF_TOPIC = "off_topic"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class GroundRule:
    """One ground: its clause, its words, what its author can do, and which of the two decisions it carries."""

    ground: Ground
    clause: str
    words: Promise | str
    advice: Promise | str
    ready: Promise | str
    """Ready-written words to the author, to be edited before they are sent."""
    refuses: bool = True
    takes_down: bool = True


# One row a ground.
# fmt: off
_GROUNDS = (
    GroundRule(
        Ground.OBSCENE, "5.2", _("obscene or insulting words"),
        _("Please write it again without obscene or insulting words and send it once more."),
        _("The message has obscene or insulting words. The problem itself can be published: please describe it without them."),
    ),
    GroundRule(
        Ground.THREAT, "5.2", _("threats to a person's life, health or property"),
        _("A danger that you have noticed can be reported; please write without threats and send it once more."),
        _("The message threatens a person or property. Please write only what you saw, where, and what should be mended."),
    ),
    GroundRule(
        Ground.INCORRECT, "5.2", _("incorrect information"),
        _("Please check what you wrote, correct it and send it once more."),
        _("What the message says could not be confirmed. Please look once more and write what you saw yourself, and where."),
    ),
    GroundRule(
        Ground.OFF_TOPIC, "5.2", _("a subject that the System does not deal with"),
        _("Please report problems that belong to one of the categories of the System."),
        _("None of the organisations in the System answers for this. Please turn to the body that does."),
    ),
    GroundRule(
        Ground.TERMS, "5.1", _("a breach of the published terms of use"),
        _("Please read the terms of use, correct the message and send it once more."),
        _("The message breaks the terms of use. Please take out what does not belong here; the problem itself can stay."),
        refuses=False,
    ),
)
# fmt: on

GROUNDS: Mapping[Ground, GroundRule] = {rule.ground: rule for rule in _GROUNDS}
REFUSAL_GROUNDS: tuple[Ground, ...] = tuple(rule.ground for rule in _GROUNDS if rule.refuses)
TAKING_DOWN_GROUNDS: tuple[Ground, ...] = tuple(rule.ground for rule in _GROUNDS if rule.takes_down)


class Complaint(StrEnum):
    """What a responsible worker complains of to the moderator (5.3)."""

    CONDUCT = "conduct"
    INSULT = "insult"
    VAGUE = "vague"
    ABUSE = "abuse"


COMPLAINTS: Mapping[Complaint, Promise | str] = {
    Complaint.CONDUCT: _("bad conduct"),
    Complaint.INSULT: _("insults"),
    Complaint.VAGUE: _("lack of specifics"),
    Complaint.ABUSE: _("abuse of the System"),
}


# Letters that look alike, in both directions; digits and signs that stand for letters, in one.
_TWINS = (
    "aаα", "bвь", "cсѕ", "sѕ", "eеε", "hн", "iіι", "kкκ", "mм", "nп", "oоο", "pрρ", "rг", "tтτ", "uи", "wш", "xхχ",
    "yуυ", "zз", "ёе", "їі",
)  # fmt: skip
_SIGNS = {
    "0": "оo", "1": "іиil", "3": "зеe", "4": "чаa", "5": "s", "6": "бb", "7": "тt", "8": "вb",
    "@": "аaя", "$": "сs", "€": "еєe", "!": "іi", "|": "іil", "+": "тt",
}  # fmt: skip
_SAME: dict[str, str] = _SIGNS | {
    letter: "".join(dict.fromkeys(letter + "".join(group for group in _TWINS if letter in group)))
    for letter in "".join(_TWINS)
}
_MASKS = "*#"
_APOSTROPHES = "'’ʼ′`´"
_PIECE = re.compile(r"(?:[^\W_]|[@$€!|+*#])+")
# A one-letter word before a longer one is a word ("є/будуть"), not the first letter of a word taken apart.
_WORDS_OF_ONE_LETTER = frozenset("авєежзиійоуя")


@dataclass(slots=True, eq=False)
class _Node:
    """A place in the trie of stop words: the letters read so far."""

    letter: str = ""
    children: dict[str, "_Node"] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)


class _State(NamedTuple):
    """A reading in progress. masked: one letter was an asterisk; gap: the separator its letters stand apart by."""

    node: _Node
    masked: bool = False
    gap: str = ""


def find_stop_words(text: str, stop_words: Iterable[str]) -> list[str]:
    """The stop words that ``text`` contains, as they stand in the list, in the order they are met.

    A plain entry is a whole word, ``слов*`` the beginning of one; case does not matter. Seen through are
    look-alike letters of another alphabet, digits and signs for letters, repeated letters, one letter
    masked by an asterisk, punctuation put inside a word and letters set apart by equal spaces. The middle of a
    word never matches. Time grows linearly with the text: every reading is a place in the trie.
    """
    root = _trie(tuple(stop_words))
    found: dict[str, None] = {}
    states: set[_State] = set()
    before = ""
    for gap, piece in _pieces(text):
        states = _cross(states, gap, before, piece)
        is_number = not any(map(str.isalpha, piece))
        if is_number and len(piece) > 1:
            states = set()
        for index, char in enumerate(piece):
            after = piece[index + 1 : index + 2]
            if char in _MASKS:
                states |= _mask(states) if after.isalpha() and piece[index - 1 : index].isalpha() else set()
                continue
            if not is_number and not (index and piece[index - 1].isalpha()):
                states.add(_State(root))
            states = _read(states, char)
            for state in states:
                found.update(dict.fromkeys(state.node.stems))
                if not after.isalpha():
                    found.update(dict.fromkeys(state.node.whole))
        before = piece
    return list(found)


def _plain(text: str) -> str:
    """One spelling for all: compatibility forms and case folded, marks, invisible signs and apostrophes gone."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = (_without_accent(char) for char in folded if char not in _APOSTROPHES)
    return "".join(char for char in bare if unicodedata.category(char) not in {"Mn", "Me", "Cf"})


def _without_accent(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Runs of letters and of signs that can stand for letters, each with the separator before it."""
    plain = _plain(text)
    end = 0
    for match in _PIECE.finditer(plain):
        yield plain[end : match.start()], match.group()
        end = match.end()


def _cross(states: set[_State], gap: str, before: str, after: str) -> set[_State]:
    """The readings that go on behind a separator."""
    if not any(char.isspace() for char in gap):
        if len(after) > 1 and before in _WORDS_OF_ONE_LETTER:
            return set()
        return {state._replace(gap=".") for state in states if state.gap in {"", "."}}
    next_words = {state._replace(node=state.node.children[" "]) for state in states if " " in state.node.children}
    if len(set(before)) > 1 or len(set(after)) > 1:
        return next_words
    # Equal spacing only, so that "є б/у" stays what it is.
    gap = " " + gap.strip()
    return next_words | {state._replace(gap=gap) for state in states if state.gap in {"", gap}}


def _mask(states: set[_State]) -> set[_State]:
    """Let the asterisk stand for one letter, once in a word."""
    return {_State(child, True, gap) for node, masked, gap in states if not masked for child in node.children.values()}


def _read(states: set[_State], char: str) -> set[_State]:
    """Read one letter: go on to it, or stay where it repeats the last; a sign may also be mere punctuation."""
    same = _SAME.get(char, char)
    read = {state for state in states if state.node.letter and state.node.letter in same}
    for state in states:
        children = state.node.children
        read.update(state._replace(node=children[letter]) for letter in same if letter in children)
    return read if char.isalnum() else read | states


@lru_cache(maxsize=16)
def _trie(stop_words: tuple[str, ...]) -> _Node:
    root = _Node()
    for entry in stop_words:
        words = _plain(entry).split()
        letters = " ".join("".join(filter(str.isalnum, word)) for word in words).strip()
        node = root
        for letter in letters:
            node = node.children.setdefault(letter, _Node(letter))
        if node is not root:
            (node.stems if entry.rstrip().endswith("*") else node.whole).append(entry)
    return root


# What a new installation starts with; each city keeps its own list in its settings. Stems that also begin
# innocent words (суки дерев, підорвати, бляха, курвіметр) are given as whole words only.
_OBSCENE = """
    хуй* хуя* хуєв* хуев* хуїв* нахуй* нахуя* похуй* похую охує* охуе* охуї* охуи* захуя* дохуя* ніхуя нихуя
    пізд* пизд* розпізд* розпизд* распизд* спизд* спізд* підпизд* опизд* допизд*
    єба* єбу* єбл* єбнут* еба* ебу* ебл* ебнут* їба* їбу* їбл* йоба* йобн* йобтво* ёба* ёбн*
    заєб* заеб* заїб* наєб* наеб* наїб* виєб* виеб* выеб* доєб* доеб* доїб* поєба* поеба* розєба* разъеб*
    уєбок уєбк* уєбищ* уебок уебк* уебищ* бля бляд* блят* сука суко сучара курва курви курво курвою
    шлюха шлюхи шлюхо мудак* мудил* мудозвон* гандон* гондон* залупа дрочит* дрочу
    підор підори підорас* підар підари підарас* пидор пидоры пидорас* пидар пидары пидарас* педрил*
    жоп* срака сраку сраці сракою срать срати
    blyad* blyat* suka pizd* pidor pidoras* pidaras* nahuy nahuj nahui pohuy fuck* mudak*
"""
_INSULTING = """
    дебіл* дебил* ідіот* идиот* кретин* придурок придурки ублюд* виродок виродки мразь падлюк*
"""
DEFAULT_STOP_WORDS: tuple[str, ...] = (*_OBSCENE.split(), *_INSULTING.split())
