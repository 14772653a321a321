"""Complaints of organisations to the moderator (5.3), as the desks that may read them show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from opencity_issues.enums import ContributionKind, EventKind
from opencity_issues.models import Contribution, Event, Media
from opencity_issues.queries.card.moderation_sentences import complaint_words


@dataclass(frozen=True)
class ShownComplaint:
    """`of` says of what in words; `about` are the resident's words and `photo` the photo complained of, if any."""

    words: Contribution
    of: str
    about: Contribution | None
    photo: Media | None
    answer: Contribution | None

    @property
    def waits(self) -> bool:
        """Whether the moderator has still to look at it."""
        return self.words.handled_at is None


def shown_complaints(
    events: Sequence[Event], said: Sequence[Contribution], media: Sequence[Media], of: int | None = None
) -> list[ShownComplaint]:
    """From what has been read of one issue; `of` names the organisation whose own are wanted. Asks nothing more."""
    by_key = {one.pk: one for one in said}
    photos = {one.pk: one for one in media}
    made = {one.contribution_id: one for one in events if one.kind == EventKind.COMPLAINT}
    answers = {one.answers_id: one for one in said if one.kind == ContributionKind.COMPLAINT and one.answers_id}
    return [
        ShownComplaint(
            words,
            complaint_words(made[words.pk].data.get("of", "")),
            by_key.get(words.answers_id or 0),
            photos.get(made[words.pk].data.get("media", 0)),
            answers.get(words.pk),
        )
        for words in said
        if words.pk in made and (of is None or words.organisation_id == of)
    ]
