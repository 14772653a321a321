"""The link at the foot of letters about what one follows: a visit only asks, a POST ends or changes. No signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.follow import change_by_link, stop_by_link
from opencity_issues.actions.letters.choose_letters import choose_letters, token_of
from opencity_issues.actions.letters.stop_link import StopLink, read_stop_token
from opencity_issues.enums import LetterChoice
from opencity_issues.forms.follows import FollowTimesForm
from opencity_issues.models import Citizen
from opencity_issues.queries.follows import follows_by_link
from opencity_issues.views.letters import ONE_CLICK
from opencity_issues.views.visit import city_of, private


@private
@csrf_exempt  # the token is the authority, and the mail program that posts has no cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_following(request: HttpRequest, token: str) -> HttpResponse:
    """What the letter told of, each with its timing. The mail program's one click ends all of it."""
    link = read_stop_token(token)
    if link is None:
        raise Http404
    if request.POST.get("List-Unsubscribe") == ONE_CLICK:
        _stop_all(link)
        return HttpResponse(status=204)
    followed = follows_by_link(link.user_id, link.follow_ids)
    form = FollowTimesForm(followed, request.POST if request.POST.get("do") == "change" else None)
    done = ""
    if request.method == "POST" and request.POST.get("do") == "stop":
        stop_by_link(link.user_id, link.follow_ids)
        done = "stopped"
    elif form.is_bound and form.is_valid():
        change_by_link(link.user_id, form.choices)
        done = "changed"
    if done:
        followed = follows_by_link(link.user_id, link.follow_ids)
        form = FollowTimesForm(followed)
    return _page(request, link, form, done)


def _stop_all(link: StopLink) -> None:
    """The one click is about the letter as a whole: where it told of the reader's own issues too, those letters end as well."""
    stop_by_link(link.user_id, link.follow_ids)
    citizen = Citizen.objects.filter(user_id=link.user_id, user__is_active=True).first()
    if link.own and citizen is not None:
        choose_letters(citizen, LetterChoice.NONE)


def _page(request: HttpRequest, link: StopLink, form: FollowTimesForm, done: str) -> HttpResponse:
    context = {
        "form": form,
        "done": done,
        "hour": city_of(request).config.digest_hour,
        "own_url": reverse("opencity_issues:letters", args=[token_of(link.user_id)]) if link.own else "",
    }
    status = 400 if form.is_bound and not form.is_valid() else 200
    response = render(request, "opencity_issues/letters/stop_following.html", context, status=status)
    # The address is a key to these letters: no other site learns it.
    response["Referrer-Policy"] = "no-referrer"
    return response
