"""Which categories a text is about, by its words, and because of which of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from opencity_issues.language.function_words import NEAR, NOTHING, SILENT
from opencity_issues.language.function_words import WITHIN as WITHIN_WORDS
from opencity_issues.language.lemmas import lemmas
from opencity_issues.language.spelling import words_of
from opencity_issues.models import Category, IssueIndexPage, LearnedWord
from opencity_issues.models.learned_word import LONGEST
from opencity_issues.queries.suggestions.vocabulary import Vocabulary, vocabulary

AT_MOST = 4
READ = 160
"""Words of a text that are looked at; the rest of a long description adds nothing new."""
WINDOW = 7
"""How far apart, in words, those of one phrase may stand."""
CLOSE, LOOSE = 3, 0.9
"""Up to how many words apart they stand close, and what is left of a phrase whose words do not."""
FIRST = 1.15
"""What the first word that the vocabulary knows counts more: people begin with what it is about."""
BESIDE = 0.35
"""What a word still says that only names what is near by: "біля школи"."""
BESIDE_REACHES = 3
WITHIN = 0.75
"""What a word says that names the place: "на дитячому майданчику"."""
WITHIN_REACHES = 2
FROM_TITLE = 1.25
TO_PARENT = 0.3
"""How much of its best branch a category has, so that it is offered where none of its branches is clear."""
LEAST = 0.25
LEARNED = 0.9
LEARNED_AT_LEAST = 3
LEARNED_SHARE = 0.2
SMOOTHING = 4
SURE = 1.3
"""How many times the second's score the first must have to be chosen beforehand."""
SURE_FROM = 0.95
WHY_AT_MOST = 3


@dataclass(frozen=True)
class Suggestion:
    """A category, the words of the text it is suggested for, and its score (more is surer)."""

    category: Category
    because: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class _Word:
    place: int
    typed: str
    told: dict[str, float]
    """Words of the vocabulary that it may mean, with how surely."""
    emphasis: float


class _Scores:
    """For each category what each word of the text says for it: the most that any phrase gives."""

    def __init__(self) -> None:
        self.by_word: dict[str, dict[int, float]] = defaultdict(dict)

    def add(self, code: str, place: int, weight: float) -> None:
        if weight > self.by_word[code].get(place, 0.0):
            self.by_word[code][place] = weight

    def total(self, code: str) -> float:
        return sum(self.by_word[code].values())


def suggest(
    text: str, *, title: str = "", city: IssueIndexPage | None = None, at_most: int = AT_MOST
) -> list[Suggestion]:
    """The likeliest categories first; none where no word says anything. At most three queries."""
    found = vocabulary()
    words = _read(found, title, text)
    scores = score(found, words)
    if city is not None:
        _add_learned(scores, words, city)
    return _best(scores, words, at_most)


def is_sure(suggestions: Sequence[Suggestion]) -> bool:
    """Whether the first may be chosen beforehand, for the author to confirm or change."""
    if not suggestions or suggestions[0].score < SURE_FROM:
        return False
    return len(suggestions) == 1 or suggestions[0].score >= SURE * suggestions[1].score


def score(found: Vocabulary, words: Sequence[_Word]) -> _Scores:
    """What the vocabulary says about the words of a text."""
    scores = _Scores()
    places: dict[str, list[_Word]] = defaultdict(list)
    for word in words:
        for key in word.told:
            places[key].append(word)
    for key, there in places.items():
        for code, weight in found.leanings.get(key, {}).items():
            for word in there:
                scores.add(code, word.place, weight * word.told[key] * word.emphasis)
    for number in {number for key in places for number in found.by_word.get(key, ())}:
        phrase = found.phrases[number]
        if len(phrase.words) == 1:
            for word in places[phrase.words[0]]:
                weight = phrase.weight * word.told[phrase.words[0]] * word.emphasis
                scores.add(phrase.category, word.place, weight)
        elif all(key in places for key in phrase.words):
            _add_phrase(scores, phrase.category, phrase.words, phrase.weight, places)
    return scores


