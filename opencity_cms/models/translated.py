from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.search import index

from opencity_issues.language.search_text import index_text


class TranslatedPageMixin(models.Model):
    """A page that has one address in all languages: the visitor's language picks the translation that stands there.

    `?lang=en` in a link names a language where it is another than the visitor's. The site's middleware obeys it.
    """

    # Named after the app: many a host has a HomePage or a NewsPage of its own, and Wagtail's page one name for each.
    page_ptr = models.OneToOneField(
        Page, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="%(app_label)s_%(class)s"
    )

    search_fields = [*Page.search_fields, index.SearchField("search_forms")]

    class Meta:
        abstract = True

    @property
    def search_forms(self) -> str:
        """All that the page says by dictionary forms, for the search index."""
        fields = [one for one in self.get_search_fields() if isinstance(one, index.SearchField)]  # type: ignore[attr-defined]
        said = [one.get_value(self) for one in fields if one.field_name != "search_forms"]
        return index_text(
            *(" ".join(map(str, one)) if isinstance(one, list | tuple) else str(one or "") for one in said)
        )

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The common address; for an editor who reads another language it says which translation is meant."""
        parts = super().get_url_parts(request)  # type: ignore[misc] # wagtail.models.Page, of which there are no stubs
        if not parts or not parts[2] or not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            return parts
        language = self._language()
        if language in {get_language(), settings.LANGUAGE_CODE}:
            return parts
        return parts[0], parts[1], f"{parts[2]}?lang={language}"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With `page_language` where the page is shown in another language than the visitor's, as it has no translation."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        language = self._language()
        context["page_language"] = language if language != get_language() else ""
        return context

    @property
    def languages(self) -> list[str]:
        """Codes of the languages that the page can be read in, its own first. One query."""
        others = self.get_translations().live().values_list("locale__language_code", flat=True)  # type: ignore[attr-defined]
        return [self._language(), *others]

    def _language(self) -> str:
        """By the branch of the tree that the page stands in, which Wagtail keeps in its cache."""
        for path in Site.get_site_root_paths():
            if self.url_path.startswith(path.root_path):  # type: ignore[attr-defined]
                return str(path.language_code)
        return settings.LANGUAGE_CODE
