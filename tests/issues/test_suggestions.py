"""Categories suggested from words: other forms, slips, layouts; explained; learned from what was published."""

import logging

import pytest
from django.core.management import call_command

from opencity_issues.actions import learn_words
from opencity_issues.actions.city.set_up_city import load_categories, shipped_words
from opencity_issues.actions.correct_issue import correct_place_or_category
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.language import lemmas as dictionary
from opencity_issues.models import Category, LearnedWord
from opencity_issues.queries.suggestions.suggest import is_sure, suggest
from opencity_issues.queries.suggestions.vocabulary import vocabulary
from opencity_issues.tasks import sweep
from tests.benchmarks.suggestions import LOOKED_AT, measure, sentences

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _taxonomy():
    load_categories()


def codes(text, **options):
    return [one.category.code for one in suggest(text, **options)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Величезні ями на дорозі", "3.8"),
        ("на дорозі йама", "3.8"),  # a slip
        ("Поламані лавкии біля школи", "2.7"),
        ("СОБАКИ КИДАЮТЬСЯ НА ДІТЕЙ!!!", "6.1.1"),
        ("скамейка зламана", "2.7"),  # surzhyk
        ("ліфт застряг між поверхами", "7.6"),
        ("Пiд'їзд не прибирають", "7.9"),  # a Latin i
        ("під’їзд не прибирають", "7.9"),  # another apostrophe
        ("zvf yf ljhjps", "3.8"),  # "яма на дорозі" in the other layout
        ("smittia v lisi", "2.1.1"),
        ("Broken street lamp, it is dark", "2.2.1"),
    ],
)
def test_category_is_found_whatever_the_form_of_the_word(text, code):
    assert codes(text)[0] == code


def test_what_is_only_near_by_counts_less_than_what_it_is_about():
    assert codes("Яма на дорозі біля дитячого майданчика")[0] == "3.8"
    assert codes("Не світить ліхтар навпроти зупинки")[0] == "2.2.1"


def test_suggestion_says_because_of_which_words():
    first = suggest("Вчора біля школи впала велика гілка на тротуар")[0]
    assert first.category.code == "4.1.3"
    assert "гілка" in first.because
    assert "вчора" not in first.because


@pytest.mark.parametrize("text", ["", "   ", "!!!", "1234567", "і та або", "\x00", "ъъъ ыы", "🕳️", "-" * 5000])
def test_words_that_say_nothing_suggest_nothing(text):
    assert suggest(text) == []


def test_long_text_is_read_in_time(django_assert_max_num_queries):
    suggest("тепло")
    with django_assert_max_num_queries(2):
        assert suggest("дуже погана дорога " * 1500)


def test_only_a_clear_case_is_sure():
    assert is_sure(suggest("Яма на дорозі, машини пробивають колеса"))
    assert not is_sure(suggest("небезпечно"))
    assert not is_sure([])


def test_category_that_is_not_offered_is_not_suggested():
    Category.objects.filter(code="2.10").update(is_active=False)
    assert "2.10" not in codes("Фонтан не працює")


def test_words_that_the_city_enters_count_at_once():
    assert "2.4" not in codes("Хурделиця")[:1]
    Category.objects.filter(code="2.4").update(words="хурделиця, віхола")
    assert codes("Після хурделиці")[0] == "2.4"


def test_setting_up_again_keeps_the_citys_words_and_fills_what_is_empty():
    Category.objects.filter(code="2.4").update(words="хурделиця")
    Category.objects.filter(code="2.5").update(words="")
    load_categories()
    assert Category.objects.get(code="2.4").words == "хурделиця"
    assert Category.objects.get(code="2.5").words == shipped_words()["2.5"]


def test_every_category_has_everyday_words():
    assert set(shipped_words()) == set(Category.objects.values_list("code", flat=True))
    assert all(shipped_words().values())


def test_without_the_dictionary_words_are_still_found(monkeypatch, caplog):
    def missing(*args, **options):
        raise ValueError("no such dictionary")

    caches = (dictionary._dictionary, dictionary.lemmas, dictionary.is_known)
    monkeypatch.setattr("pymorphy3.MorphAnalyzer", missing)
    for one in caches:
        one.cache_clear()
    Category.objects.filter(code="3.8").update(words="яма, вибоїна")  # another vocabulary than the one made before
    try:
        with caplog.at_level(logging.WARNING):
            assert codes("Вибоїнами вкрито все")[0] == "3.8"
            assert codes("Графіті на фасаді")[0] == "2.3"
        assert "dictionary" in caplog.text
    finally:
        monkeypatch.undo()
        for one in caches:
            one.cache_clear()
        Category.objects.filter(code="3.8").update(words="яма")
        vocabulary()


def test_words_of_published_issues_are_learned(town):
    assert codes("Кракозябра", city=town.city) == []
    for _number in range(4):
        town.issue(title="Водограй не працює", description="Водограй сухий.", categories=["8"])
    assert learn_words.learn_anew(town.city) >= 4
    assert codes("Де наш водограй", city=town.city)[0] == "8"
    assert codes("Де наш водограй") == []


def test_sweep_learns_each_publication_and_each_new_category_once(town):
    sweep()
    issue = town.issue(title="Водограй зник", description="Водограй.", categories=["8"])
    sweep()
    assert sweep()["learned"] == 0
    row = LearnedWord.objects.get(lemma="водограй")
    assert (row.category.code, row.count) == ("8", 1)
    correct_place_or_category(
        issue,
        actor=town.controller,
        organisation=town.control,
        categories=[Category.objects.get(code="2.10")],
    )
    sweep()
    row = LearnedWord.objects.get(lemma="водограй")
    assert (row.category.code, row.count) == ("2.10", 1)


def test_counting_anew_forgets_what_was_taken_down_and_keeps_no_names(town, capsys):
    issue = town.issue(title="Водограй зник", description="Бачив Хрумзюбенко, 0671234567.")
    call_command("opencity_learn_words")
    assert LearnedWord.objects.filter(lemma="водограй").exists()
    assert not LearnedWord.objects.filter(lemma__startswith="хрумзюб").exists()
    assert not LearnedWord.objects.filter(lemma__contains="067").exists()
    take_down(issue, ground="off_topic", reason="", actor=town.moderator, organisation=town.ngo)
    call_command("opencity_learn_words")
    assert not LearnedWord.objects.filter(lemma="водограй").exists()
    assert "1" in capsys.readouterr().out


@pytest.mark.once
def test_figure_of_sentences_that_nobody_looked_at_holds():
    """The aim is 80 and 95 of 100; the floor lies where the words are now, less a little."""
    figures = measure(sentences()[LOOKED_AT:])
    assert figures.first >= 0.86
    assert figures.among_three >= 0.95