def _add_phrase(
    scores: _Scores, code: str, keys: tuple[str, ...], weight: float, places: dict[str, list[_Word]]
) -> None:
    """The nearest occurrence of all words of a phrase shares its weight among them; "not" carries none of it."""
    best: tuple[float, tuple[_Word, ...]] | None = None
    for together in product(*(places[key][:4] for key in keys)):
        at = [word.place for word in together]
        if len(set(at)) < len(at) or max(at) - min(at) > WINDOW:
            continue
        certainty = min(word.told[key] for word, key in zip(together, keys, strict=True))
        emphasis = sum(word.emphasis for word in together) / len(together)
        value = certainty * emphasis * (1.0 if max(at) - min(at) <= CLOSE else LOOSE)
        if best is None or value > best[0]:
            best = value, together
    if best is None:
        return
    carriers = [word for word, key in zip(best[1], keys, strict=True) if key != NOTHING]
    for word in carriers:
        scores.add(code, word.place, weight * best[0] / len(carriers))


def _read(found: Vocabulary, title: str, text: str) -> list[_Word]:
    """The words of title and text with what they may mean; those that only say where it is near count less."""
    words: list[_Word] = []
    for part, emphasis in ((title, FROM_TITLE if text.strip() else 1.0), (text, 1.0)):
        near, within, begun = 0, 0, False
        for typed in words_of(part)[: READ - len(words)]:
            if typed in NEAR:
                near = BESIDE_REACHES
            elif typed in WITHIN_WORDS:
                within = WITHIN_REACHES
            told = {one.key: one.certainty for one in found.tell(typed)}
            beside = BESIDE if near and typed not in NEAR else WITHIN if within and typed not in WITHIN_WORDS else 1.0
            if beside == 1.0 and set(told) - {NOTHING} and not begun:
                begun, beside = True, FIRST
            words.append(_Word(len(words), typed, told, emphasis * beside))
            near, within = max(0, near - (typed not in NEAR)), max(0, within - (typed not in WITHIN_WORDS))
    return words


def _add_learned(scores: _Scores, words: Iterable[_Word], city: IssueIndexPage) -> None:
    """What the city's published issues say: a word votes for the categories in which it stands above all."""
    places: dict[str, int] = {}
    for word in words:
        if word.typed not in SILENT:
            for lemma in lemmas(word.typed):
                places.setdefault(lemma[:LONGEST], word.place)
    rows = LearnedWord.objects.filter(city=city, lemma__in=places).values_list("lemma", "category__code", "count")
    by_lemma: dict[str, dict[str, int]] = defaultdict(dict)
    for lemma, code, count in rows:
        by_lemma[lemma][code] = count
    for lemma, counts in by_lemma.items():
        whole = sum(counts.values())
        for code, count in counts.items():
            share = count / (whole + SMOOTHING)
            if count >= LEARNED_AT_LEAST and share >= LEARNED_SHARE:
                scores.add(code, places[lemma], LEARNED * share)


def _best(scores: _Scores, words: Sequence[_Word], at_most: int) -> list[Suggestion]:
    totals = {code: scores.total(code) for code in list(scores.by_word)}
    for code, total in list(totals.items()):
        parent = code.rpartition(".")[0]
        if parent:
            totals[parent] = max(totals.get(parent, 0.0), scores.total(parent) + TO_PARENT * total)
            scores.by_word.setdefault(parent, {})
    ranked = sorted((code for code in totals if totals[code] >= LEAST), key=lambda code: (-totals[code], code))
    chosen = ranked[:at_most]
    categories = {one.code: one for one in Category.objects.active().filter(code__in=chosen).defer("words")}
    return [
        Suggestion(categories[code], _because(scores, code, words), round(totals[code], 3))
        for code in chosen
        if code in categories
    ]


def _because(scores: _Scores, code: str, words: Sequence[_Word]) -> tuple[str, ...]:
    """The words that said most for it, as they were typed and in their order; a parent's are those of its branch."""
    said = scores.by_word[code] or max(
        (one for child, one in scores.by_word.items() if child.startswith(f"{code}.")),
        key=lambda one: sum(one.values()),
        default={},
    )
    strongest = sorted(said, key=lambda place: -said[place])[:WHY_AT_MOST]
    return tuple(dict.fromkeys(words[place].typed for place in sorted(strongest)))
