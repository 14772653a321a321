"""Templates of an organisation's answers (4.4): any member keeps them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.contribute import TEXT_LENGTH
from opencity_issues.models import AnswerTemplate, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted
from opencity_issues.rules import Roles

TEMPLATES_AT_MOST = 200


def keep_template(
    organisation: Organisation, title: str, text: str, *, actor: Any, template: AnswerTemplate | None = None
) -> AnswerTemplate:
    """Write a new template, or change `template`. Raises Missing for what is empty, too long, or a title taken already."""
    _require(organisation, actor)
    title, text = title.strip(), text.strip()
    wrong: dict[str, Any] = {}
    if not title or len(title) > 120:
        wrong["title"] = _("Give a title of at most 120 characters.")
    if not text or len(text) > TEXT_LENGTH:
        wrong["text"] = _("Write a text of at most %(count)d characters.") % {"count": TEXT_LENGTH}
    if template is None and organisation.answer_templates.count() >= TEMPLATES_AT_MOST:
        wrong["title"] = _("There are %(count)d templates already.") % {"count": TEMPLATES_AT_MOST}
    if wrong:
        raise Missing(_("The template could not be kept."), fields=wrong, clause="4.4")
    kept = template or AnswerTemplate(organisation=organisation)
    kept.title, kept.text = title, text
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        message = _("There is a template of this title.")
        raise Missing(message, fields={"title": message}, clause="4.4") from error
    return kept


def drop_template(template: AnswerTemplate, *, actor: Any) -> None:
    """Remove a template; answers that were written with it stay."""
    _require(template.organisation, actor)
    template.delete()


def _require(organisation: Organisation, actor: Any) -> None:
    if not rules.allows("keep_templates", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("Only members of the organisation keep its templates."), clause="2.4")
