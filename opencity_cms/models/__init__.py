"""Pages of the content around the issues."""

from opencity_cms.models.coverage import MediaCoveragePage, Publication
from opencity_cms.models.home import HomePage
from opencity_cms.models.meeting import MeetingDocument, MeetingPage
from opencity_cms.models.news import NewsIndexPage, NewsPage
from opencity_cms.models.subscription import NewsSubscription, NewsTiming
from opencity_cms.models.text import TextPage
from opencity_cms.models.working_group import GroupMember, WorkingGroupPage

__all__ = [
    "GroupMember",
    "HomePage",
    "MediaCoveragePage",
    "MeetingDocument",
    "MeetingPage",
    "NewsIndexPage",
    "NewsPage",
    "NewsSubscription",
    "NewsTiming",
    "Publication",
    "TextPage",
    "WorkingGroupPage",
]
