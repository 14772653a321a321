"""The first pages of a city's site: made once, in Ukrainian, and from then on the editors' own."""

from typing import Any

from wagtail.models import Page, Site

from opencity_cms.models import HomePage, NewsIndexPage, TextPage
from opencity_cms.texts import ACCESSIBILITY, PRIVACY, SENTENCE, TERMS
from opencity_issues.models import IssueIndexPage


def lay_out_content(city: IssueIndexPage, site: Site) -> HomePage:
    """Home, news and the pages that people agree to; makes what is missing, leaves the rest as it is."""
    home = HomePage.objects.filter(pk=site.root_page_id).first() or _replace_welcome_page(city, site)
    if not NewsIndexPage.objects.child_of(home).exists():
        home.add_child(instance=NewsIndexPage(title="Новини", slug="news", locale=home.locale, show_in_menus=True))
    for slug, (title, paragraphs) in {"terms": TERMS, "privacy": PRIVACY, "accessibility": ACCESSIBILITY}.items():
        if not home.get_children().filter(slug=slug).exists():
            home.add_child(instance=TextPage(title=title, slug=slug, locale=home.locale, body=_as_body(paragraphs)))
    config = city.config
    if not config.terms_url:
        config.terms_url = "/terms/"
        config.save(update_fields=["terms_url"])
    return home


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


def _as_body(paragraphs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(kind, text if kind == "heading" else f"<p>{text}</p>") for kind, text in paragraphs]
