"""What a visitor does on a card: each a POST that ends in the card, changed, or as it is by now with the refusal's words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from opencity_issues import rules
from opencity_issues.actions import contribute, correct_issue, moderate_issue
from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.forms.card import (
    CommentForm,
    FlagForm,
    HideForm,
    ReopenForm,
    ReplyForm,
    WordsForm,
)
from opencity_issues.models import Contribution, IssuePage, Media, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible, Refusal
from opencity_issues.views.card import refused
from opencity_issues.views.card_words import forget_words, sign_in_first
from opencity_issues.views.community.visitor import files_of
from opencity_issues.views.report_files import bounded
from opencity_issues.views.visit import private, roles_of, visible_issue

REOPENINGS = ("T9", "T14")


@bounded
@private
@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """A resident's comment with photos (3.3)."""

    def deed(issue: IssuePage, text: str, media: list[Media]) -> None:
        contribute.comment(issue, text, actor=request.user, media=media)

    return _say(request, number, CommentForm(request.POST), "comment", deed, _("Your comment is on the card."))


@bounded
@private
@require_POST
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """The author's reply to an organisation's question (4.4)."""

    def deed(issue: IssuePage, text: str, media: list[Media]) -> None:
        question = issue.contributions.filter(pk=_number(request.POST.get("question"))).first()
        contribute.reply(issue, text, actor=request.user, question=question, media=media)

    return _say(request, number, ReplyForm(request.POST), "reply", deed, _("Your reply is sent to the organisation."))


@private
@require_POST
def flag(request: HttpRequest, number: int) -> HttpResponse:
    """A resident tells the moderator that a closed issue is still not solved."""

    def deed(issue: IssuePage, text: str, media: list[Media]) -> None:
        contribute.flag_unsolved(issue, text, actor=request.user)

    return _say(request, number, FlagForm(request.POST), "flag", deed, _("The moderator will look at it. Thank you."))


@private
@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """The author opens a closed issue again (T14) or returns an archived one to work (T9)."""

    def deed(issue: IssuePage, text: str, media: list[Media]) -> None:
        transition = request.POST.get("transition", "")
        if transition not in REOPENINGS:
            raise NotPossible(
                _("There is no such transition to ask for."), transition=transition[:4], state=issue.status
            )
        if not rules.allows("author", roles_of(request), issue):
            raise NotPermitted(_("This is not for your role."), transition=transition, clause="4.7")
        change_status(issue, transition, actor=request.user, move=Move(reason=text))

    said = _("The issue is with the organisations again.")
    return _say(request, number, ReopenForm(request.POST), "author", deed, said)


@private
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """The author takes the issue back."""
    return _do(
        request,
        number,
        lambda issue: correct_issue.withdraw(issue, actor=request.user),
        _("You have withdrawn the issue."),
    )


@private
@require_POST
def author_name(request: HttpRequest, number: int) -> HttpResponse:
    """The author shows or hides the name beside the issue (2.6)."""
    shown = request.POST.get("shown") == "yes"
    said = _("Your name is shown beside the issue now.") if shown else _("Your name is hidden from the public now.")
    return _do(request, number, lambda issue: correct_issue.show_author_name(issue, shown, actor=request.user), said)


@private
@require_POST
def hide(request: HttpRequest, number: int) -> HttpResponse:
    """The moderator hides one photo or one contribution (5.1)."""
    form = HideForm(request.POST)

    def deed(issue: IssuePage) -> None:
        part, moderator = _part(issue, form["part"].value()), _moderator(request, issue)
        if not form.is_valid():
            fields = {name: errors[0] for name, errors in form.errors.items()}
            raise Missing(_("Say why it is hidden."), fields=fields, clause="5.1")
        moderate_issue.hide(part, reason=form.cleaned_data["reason"], actor=request.user, organisation=moderator)

    return _do(request, number, deed, _("Hidden. The rest of the card stays."))


@private
@require_POST
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The moderator shows a hidden part again."""

    def deed(issue: IssuePage) -> None:
        part = _part(issue, request.POST.get("part"))
        moderate_issue.show_again(part, actor=request.user, organisation=_moderator(request, issue))

    return _do(request, number, deed, _("Shown again."))


def _say(
    request: HttpRequest,
    number: int,
    form: WordsForm,
    anchor: str,
    deed: Callable[[IssuePage, str, list[Media]], Any],
    said: str,
) -> HttpResponse:
    """Carry out a deed of words and files; whoever is not signed in is asked to, and keeps the words."""
    issue = visible_issue(request, number)
    if not request.user.is_authenticated:
        return sign_in_first(request, issue, form.name)
    media, fault = files_of(request)
    refusal: Refusal | None = None
    if form.is_valid() and fault is None:
        try:
            deed(issue, form.cleaned_data["text"], media)
        except Refusal as caught:
            refusal = caught
        else:
            forget_words(request)
            messages.success(request, said)
            return redirect(f"{issue.get_absolute_url()}#{anchor}")
    refusal = refusal or fault or Missing(_("Please correct what is marked."), fields={})
    if isinstance(refusal, Missing):
        for name, message in refusal.fields.items():
            form.add_error("text" if name in ("text", "reason") else None, str(message))
    return refused(request, number, refusal, sent={form.name: form}, kept_media=media)


def _do(request: HttpRequest, number: int, deed: Callable[[IssuePage], Any], said: str) -> HttpResponse:
    """Carry out a deed without words; back to the card."""
    issue = visible_issue(request, number)
    if not request.user.is_authenticated:
        return sign_in_first(request, issue, "author")
    try:
        deed(issue)
    except Refusal as refusal:
        return refused(request, number, refusal)
    messages.success(request, said)
    return redirect(issue)


def _part(issue: IssuePage, name: Any) -> Media | Contribution:
    """The photo or contribution of this issue that `media-7` or `contribution-7` means. Raises NotPossible for another."""
    kind, _dash, pk = str(name or "").partition("-")
    parts: Any = {"media": issue.media, "contribution": issue.contributions}.get(kind)
    found = parts.filter(pk=_number(pk)).first() if parts is not None else None
    if found is None:
        raise NotPossible(gettext_lazy("There is no such part on this card."), clause="5.1")
    return found  # type: ignore[no-any-return]


def _moderator(request: HttpRequest, issue: IssuePage) -> Organisation:
    moderators = roles_of(request).moderators(issue.city_id)
    if not moderators:
        raise NotPermitted(gettext_lazy("This is not for your role."), clause="5.1")
    return moderators[0]


def _number(text: Any) -> int | None:
    return int(text) if text and str(text).isascii() and str(text).isdigit() and len(str(text)) < 18 else None
