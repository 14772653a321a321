"""The style guide: every component with sample data, for people who make themes. A demonstration serves it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from opencity_issues.models.settings import CitySettings

ROADS, LIGHTS, CONTROL = "КП «Дорожня служба»", "КП «Міськсвітло»", "Орган контролю"


class SampleForm(forms.Form):
    """One field of each kind; shown filled wrongly, as a form that came back."""

    title = forms.CharField(label="Назва", help_text="Одним реченням: що і де")
    text = forms.CharField(label="Опис", widget=forms.Textarea, required=False)
    email = forms.EmailField(label="Електронна пошта")
    district = forms.ChoiceField(label="Район", choices=[("1", "Центр"), ("2", "Старе місто")])
    answer = forms.ChoiceField(
        label="Як відповісти", choices=[("mail", "Листом"), ("card", "На картці")], widget=forms.RadioSelect
    )
    show_author = forms.BooleanField(
        label="Показати моє ім’я всім", help_text="Інакше його бачать лише Організації", required=False
    )


def _issues(now: datetime) -> list[dict[str, Any]]:
    """Rows in each status: overdue, again, without a photo."""
    common = {"url": "#", "photo": None, "icon": "construction"}
    return [
        {
            **common,
            "number": 214,
            "title": "Глибока яма на переході біля школи № 2",
            "status": "open",
            "overdue": True,
            "published_at": now - timedelta(hours=2),
            "place": "вул. Шевченка, 14",
            "categories": ["Ями на дорогах"],
            "due_at": now - timedelta(days=2),
            "organisation": ROADS,
            "support_count": 12,
            "unread": True,
        },
        {
            **common,
            "number": 209,
            "title": "Не світить ліхтар біля під’їзду третій тиждень поспіль, темно й небезпечно",
            "status": "accepted",
            "again": True,
            "published_at": now - timedelta(days=5),
            "place": "вул. Лісова, 7",
            "categories": ["Зовнішнє освітлення"],
            "due_at": now + timedelta(days=3),
            "organisation": LIGHTS,
            "comment_count": 4,
            "icon": "lightbulb",
        },
        {
            **common,
            "number": 180,
            "title": "Зламана лавка в парку",
            "status": "closed",
            "icon": "armchair",
            "published_at": now - timedelta(days=10),
            "place": "Центральний парк",
            "categories": ["Лавочки, альтанки"],
        },
        {
            **common,
            "number": 96,
            "title": "Переповнені контейнери",
            "status": "archived",
            "icon": "container",
            "published_at": now - timedelta(days=60),
            "categories": ["Контейнери для сміття"],
        },
    ]


def _events(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "kind": "question",
            "moment": now - timedelta(hours=3),
            "title": "Дорожня служба питає автора",
            "party": ROADS,
            "text": "Яма на проїжджій частині чи на тротуарі?",
        },
        {"kind": "warning", "moment": now - timedelta(days=1), "title": "Нагадано про строк", "party": CONTROL},
        {
            "kind": "status",
            "status": "accepted",
            "moment": now - timedelta(days=4),
            "title": "Прийнято в роботу",
            "party": ROADS,
            "text": "Виконавець: майстер дільниці № 2.",
        },
        {"kind": "routed", "moment": now - timedelta(days=6), "title": f"Надіслано: {ROADS}"},
        {"kind": "status", "status": "open", "moment": now - timedelta(days=20), "title": "Опубліковано"},
    ]


def _comments(now: datetime) -> list[dict[str, Any]]:
    return [
        {"id": 1, "moment": now - timedelta(hours=5), "text": "Учора вдарив колесо саме тут."},
        {"id": 2, "organisation": ROADS, "moment": now - timedelta(hours=1), "text": "Ремонт запланували на четвер."},
        {"id": 3, "moment": now, "hidden": True},
    ]


def _categories() -> list[dict[str, Any]]:
    leaves = [{"code": "3.8", "name": "Ями на дорогах"}, {"code": "3.9", "name": "Тротуари"}]
    return [
        {"code": "3", "name": "Дорожньо-вулична мережа", "icon": "route", "children": leaves, "open": True},
        {"code": "4", "name": "Зелені насадження", "icon": "leaf", "children": [{"code": "4.1", "name": "Дерева"}]},
        {"code": "8", "name": "Інше", "icon": "circle-help"},
    ]


def _scheme_url() -> str:
    try:
        return reverse("opencity_issues:map_scheme")
    except NoReverseMatch:
        return ""


def style_guide(request: HttpRequest) -> HttpResponse:
    """`?look=dark` or `?look=light` shows one of the two looks whatever the system prefers."""
    now = timezone.now()
    queues = [
        {"name": "Прострочені", "url": "#", "count": 2, "late": True},
        {"name": "Нові", "url": "#", "count": 5, "urgent": True},
        {"name": "До прийняття", "url": "#", "count": 8, "current": True},
        {"name": "У роботі", "url": "#", "count": 31},
    ]
    sample = {
        "config": CitySettings(),
        "scheme_url": _scheme_url(),
        "again": {"status": "open", "again": True, "overdue": True},
        "issues": _issues(now),
        "events": _events(now),
        "comments": _comments(now),
        "form": SampleForm({"title": "", "text": "Опис лишився", "email": "не пошта", "district": "1"}),
        "categories": _categories(),
        "page": Paginator(range(100), 10).page(2),
        "groups": [{"queues": queues}, {"title": "Готове", "queues": [{"name": "Закриті", "url": "#", "count": 120}]}],
        "news": [
            {"url": "#", "title": "На Шевченка засипали всі ями", "date": now, "intro": "Вісім проблем за тиждень."},
            {"url": "#", "title": "Робоча група зустрічається в четвер", "date": now - timedelta(days=9)},
        ],
    }
    look = request.GET.get("look", "")
    shell = {"opencity": {"look": look, "look_fixed": True}} if look in ("light", "dark") else {}
    return render(request, "opencity_issues/style_guide.html", {"sample": sample, **shell})
