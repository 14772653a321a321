"""What self-organisation (1.1, T3, T7) and community projects (1.1) have in common: texts that may be shown, and their limits."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from opencity_issues.enums import UndertakingState
from opencity_issues.models import Initiative, IssueIndexPage, Project
from opencity_issues.procedure.moderation import find_stop_words
from opencity_issues.procedure.refusals import Missing, NotPossible

TEXT_LENGTH = 3000
REASON_LENGTH = 500
CLAUSE = "1.1"


def faults_of(texts: Mapping[str, tuple[str, int, bool]]) -> dict[str, Any]:
    """What is wrong with texts, by field: each comes with the length allowed and whether it must be there."""
    faults: dict[str, Any] = {}
    for name, (text, at_most, required) in texts.items():
        if required and not text.strip():
            faults[name] = _("Please write something.")
        elif len(text) > at_most:
            faults[name] = _("This is too long: at most %(count)d characters.") % {"count": at_most}
    return faults


def refuse_faults(faults: Mapping[str, Any]) -> None:
    """Raises Missing where there are any."""
    if faults:
        raise Missing(_("Please correct what is marked."), fields=faults, clause=CLAUSE)


def refuse_stop_words(city: IssueIndexPage, texts: Mapping[str, str | Iterable[str]]) -> None:
    """Raises Missing for the texts with a word of the city's stop-list (5.2)."""
    message = _("Please write it without obscene or insulting words (5.2).")
    faults = {
        name: message
        for name, text in texts.items()
        if find_stop_words(text if isinstance(text, str) else "\n".join(text), city.config.stop_list)
    }
    if faults:
        raise Missing(message, fields=faults, clause="5.2")


def reason_of(reason: str) -> str:
    """Why something is called off or hidden. Raises Missing where nothing is said, or too much."""
    refuse_faults(faults_of({"reason": (reason, REASON_LENGTH, True)}))
    return reason.strip()


def require_planned(undertaking: Initiative | Project) -> None:
    """Raises NotPossible for what is over, or hidden by the moderator."""
    if undertaking.hidden_at is not None:
        raise NotPossible(_("The moderator has hidden this."), clause="5.1", state="hidden")
    if undertaking.state == UndertakingState.DONE:
        raise NotPossible(_("The result has been reported already."), clause=CLAUSE, state=undertaking.state)
    if undertaking.state == UndertakingState.CANCELLED:
        raise NotPossible(_("This is called off."), clause=CLAUSE, state=undertaking.state)
