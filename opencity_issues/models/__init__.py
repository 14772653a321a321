"""The nouns of the domain, one file a concern."""

from opencity_issues.models.assignment import Assignment
from opencity_issues.models.category import Category
from opencity_issues.models.citizen import ApiToken, Citizen
from opencity_issues.models.contribution import Contribution
from opencity_issues.models.deadline import Deadline
from opencity_issues.models.event import Event
from opencity_issues.models.issue import Correction, IssueCategory, IssueIndexPage, IssueNumber, IssuePage
from opencity_issues.models.map_cell import MapCell
from opencity_issues.models.media import Draft, Media, Submission
from opencity_issues.models.notice import Notice
from opencity_issues.models.organisation import Invitation, Membership, Organisation
from opencity_issues.models.responsibility import Responsibility
from opencity_issues.models.settings import CalendarDay, CityScheme, CitySettings

__all__ = [
    "ApiToken",
    "Assignment",
    "CalendarDay",
    "Category",
    "Citizen",
    "CityScheme",
    "CitySettings",
    "Contribution",
    "Correction",
    "Deadline",
    "Draft",
    "Event",
    "Invitation",
    "IssueCategory",
    "IssueIndexPage",
    "IssueNumber",
    "IssuePage",
    "MapCell",
    "Media",
    "Membership",
    "Notice",
    "Organisation",
    "Responsibility",
    "Submission",
]
