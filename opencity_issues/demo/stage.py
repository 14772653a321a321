"""Plays the demonstration's first issues: which situation, whose, with which text, in the order of their registration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Subquery

from opencity_issues.demo.material import Text
from opencity_issues.demo.situations import SITUATIONS, Situation
from opencity_issues.demo.story import Story
from opencity_issues.demo.town import Town
from opencity_issues.models import Event, Notice

LETTERS_LEFT = 5
"""How many of the newest letters are really sent, so that the demonstration's mailbox is not empty at the start."""


HANDS = frozenset({"bench", "playground", "graffiti", "bin"})
"""Scenes of what residents can mend by their own hands."""


class Part(NamedTuple):
    """One issue to be played."""

    situation: Situation
    author: Any
    text: Text
    submitted: datetime
    seed: str


def play(town: Town, count: int, *, seed: int, now: datetime, told: Callable[[int], object] | None = None) -> int:
    """Play `count` issues and return how many there are; the same seed and moment give the same past."""
    parts = sorted(_parts(town, count, seed, now), key=lambda part: part.submitted)
    for done, part in enumerate(parts, 1):
        random = Random(part.seed)  # noqa: S311 -- a story, no secret
        # One transaction a story: letters of the past are marked as sent before any worker can see them.
        with transaction.atomic():
            story = Story(town, part.author, part.text, submitted=part.submitted, now=now, random=random)
            part.situation.play(story)
            _mark_letters_sent(story)
        if told:
            told(done)
    _leave_newest_letters(town, now)
    return len(parts)


def _parts(town: Town, count: int, seed: int, now: datetime) -> Iterator[Part]:
    random = Random(f"stage {seed}")  # noqa: S311
    texts = _Texts(town, random)
    weights = [situation.weight for situation in SITUATIONS]
    for index in range(count):
        first_round = index < len(SITUATIONS)
        situation = SITUATIONS[index] if first_round else random.choices(SITUATIONS, weights)[0]
        author = town.people["citizen"] if first_round else random.choice(town.residents)
        age = timedelta(days=random.uniform(*situation.age))
        yield Part(situation, author, texts.take(situation.text), _by_day(now - age, town, random), f"{seed} {index}")


def _by_day(moment: datetime, town: Town, random: Random) -> datetime:
    """People write by day: what falls into the night is written on the day before."""
    local = moment.astimezone(town.city.config.zone)
    return moment if local.hour >= 7 else moment - timedelta(hours=local.hour + random.uniform(2, 15))


class _Texts:
    """Gives out texts by what a situation needs, each once before any comes again."""

    def __init__(self, town: Town, random: Random) -> None:
        self.random = random
        number = {0: "none", 1: "one"}
        self.kinds: dict[str, list[Text]] = {"one": [], "many": [], "none": []}
        for text in town.material.issues:
            self.kinds[number.get(len(town.receivers(text)), "many")].append(text)
        self.kinds["hands"] = [text for text in self.kinds["one"] if text.scene in HANDS]
        for topic in ("held", "refused", "off_topic"):
            self.kinds[topic] = town.material.texts(topic)
        self.left = {kind: self._shuffled(kind) for kind in self.kinds}

    def take(self, kind: str) -> Text:
        """The next text of a kind; of "any", one for one or many organisations."""
        if kind == "any":
            kind = "many" if self.random.random() < 0.15 else "one"
        if not self.left[kind]:
            self.left[kind] = self._shuffled(kind)
        return self.left[kind].pop()

    def _shuffled(self, kind: str) -> list[Text]:
        return self.random.sample(self.kinds[kind], len(self.kinds[kind]))


def _mark_letters_sent(story: Story) -> None:
    moment = Subquery(Event.objects.filter(pk=OuterRef("event_id")).values("at")[:1])
    touched = [one for one in (story.issue, story.main) if one is not None]
    Notice.objects.filter(issue__in=touched, sent_at=None).update(sent_at=moment, created_at=moment)


def _leave_newest_letters(town: Town, now: datetime) -> None:
    newest = Notice.objects.filter(issue__city=town.city, issue__live=True).order_by("-event__at", "-pk")
    left = list(newest.values_list("pk", flat=True)[:LETTERS_LEFT])
    Notice.objects.filter(pk__in=left).update(sent_at=None, send_after=now)
    # One did not arrive, so that the control body finds something to deal with.
    refused = newest.filter(template="routed", sent_at__isnull=False).first()
    if refused is not None:
        failed = now - timedelta(hours=3)
        Notice.objects.filter(pk=refused.pk).update(
            sent_at=None, failed_at=failed, attempts=1, last_error="550 5.2.2 mailbox is full"
        )
