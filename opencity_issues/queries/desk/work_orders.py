"""What stands on the work orders (наряди) of an organisation: read for several issues at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from opencity_issues.enums import AssignmentState, MediaKind, Publication
from opencity_issues.models import Assignment, Deadline, Media, Organisation
from opencity_issues.models.media import private_storage
from opencity_issues.queries import executor_links
from opencity_issues.queries.map_piece import MapPiece, Scheme, read_scheme

ORDERS_AT_MOST = 50
PHOTOS_AT_MOST = 2
MAP_WIDTH, MAP_HEIGHT = 178.0, 62.0
"""Of the piece of the map, in millimetres on the paper."""
LETTER = 2.6


@dataclass(frozen=True)
class WorkOrder:
    """One sheet. `photos` are the bytes of JPEG files; `way_in` is the address of the QR code, of the executor's private
    link where `is_private`, else of the public card.
    """

    number: int
    title: str
    text: str
    categories: Sequence[str]
    address: str
    location: tuple[float, float] | None
    organisation: str
    city: str
    executor: str
    registered: date
    planned: date | None
    due: date | None
    printed: date
    photos: Sequence[bytes]
    piece: MapPiece | None
    way_in: str
    is_private: bool


def in_work(organisation: Organisation, executor: str = "") -> QuerySet[Assignment]:
    """The organisation's accepted parts of published issues, due first; of one executor where named."""
    due = Deadline.objects.running().filter(assignment=OuterRef("pk"), clause="4.4").values("due_at")[:1]
    found = Assignment.objects.filter(
        organisation=organisation, state=AssignmentState.ACCEPTED, issue__publication=Publication.PUBLISHED
    )
    if executor:
        found = found.filter(executor=executor)
    return (
        found.select_related("issue")
        .annotate(due=Subquery(due))
        .order_by(F("due").asc(nulls_last=True), "issue__number")
    )


def orders(organisation: Organisation, numbers: Sequence[int], now: datetime) -> list[WorkOrder]:
    """The sheets of these issues, in their order; those that the organisation does not have are left out."""
    parts = (
        Assignment.objects.filter(
            organisation=organisation,
            issue__number__in=numbers,
            issue__city_id=organisation.city_id,
            issue__publication=Publication.PUBLISHED,
            state__in=(AssignmentState.SENT, AssignmentState.ACCEPTED),
        )
        .select_related("issue__city__city_settings", "organisation")
        .prefetch_related("issue__categories", "issue__deadlines", "links")
    )
    by_number = {part.issue.number: part for part in parts}
    photos = _photos([part.issue_id for part in by_number.values()])
    wanted = [number for number in dict.fromkeys(numbers) if number in by_number]
    scheme = read_scheme(organisation.city) if wanted else None
    return [_order(by_number[number], photos, scheme, now) for number in wanted]


def _order(part: Assignment, photos: dict[int, list[Media]], scheme: Scheme | None, now: datetime) -> WorkOrder:
    issue, config = part.issue, part.issue.city.config
    link = executor_links.open_link_of(part, now) if part.executor_email else None
    running = [
        one
        for one in issue.deadlines.all()
        if one.assignment_id == part.pk and one.clause == "4.4" and one.met_at is None and one.cancelled_at is None
    ]
    place = issue.location
    return WorkOrder(
        number=issue.number,
        title=issue.title,
        text=issue.description,
        categories=[one.name for one in issue.categories.all()],
        address=issue.address,
        location=place,
        organisation=part.organisation.name,
        city=config.city_name,
        executor=part.executor,
        registered=issue.submitted_at.astimezone(config.zone).date(),
        planned=part.planned_date,
        due=config.calendar().last_day(running[0].due_at) if running else None,
        printed=now.astimezone(config.zone).date(),
        photos=[_bytes(one) for one in photos.get(issue.pk, [])[:PHOTOS_AT_MOST]],
        piece=scheme.piece(place, width=MAP_WIDTH, height=MAP_HEIGHT, across=560, letter=LETTER)
        if place and scheme
        else None,
        way_in=executor_links.url_of(link) if link else _card(part),
        is_private=link is not None,
    )


def _photos(issue_ids: Sequence[int]) -> dict[int, list[Media]]:
    found: dict[int, list[Media]] = {}
    own = Media.objects.filter(issue__in=issue_ids, contribution=None, hidden_at=None, kind=MediaKind.PHOTO)
    for media in own.order_by("pk"):
        found.setdefault(media.issue_id or 0, []).append(media)
    return found


def _bytes(media: Media) -> bytes:
    try:
        with private_storage().open(media.file_name("medium")) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return b""


def _card(part: Assignment) -> str:
    return f"{part.issue.city.base_url}{part.issue.get_absolute_url()}"
