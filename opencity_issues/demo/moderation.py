"""What the moderator does in the demonstration's stories: joins reports of the same, answers complaints, looks at places."""

from __future__ import annotations

from dataclasses import replace

from opencity_issues.actions.check_issue import check_issue
from opencity_issues.actions.complain import complain as complain_of
from opencity_issues.actions.complain import handle_complaint
from opencity_issues.actions.merge_duplicates import merge
from opencity_issues.demo.story import Story
from opencity_issues.enums import UNSOLVED
from opencity_issues.models import Contribution, IssuePage

BESIDE = 0.00025
"""Degrees: a second report of the same stands some twenty metres away."""

AGAIN = (
    "Теж бачу це щодня. Скільки можна чекати?",
    "Пишу про те саме місце: нічого не змінилося.",
    "Сусіди кажуть, що вже повідомляли, але воно й досі так.",
)
COMPLAINTS = {
    "conduct": "Коментар не про проблему, а про наших людей. Просимо подивитися.",
    "vague": "З коментаря незрозуміло, де саме і що саме. Просимо допомогти уточнити.",
}
ANSWERS = ("Подивилися: коментар різкий, але в межах правил користування. Залишаємо.", "Написали авторові. Дякуємо.")
FOUND = {
    "solved": ("Були на місці: усе зроблено.", "Перевірили: проблеми немає."),
    "not_solved": ("На місці все, як було: роботу не зроблено.", "Зроблено лише частину, користуватися не можна."),
}


def report_again(story: Story) -> Story:
    """The story's author reports what stands in the latest open issue with a place, somebody else's if there is one."""
    found = IssuePage.objects.in_city(story.town.city).published().filter(status__in=UNSOLVED, lng__isnull=False)
    others = found.exclude(author=story.author)
    main = (others if others.exists() else found).order_by("-number").first()
    if main is None:
        return story.submit()
    known = next((text for text in story.town.material.issues if text.title == main.title), story.text)
    story.text = replace(
        known,
        title=main.title,
        description=story.random.choice(AGAIN),
        categories=tuple(main.categories.values_list("code", flat=True)),
    )
    lng, lat = (one + story.random.uniform(-BESIDE, BESIDE) for one in main.location)
    story.main = main
    return story.submit(at=((lng, lat), main.address))


def merge_with_the_earlier(story: Story) -> None:
    """The moderator joins the two."""
    if story.main is not None:
        # What happened to the earlier one until then is past as well.
        last = story.main.events.order_by("-sequence").values_list("at", flat=True)[0]
        story.at = max(story.at, last)
        merge(story.issue, story.main, **story._as("moderator"), now=story._office)
        story.issue.refresh_from_db()


def complain(story: Story, part: Contribution) -> Contribution:
    """The first organisation at work turns to the moderator (5.3)."""
    organisation, kind = story.organisations()[0], story.random.choice(list(COMPLAINTS))
    return complain_of(
        story.issue,
        kind,
        COMPLAINTS[kind],
        part=part,
        actor=story._worker(organisation),
        organisation=organisation,
        now=story._office,
    )


def answer(story: Story, complaint: Contribution) -> None:
    """And has an answer."""
    handle_complaint(complaint, story.random.choice(ANSWERS), **story._as("moderator"), now=story._office)


def check(story: Story, outcome: str) -> None:
    """The moderator has been at the place, with a camera where the scene has a drawing."""
    at = story._office
    photo = story._photo(story.town.people["moderator"], at, mended=outcome == "solved")
    words = story.random.choice(FOUND[outcome])
    check_issue(story.issue, outcome, words, media=photo, **story._as("moderator"), now=at)
    story.issue.refresh_from_db()


def closed_and_looked_at(s: Story) -> None:
    """Closed, and the moderator has been there with a camera."""
    s.submit().after(1).accept().ago(10).finish().ago(6)
    check(s, "solved")


def found_not_solved(s: Story) -> None:
    """Closed; the moderator found it as it was and opened it again (T14)."""
    s.submit().after(1.5).accept().ago(9).finish().ago(2)
    check(s, "not_solved")


def complained(s: Story) -> None:
    """The organisation turns to the moderator because of a comment (5.3)."""
    s.submit().after(1).accept()
    complain(s, s.after(1.5).comment())


def complaint_answered(s: Story) -> None:
    s.submit().after(1).accept()
    answer(s, complain(s, s.after(1.5).comment()))


def reported_again(s: Story) -> None:
    """The same was reported before, and nobody has noticed yet."""
    report_again(s)


def merged(s: Story) -> None:
    """The same was reported before: the moderator joins it with the earlier issue."""
    report_again(s).after(0.4)
    merge_with_the_earlier(s)
