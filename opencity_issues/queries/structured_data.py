"""Issues and organisations in the words of schema.org, for search engines: public data only, and nothing of people."""

from typing import Any

from opencity_issues.models import IssuePage, Organisation
from opencity_issues.queries.public_issue import instant


def issue_data(issue: IssuePage, *, url: str, text: str, image: str) -> dict[str, Any]:
    """A published issue as a `Report`: what, where, when, how it stands. Not who: an author's name is no matter for engines.

    Args:
        issue: with its categories read.
        url: the card's absolute address.
        text: the beginning of the description.
        image: absolute address of the first public photo, or empty.

    """
    data: dict[str, Any] = {
        "@type": "Report",
        "@id": url,
        "url": url,
        "name": issue.title,
        "abstract": text,
        "reportNumber": str(issue.number),
        "creativeWorkStatus": issue.get_status_display(),
        "datePublished": instant(issue.published_at or issue.submitted_at),
        "about": [{"@type": "Thing", "name": category.name} for category in issue.categories.all()],
    }
    if changed := max(
        filter(None, (issue.published_at, issue.accepted_at, issue.closed_at, issue.archived_at)), default=None
    ):
        data["dateModified"] = instant(changed)
    if issue.location is not None:
        lng, lat = issue.location
        geo = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lng}
        data["contentLocation"] = {"@type": "Place", "geo": geo}
    if image:
        data["image"] = image
    return data


def organisation_data(organisation: Organisation, *, url: str) -> dict[str, Any]:
    """What the public page of an organisation says of it."""
    data: dict[str, Any] = {
        "@type": "GovernmentOrganization" if organisation.is_control_body else "Organization",
        "@id": url,
        "url": url,
        "name": organisation.name,
        "telephone": organisation.phone,
        "email": organisation.mailbox,
        "address": organisation.address,
    }
    return {name: value for name, value in data.items() if value}
