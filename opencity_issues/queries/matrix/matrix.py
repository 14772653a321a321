"""The responsibility matrix of a city as it stands (2.12, 3.6): whose row decides each category, and who receives by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from opencity_issues.models import Category, IssueIndexPage, Organisation, Responsibility

Pair = tuple[int, int]
"""A cell: the keys of a category and of an organisation."""


@dataclass(frozen=True)
class Changes:
    """Rows to be added to a matrix and to be taken out of it."""

    added: frozenset[Pair] = frozenset()
    removed: frozenset[Pair] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def undone(self) -> Changes:
        """What brings back the state before."""
        return Changes(added=self.removed, removed=self.added)

    def __str__(self) -> str:
        """One line for a form's hidden field: "+12-3 -4-5"; `read_changes` is its inverse."""
        return " ".join([*(f"+{write_pair(one)}" for one in sorted(self.added)), *_lost(self.removed)])


def _lost(pairs: Iterable[Pair]) -> list[str]:
    return [f"-{write_pair(one)}" for one in sorted(pairs)]


def write_pair(pair: Pair) -> str:
    return f"{pair[0]}-{pair[1]}"


def read_pairs(words: Iterable[str]) -> frozenset[Pair]:
    """The cells named by "12-3"; what is none is left out."""
    found = set()
    for word in words:
        category, _dash, organisation = word.partition("-")
        if _is_key(category) and _is_key(organisation):
            found.add((int(category), int(organisation)))
    return frozenset(found)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def read_changes(text: str) -> Changes:
    """The changes of a form's hidden field; what says nothing is left out."""
    words = text.split()
    return Changes(
        added=read_pairs(word[1:] for word in words if word.startswith("+")),
        removed=read_pairs(word[1:] for word in words if word.startswith("-")),
    )


@dataclass(frozen=True)
class Matrix:
    """All rows of a city with the tree they stand in. Read it by `read_matrix`; `changed` is the matrix after changes."""

    city: IssueIndexPage
    categories: Sequence[Category]
    """The whole tree, each branch followed by what is under it."""
    organisations: Sequence[Organisation]
    """Every organisation of the city, by name."""
    rows: frozenset[Pair]

    @cached_property
    def category(self) -> dict[int, Category]:
        return {category.pk: category for category in self.categories}

    @cached_property
    def organisation(self) -> dict[int, Organisation]:
        return {organisation.pk: organisation for organisation in self.organisations}

    @cached_property
    def named(self) -> dict[int, frozenset[int]]:
        """By category, the organisations that its own rows name, the inactive ones too."""
        found: dict[int, set[int]] = {}
        for category, organisation in self.rows:
            found.setdefault(category, set()).add(organisation)
        return {key: frozenset(ones) for key, ones in found.items()}

    @cached_property
    def _receiving(self) -> dict[int, list[Organisation]]:
        found = {
            key: [one for one in self.organisations if one.pk in ones and one.is_active]
            for key, ones in self.named.items()
        }
        return {key: ones for key, ones in found.items() if ones}

    @cached_property
    def version(self) -> str:
        """Says whether somebody changed the rows meanwhile."""
        return sha256(" ".join(write_pair(row) for row in sorted(self.rows)).encode()).hexdigest()[:16]

    def decider(self, category_id: int) -> Category | None:
        """The category whose rows decide: its own, or the nearest one above that has a row of an active organisation."""
        here: int | None = category_id
        while here is not None and here not in self._receiving:
            here = self.category[here].parent_id
        return None if here is None else self.category[here]

    def receivers(self, category_id: int) -> list[Organisation]:
        """Who receives an issue of the category; nobody where the control body assigns by hand."""
        decider = self.decider(category_id)
        return [] if decider is None else self._receiving[decider.pk]

    def branch(self, category_id: int) -> Category:
        """The category of the first level that a category stands under."""
        category = self.category[category_id]
        while category.parent_id is not None:
            category = self.category[category.parent_id]
        return category

    def under(self, category_id: int) -> list[Category]:
        """A category and all below it, in the tree's order."""
        kept = {category_id}
        for category in self.categories:
            if category.parent_id in kept:
                kept.add(category.pk)
        return [category for category in self.categories if category.pk in kept]

    def columns(self) -> list[Organisation]:
        """The organisations that a grid shows: the active ones that solve issues, and whoever has a row."""
        having = {organisation for _category, organisation in self.rows}
        return [one for one in self.organisations if one.pk in having or (one.is_active and one.is_executor)]

    def possible(self, changes: Changes) -> Changes:
        """Of the changes those that would change something here: known cells, not there yet or still there."""
        known = {
            pair for pair in changes.added if pair[0] in self.category and pair[1] in self.organisation
        } - self.rows
        return Changes(added=frozenset(known), removed=changes.removed & self.rows)

    def changed(self, changes: Changes) -> Matrix:
        """The matrix as it would be after the changes."""
        rows = (self.rows | self.possible(changes).added) - changes.removed
        return Matrix(self.city, self.categories, self.organisations, rows)


def read_matrix(city: IssueIndexPage) -> Matrix:
    """The matrix of a city in three queries."""
    return Matrix(
        city,
        _in_tree_order(list(Category.objects.order_by("order", "code"))),
        list(Organisation.objects.filter(city=city).order_by("name_uk", "pk")),
        frozenset(Responsibility.objects.filter(organisation__city=city).values_list("category_id", "organisation_id")),
    )


def _in_tree_order(categories: list[Category]) -> list[Category]:
    under: dict[int | None, list[Category]] = {}
    for category in categories:
        under.setdefault(category.parent_id, []).append(category)

    def walk(parent_id: int | None) -> list[Category]:
        return [found for one in under.get(parent_id, []) for found in (one, *walk(one.pk))]

    return walk(None)
