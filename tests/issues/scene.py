"""One of everything that an address of the package can name, and all these addresses: for tests that visit each of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, reverse

from opencity_issues.actions.cabinet import manage_members
from opencity_issues.actions.follow import follow
from opencity_issues.actions.letters import choose_letters
from opencity_issues.actions.letters.stop_link import stop_token
from opencity_issues.models import ExecutorLink, Media
from opencity_issues.queries.executor_links import token_of as executor_token
from opencity_issues.urls import urlpatterns
from tests.factories import Town
from tests.issues import deeds

POST_ONLY = {
    "card_comment", "card_support", "card_reply", "card_flag", "card_reopen", "card_withdraw", "card_name", "card_hide", "card_show",
    "report_send", "report_discard", "report_queued_photo", "report_queued_open", "upload", "upload_change", "desk_look", "desk_views", "api_token",
    "initiative_join", "initiative_leave", "initiative_task", "initiative_call_off", "initiative_report",
    "initiative_move", "initiative_hide", "project_hide", "own_project_result", "own_project_call_off",
}  # fmt: skip
"""Addresses that answer a GET with 405, or lead back to where it was begun."""

SLUGS = ("roads", "control", "ngo")
DESK_QUERIES = (
    "?queue=all&issue={number}&do=T2",
    "?queue=overdue",
    "?issue={number}&do=warn",
    "?issue={number}&do=check",
)


@dataclass
class Scene:
    """One of everything that an address can name."""

    number: int
    keys: dict[str, list[int]]
    tokens: dict[str, str]


def make_scene(town: Town) -> Scene:
    """One of everything, made by the real actions."""
    issue = deeds.executor_done(town)
    link = ExecutorLink.objects.latest("pk")
    deeds.bounced(town)
    deeds.complained(town)
    deeds.called_and_closed(town)
    deeds.merged(town)
    project = deeds.declared(town)
    following = follow(town.city, town.roads, actor=town.author)
    _invitation, secret = manage_members.invite(town.roads, "new@city.example", actor=town.roads_worker)
    return Scene(
        number=issue.number,
        keys={
            "consultation_plan": [deeds.agreed_plan(town).pk, deeds.sent_plan(town).pk],
            "seminar": [deeds.seminar(town).pk, deeds.begun_seminar(town).pk],
            "instruction": [deeds.instruction(town).pk],
            "report": [deeds.passed(town).pk, deeds.old_draft(town).pk],
            "initiative": [deeds.gathered(town).pk],
            "own_project": [project.pk],
            "project": [project.pk],
            "map_district": [0],
            "question": [deeds.question(town).pk],
            "template": [deeds.template(town).pk],
            "api_follow": [following.pk],
        },
        tokens={
            "executor": executor_token(link),
            "stop_following": stop_token(town.author.pk, [following.pk]),
            "letters": choose_letters.token_of(town.author.pk),
            "invitation": secret,
            "media": Media.objects.latest("pk").token if Media.objects.exists() else "none",
        },
    )


def kinds(name: str) -> str:
    """Which of the scene's keys an address named so takes."""
    return next(
        (
            kind
            for kind in (
                "consultation_plan",
                "seminar",
                "instruction",
                "report",
                "initiative",
                "own_project",
                "project",
                "map_district",
                "api_follow",
            )
            if name.startswith(kind)
        ),
        "",
    )


def addresses(scene: Scene, slugs: tuple[str, ...] = SLUGS) -> Iterator[tuple[str, str]]:
    """Each named address of the package, filled in with what the scene has."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        name = str(pattern.name)
        wanted = set(pattern.pattern.converters)
        assert wanted <= {"slug", "number", "pk", "kind", "token", "secret", "size", "table"}, (
            f"{name} asks for something that this test does not know"
        )
        for slug in slugs if "slug" in wanted else ("",):
            for key in scene.keys[kinds(name)] if "pk" in wanted else (0,):
                filled = {
                    "slug": slug,
                    "number": scene.number,
                    "pk": key,
                    "kind": "xlsx",
                    "token": scene.tokens.get(name, "unknown"),
                    "secret": scene.tokens["invitation"],
                    "size": "thumb",
                    "table": "status",
                }
                url = reverse(f"opencity_issues:{name}", kwargs={one: filled[one] for one in wanted})
                yield name, url
                if name == "cabinet":
                    yield from ((name, url + query.format(number=scene.number)) for query in DESK_QUERIES)
                if name == "desk_bulk":
                    yield name, f"{url}?do=warn&issue={scene.number}"
                if name == "matrix":
                    yield name, f"{url}?categories=3.8&place=51.344,25.853"
                if name == "need":
                    yield name, f"{url}?category=3.8&area=none"
                if name == "templates":
                    yield name, f"{url}?template={scene.keys['template'][0]}"
                if name == "executor":
                    yield name, f"{url}?said=done"
