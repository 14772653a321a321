"""The nouns of the domain, one file a concern."""

from opencity_issues.models.assignment import Assignment
from opencity_issues.models.cabinet import AnswerTemplate, Look, SavedFilter
from opencity_issues.models.category import Category
from opencity_issues.models.category_guidance import CategoryQuestion, CategoryStop, GivenAnswer
from opencity_issues.models.citizen import ApiToken, Citizen, Device
from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.community import Initiative, InitiativeTask, Participant, Project, ProjectIssue
from opencity_issues.models.consultation import (
    Attendance,
    Consultation,
    ConsultationPlan,
    Instruction,
    PlanItem,
    Seminar,
)
from opencity_issues.models.contribution import Contribution
from opencity_issues.models.deadline import Deadline
from opencity_issues.models.district import District
from opencity_issues.models.erasure import Erasure
from opencity_issues.models.event import Event
from opencity_issues.models.executor_link import ExecutorLink
from opencity_issues.models.first_run import FirstRunTick
from opencity_issues.models.following import Follow, Support, Untold
from opencity_issues.models.gazetteer import GazetteerKey, GazetteerPlace, GazetteerSpot, PlaceKind
from opencity_issues.models.import_file import ImportFile
from opencity_issues.models.imported_issue import ImportedIssue
from opencity_issues.models.issue import (
    Caller,
    CoAuthor,
    Correction,
    IssueCategory,
    IssueNumber,
    IssuePage,
)
from opencity_issues.models.learned_word import LearnedWord
from opencity_issues.models.map_cell import MapCell
from opencity_issues.models.media import Draft, Media, Submission
from opencity_issues.models.notice import Notice
from opencity_issues.models.operation import BackupRecord, OutboxPause
from opencity_issues.models.organisation import Invitation, Membership, Organisation
from opencity_issues.models.period_count import CountedCity, Measure, PeriodCount, Uncounted
from opencity_issues.models.report import Report
from opencity_issues.models.responsibility import Responsibility
from opencity_issues.models.retention import RetentionRun
from opencity_issues.models.settings import CalendarDay, CityScheme, CitySettings

__all__ = [
    "AnswerTemplate",
    "ApiToken",
    "Assignment",
    "Attendance",
    "BackupRecord",
    "CalendarDay",
    "Caller",
    "Category",
    "CategoryQuestion",
    "CategoryStop",
    "Citizen",
    "CityScheme",
    "CitySettings",
    "CoAuthor",
    "Consultation",
    "ConsultationPlan",
    "Contribution",
    "Correction",
    "CountedCity",
    "Deadline",
    "Device",
    "District",
    "Draft",
    "Erasure",
    "Event",
    "ExecutorLink",
    "FirstRunTick",
    "Follow",
    "GazetteerKey",
    "GazetteerPlace",
    "GazetteerSpot",
    "GivenAnswer",
    "ImportFile",
    "ImportedIssue",
    "Initiative",
    "InitiativeTask",
    "Instruction",
    "Invitation",
    "IssueCategory",
    "IssueIndexPage",
    "IssueNumber",
    "IssuePage",
    "LearnedWord",
    "Look",
    "MapCell",
    "Measure",
    "Media",
    "Membership",
    "Notice",
    "Organisation",
    "OutboxPause",
    "Participant",
    "PeriodCount",
    "PlaceKind",
    "PlanItem",
    "Project",
    "ProjectIssue",
    "Report",
    "Responsibility",
    "RetentionRun",
    "SavedFilter",
    "Seminar",
    "Submission",
    "Support",
    "Uncounted",
    "Untold",
]
