"""The first pages of a city's site: made once, in Ukrainian and English, and from then on the editors' own."""

from typing import Any

from django.conf import settings
from wagtail.models import Locale, Page, Site

from opencity_cms import texts_en
from opencity_cms.models import HomePage, MediaCoveragePage, NewsIndexPage, TextPage, WorkingGroupPage
from opencity_cms.texts import (
    ABOUT,
    ACCESSIBILITY,
    CONTACTS,
    COVERAGE,
    HELP,
    NEWS,
    PRIVACY,
    SENTENCE,
    TERMS,
    WORKERS_HELP,
    WORKING_GROUP,
)
from opencity_issues.models import IssueIndexPage

TEXTS = {
    "about": ABOUT,
    "terms": TERMS,
    "privacy": PRIVACY,
    "accessibility": ACCESSIBILITY,
    "help": HELP,
    "workers": WORKERS_HELP,
    "contacts": CONTACTS,
}


def lay_out_content(city: IssueIndexPage, site: Site) -> HomePage:
    """Home, news and the pages that people agree to; makes what is missing, leaves the rest as it is."""
    home = HomePage.objects.filter(pk=site.root_page_id).first() or _replace_welcome_page(city, site)
    kinds = ((NewsIndexPage, {"title": NEWS, "slug": "news", "show_in_menus": True}),)
    kinds += tuple(
        (kind, {"title": title, "slug": slug, "intro": intro})
        for kind, slug, (title, intro) in (
            (WorkingGroupPage, "working-group", WORKING_GROUP),
            (MediaCoveragePage, "media", COVERAGE),
        )
    )
    for kind, fields in kinds:
        if not kind.objects.child_of(home).exists():
            home.add_child(instance=kind(**fields, locale=home.locale))
    for slug, (title, parts) in TEXTS.items():
        if not home.get_children().filter(slug=slug).exists():
            home.add_child(instance=TextPage(title=title, slug=slug, locale=home.locale, body=_as_body(parts)))
    _lay_out_english(home)
    config = city.config
    if not config.terms_url:
        config.terms_url = "/terms/"
        config.save(update_fields=["terms_url"])
    return home


def _lay_out_english(home: HomePage) -> None:
    """The same pages in English, where the host has translated pages and its first language is Ukrainian."""
    languages = dict(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", ()))
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False) or "en" not in languages:
        return
    if home.locale.language_code != "uk":
        return
    english, _made = Locale.objects.get_or_create(language_code="en")
    top = home.get_translation_or_none(english) or Page.get_first_root_node().add_child(
        instance=HomePage(
            title=home.title,
            slug=f"{home.slug}-en",
            sentence=texts_en.SENTENCE,
            locale=english,
            translation_key=home.translation_key,
        )
    )
    intros = {"working-group": texts_en.WORKING_GROUP, "media": texts_en.COVERAGE}
    titles = {"news": texts_en.NEWS} | {slug: title for slug, (title, _) in (texts_en.PAGES | intros).items()}
    for source in home.get_children().filter(slug__in=titles).specific():
        if source.has_translation(english):
            continue
        page = type(source)(
            title=titles[source.slug], slug=source.slug, locale=english, translation_key=source.translation_key
        )
        if isinstance(page, TextPage):
            page.body = _as_body(texts_en.PAGES[source.slug][1])
        elif source.slug in intros:
            page.intro = intros[source.slug][1]
        else:
            page.show_in_menus = True
        top.add_child(instance=page)
    Site.clear_site_root_paths_cache()


def _replace_welcome_page(city: IssueIndexPage, site: Site) -> HomePage:
    """Wagtail's page of welcome gives its place to the city's home; a host's own root page keeps it."""
    old = site.root_page
    top = Page.get_first_root_node()
    home: HomePage = top.add_child(
        instance=HomePage(title=city.config.city_name, slug=f"home-{site.pk}", sentence=SENTENCE, locale=old.locale)
    )
    IssueIndexPage.objects.get(pk=city.pk).move(home, pos="last-child")
    Site.objects.filter(pk=site.pk).update(root_page=home)
    Site.clear_site_root_paths_cache()
    if _is_welcome_page(old):
        Page.objects.get(pk=old.pk).delete()
    city.refresh_from_db()
    return HomePage.objects.get(pk=home.pk)


def _is_welcome_page(page: Page) -> bool:
    return page.specific_class is Page and page.slug == "home" and not Page.objects.get(pk=page.pk).numchild


def _as_body(parts: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(kind, f"<p>{value}</p>" if kind == "text" else value) for kind, value in parts]
