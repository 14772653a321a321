"""Grounds of 5.1 and 5.2, and what the stop list sees through and what it leaves alone."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencity_issues.procedure.moderation import (
    DEFAULT_STOP_WORDS,
    GROUNDS,
    REFUSAL_GROUNDS,
    TAKING_DOWN_GROUNDS,
    Ground,
    find_stop_words,
)


@pytest.mark.parametrize(
    ("ground", "clause", "refuses", "takes_down"),
    [
        (Ground.OBSCENE, "5.2", True, True),
        (Ground.THREAT, "5.2", True, True),
        (Ground.INCORRECT, "5.2", True, True),
        (Ground.OFF_TOPIC, "5.2", True, True),
        (Ground.TERMS, "5.1", False, True),
    ],
)
def test_grounds(ground, clause, refuses, takes_down):
    rule = GROUNDS[ground]
    assert (rule.ground, rule.clause) == (ground, clause)
    assert (ground in REFUSAL_GROUNDS) is refuses
    assert (ground in TAKING_DOWN_GROUNDS) is takes_down
    assert str(rule.words)
    assert str(rule.advice)


def test_every_ground_has_its_words():
    assert set(GROUNDS) == set(Ground)


DISGUISES = {
    "as it is": "негідник",
    "capitals": "НЕГІДНИК",
    "at the end of a sentence": "Ось він, негідник!",
    "in quotes": "«негідник»",
    "after a hyphen": "такий-негідник",
    "after a digit": "2негідник",
    "before a digit": "негідник2",
    "Latin letters": "нeгiдниk",
    "most letters Latin": "heгiдhuk",
    "Greek letters": "нεгідνик".replace("ν", "н"),
    "a digit": "н3гідник",
    "a sign": "нег!дник",
    "an asterisk for a letter": "нег*дник",
    "an asterisk between letters": "нег*ідник",
    "repeated letters": "неегіііідникк",
    "dots": "н.е.г.і.д.н.и.к",
    "one dot": "негід.ник",
    "different punctuation": "не-гі_дн.ик",
    "spaces": "н е г і д н и к",
    "wide spaces": "н   е  г і д   н и к",
    "lines": "н\nе\nг\nі\nд\nн\nи\nк",
    "spaced hyphens": "н - е - г - і - д - н - и - к",
    "zero width": "не\u200bгід\u2060ник",
    "soft hyphen": "негід\u00adник",
    "strikethrough": "н\u0336е\u0336г\u0336і\u0336дник",
    "accent": "негі\u0301дник",
    "full width": "нｅгідник",
    "mathematical letters": "н𝐞г𝑖дник",
    "apostrophe": "негід'ник",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES)
def test_disguises_are_seen_through(text):
    assert find_stop_words(text, ["негідник"]) == ["негідник"]


@pytest.mark.parametrize(
    ("text", "entry", "found"),
    [
        ("негідники", "негідник", False),  # a plain entry is a whole word
        ("негідники", "негідник*", True),
        ("негідник", "негідник*", True),
        ("ненегідник", "негідник*", False),  # never the middle
        ("Скунторп", "кун*", False),
        ("Scunthorpe", "cunt*", False),
        ("застрахувати", "хува*", False),
        ("барсук", "сук*", False),
        ("кіт", "кит", False),  # і and и are different letters
        ("рис", "рік", False),
        ("є будуть", "єбу*", False),
        ("є/будуть", "єбу*", False),
        ("там є б/у плитка", "єбу*", False),
        ("е-бука", "ебу*", False),
        ("к-лин", "клин", True),
        ("ху дожник", "худож*", False),  # words are not glued together
        ("а в с", "авс", True),  # but single letters are
        ("а в, с", "авс", False),  # if they stand apart equally
        ("303", "зоз", False),  # digits alone are a number
        ("1 0 0 0", "іооо", False),
        ("п 1 с о к", "пісок", True),  # but one among letters is a disguise
        ("3а", "за", True),
        ("н**ідник", "негідник", False),  # one letter may be masked
        ("*егідник", "негідник", False),  # not the first
        ("дуже погано", "дуже погано", True),  # an entry of two words
        ("дуже   погано!", "дуже погано", True),
        ("дуже непогано", "дуже погано", False),
        ("погано дуже", "дуже погано", False),
        ("будь-що", "будь-що", True),
        ("в'язень", "в'язень", True),
        ("в’язень", "в'язень", True),
        ("ванна", "ванна", True),
        ("вана", "ванна", False),  # an entry's double letter is needed
        ("ваннна", "ванна", True),
        ("Ёлка", "елка", True),
        ("Їжак", "іжак", True),
        ("eBay", "еба*", False),
        ("", "слово", False),
        ("слово", "", False),
        ("слово", "*", False),
        ("слово", " ! ", False),
    ],
)
def test_truth_table(text, entry, found):
    assert find_stop_words(text, [entry]) == ([entry] if found else [])


INNOCENT = """
Застрахувати автомобіль після падіння гілки. Поламані сучки та суки дерев. Підорвано асфальт біля підорожника.
Бляха на даху, бляшанки під лавкою. Команда мандрівників. Сукня, сукупність, сучасний. Ебоніт і eBay.
Художник приховує худобу. Рахунок підрахуй, страхуй, психує. Курвіметр. Мудрий лебідь. Потреба в хлібі.
Барсук у парку, дубляж, колеба, скіпідар. Є/будуть роботи. Там є б/у матеріали. 3-й під'їзд, вул. 6-А, 2*3 м.
Hyundai, Xerox, Scunthorpe, cockpit. Не працює ліфт; а в є й. Заглиблення в тротуарі 0,5 м. Тел. 0-800-500-303.
Відкритий люк загрожує життю. Яма на дорозі, машина пробила колесо. Контейнери для сміття переповнені.
Люди застрягли, бо ліфт старий: у 5-му під'їзді він не працює з 1 до 3 год. Мандат, помандрувати, комбля.
"""


@pytest.mark.parametrize("text", INNOCENT.strip().splitlines())
def test_the_default_list_leaves_innocent_words_alone(text):
    assert find_stop_words(text, DEFAULT_STOP_WORDS) == []


@pytest.mark.parametrize("entry", DEFAULT_STOP_WORDS)
def test_the_default_list_finds_each_of_its_own_words(entry):
    word = entry.rstrip("*")
    assert entry in find_stop_words(f"Ось {word.upper()}!", DEFAULT_STOP_WORDS)
    assert entry in find_stop_words(" ".join(word), DEFAULT_STOP_WORDS)


def test_the_default_list_has_no_doubles():
    assert len(set(DEFAULT_STOP_WORDS)) == len(DEFAULT_STOP_WORDS)


def test_found_words_come_once_in_the_order_they_are_met():
    assert find_stop_words("два один ДВА три", ["один", "два", "т*"]) == ["два", "один", "т*"]


@pytest.fixture
def profile_calls():
    """Counts the calls that Python makes, so that work is measured without a clock."""

    def count(work):
        calls = 0

        def tracer(_frame, _event, _arg):
            nonlocal calls
            calls += 1

        before = sys.getprofile()
        sys.setprofile(tracer)
        try:
            work()
        finally:
            sys.setprofile(before)
        return calls

    return count


@pytest.mark.parametrize(
    "unit", ["х", "х.", "х ", "х*", "!", "*", "сука ", "а!", "х!*", "\u0336", "х*х ", "є б/", "х\n"]
)
def test_work_grows_with_the_length_of_the_text_only(unit, profile_calls):
    short = profile_calls(lambda: find_stop_words(unit * 500, DEFAULT_STOP_WORDS))
    long = profile_calls(lambda: find_stop_words(unit * 4000, DEFAULT_STOP_WORDS))
    assert long <= short * 9 + 1000


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    assert set(find_stop_words(text, DEFAULT_STOP_WORDS)) <= set(DEFAULT_STOP_WORDS)


@given(st.lists(st.text(max_size=8), max_size=5), st.text(max_size=30))
def test_any_list_is_read_without_an_error(stop_words, text):
    assert set(find_stop_words(text, stop_words)) <= set(stop_words)


@given(st.text(alphabet="абвгдежзик", min_size=3, max_size=10), st.sampled_from([".", "-", "_", "~", ""]))
def test_a_word_is_found_however_it_is_taken_apart(word, separator):
    spaced = (separator + " ").join(word) if separator != "" else " ".join(word)
    for text in (word, separator.join(word), spaced, "".join(letter * 3 for letter in word)):
        assert find_stop_words(text, [word]) == [word]
