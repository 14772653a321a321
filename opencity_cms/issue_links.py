"""Links to issues in texts: kept by the issue's key, shown with its number's address, and counted among what refers to it."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.models import Page
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from opencity_issues.models import IssuePage

FEATURE = "issue-link"
LINK = "issue"


class IssueLinkHandler(LinkHandler):
    """From `<a linktype="issue" id="5">` in the database to a link; to nothing where the public cannot see the issue."""

    identifier = LINK

    @staticmethod
    def get_model() -> type[IssuePage]:
        return IssuePage

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """One query for all links of a text."""
        keys = [int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdecimal()]
        shown = {str(issue.pk): issue for issue in IssuePage.objects.published().filter(pk__in=keys)}
        found = [shown.get(str(attrs.get("id", ""))) for attrs in attrs_list]
        return [f'<a href="{issue.get_absolute_url()}">' if issue else "<a>" for issue in found]

    @classmethod
    def extract_references(cls, attrs: dict[str, Any]) -> Any:
        """For Wagtail's index of what refers to what: the issue's card lists the article by it."""
        if str(attrs.get("id", "")).isdecimal():
            yield Page, attrs["id"], "", ""


class IssueLinkElementHandler(LinkElementHandler):
    """From the database to the editor."""

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        key = str(attrs.get("id", ""))
        issue = IssuePage.objects.filter(pk=int(key)).first() if key.isdecimal() else None
        return {"id": issue.pk, "url": issue.get_absolute_url(), "string": str(issue)} if issue else {"id": key}


def _to_database(props: dict[str, Any]) -> Any:
    return DOM.create_element("a", {"linktype": LINK, "id": props.get("id")}, props["children"])


def register(features: FeatureRegistry) -> None:
    """Tell Wagtail's editor of texts: a button that opens the chooser of issues."""
    features.register_link_type(IssueLinkHandler)
    button = {
        "type": "ISSUE",
        "icon": "warning",
        "description": _("Link to an issue"),
        "chooserUrls": {"issueChooser": reverse_lazy("opencity_cms_issue_chooser:choose")},
    }
    scripts = ["wagtailadmin/js/chooser-modal.js", "opencity_cms/js/issue-link.js", "opencity_cms/js/issue-chooser.js"]
    features.register_editor_plugin("draftail", FEATURE, EntityFeature(button, js=scripts))
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'a[linktype="{LINK}"]': IssueLinkElementHandler("ISSUE")},
            "to_database_format": {"entity_decorators": {"ISSUE": _to_database}},
        },
    )
