"""Words as they were meant: without regard to apostrophes, the keyboard's layout, Latin look-alikes and doubled letters."""

import re

APOSTROPHES = "’'ʼ`´ʹ′‘"
_WORD = re.compile(rf"[\w{APOSTROPHES}-]+")
_CYRILLIC = re.compile("[а-яіїєґё]")
_LATIN = re.compile("[a-z]")

LOOK_ALIKE = str.maketrans("aceiopxykmthb", "асеіорхукмтнв")
"""Latin letters that a Ukrainian keyboard left in the wrong layout puts among Cyrillic ones."""

OTHER_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхїфівапролджєячсмитьбю")

# The longest first: "shch" before "sh", "zh" before "z". After the official table and as people write.
_SOUNDS = (
    ("shch", "щ"), ("zgh", "зг"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("ye", "є"), ("yi", "ї"), ("yu", "ю"), ("ya", "я"), ("ie", "є"), ("iu", "ю"), ("ia", "я"), ("ja", "я"), ("ju", "ю"),
    ("je", "є"), ("ji", "ї"), ("a", "а"), ("b", "б"), ("v", "в"), ("w", "в"), ("h", "г"), ("g", "г"), ("d", "д"), ("e", "е"),
    ("z", "з"), ("y", "и"), ("i", "і"), ("j", "й"), ("k", "к"), ("q", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"),
    ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"), ("c", "ц"), ("x", "х"),
)  # fmt: skip

_FOLDED = str.maketrans(
    {"ґ": "г", "и": "і", "ї": "і", "ы": "і", "є": "е", "э": "е", "ё": "е", "щ": "ш", "ь": "", "ъ": "", "'": "", "-": ""}
)
_HEARD = (("йа", "я"), ("йу", "ю"), ("йе", "є"), ("йі", "ї"))
_DOUBLED = re.compile(r"(.)\1+")


def words_of(text: str) -> list[str]:
    """The words of a text in their order, small letters, with one kind of apostrophe and one alphabet a word."""
    return [plain(word) for word in _WORD.findall(text.lower()) if word.strip("-_" + APOSTROPHES)]


def plain(word: str) -> str:
    """One word with the dictionary's apostrophe and no Latin look-alikes among its Cyrillic letters."""
    for apostrophe in APOSTROPHES:
        word = word.replace(apostrophe, "'")
    word = word.strip("-_'")
    if _CYRILLIC.search(word) and _LATIN.search(word):
        word = word.translate(LOOK_ALIKE)
    return word


def readings(word: str) -> list[str]:
    """A word as it may have been meant: Latin letters in the other layout or spelled by their sounds, "йа" as "я"."""
    if not _LATIN.search(word):
        heard = word
        for written, meant in _HEARD:
            heard = heard.replace(written, meant)
        return [word] if heard == word else [word, heard]
    return [word, word.translate(OTHER_LAYOUT), by_sounds(word)]


def by_sounds(word: str) -> str:
    """Latin letters as Ukrainian ones: "yama" is "яма"."""
    read, place = [], 0
    while place < len(word):
        latin, cyrillic = next(
            (pair for pair in _SOUNDS if word.startswith(pair[0], place)), (word[place], word[place])
        )
        read.append(cyrillic)
        place += len(latin)
    return "".join(read)


def folded(word: str) -> str:
    """What is left of a word without the letters that are mixed up most: и and і, е and є, soft signs, doubled ones."""
    return _DOUBLED.sub(r"\1", word.translate(_FOLDED))
