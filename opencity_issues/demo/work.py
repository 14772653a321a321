"""How organisations work in the demonstration: executors by private link, notes, templates of answers, an absence."""

from __future__ import annotations

from datetime import datetime, timedelta

from opencity_issues.actions.cabinet import executor_links, work_as_executor
from opencity_issues.actions.cabinet.be_absent import be_absent
from opencity_issues.actions.cabinet.keep_templates import keep_template
from opencity_issues.actions.cabinet.write_note import write_note
from opencity_issues.actions.work_on_assignment import Answer
from opencity_issues.demo.story import Story
from opencity_issues.demo.town import DOMAIN, Town
from opencity_issues.models import ExecutorLink, Membership

NOTES = (
    "Кран звільниться у четвер, домовлено з диспетчером.",
    "Матеріали на складі є, накладну підписано.",
    "Майстер був на місці: потрібні двоє людей і пів дня.",
)
EXPLANATIONS = ("Були на місці, роботу внесено в план.", "Оглянули з бригадою, потрібна одна зміна.")
STILL_TO_DO = "Дякуємо. Приберіть, будь ласка, за собою і додайте фото з другого боку."
TEMPLATES = {
    "Прийнято, є дата": "Дякуємо за повідомлення № {number}. Роботи виконає {executor}, планова дата – {planned_date}.",
    "Потрібен огляд": "Повідомлення «{title}» отримано. Фахівець огляне місце протягом трьох робочих днів і повідомить про рішення.",
    "Немає коштів цього року": "На жаль, коштів на ці роботи в бюджеті цього року немає. Пропозицію внесено до плану на наступний рік.",
}
ABSENT = "dispatcher"


def link_given(s: Story) -> None:
    """Accepted with an executor who has a private link, and has told a day by it."""
    _accept(s.submit().after(0.4).see().after(1.2))
    link, at = _link(s.after(2)), s._office
    planned = at.astimezone(s.calendar.tz).date() + timedelta(days=s.random.randint(8, 20))
    work_as_executor.explain(link, Answer(s.random.choice(EXPLANATIONS), planned), now=at)
    _note(s.later(1))


def executor_reported(s: Story) -> None:
    """The executor has reported the work as done; the responsible worker is to confirm it."""
    _accept(s.submit().after(0.6))
    _report(s.after(3))


def sent_back(s: Story) -> None:
    """The report came back to the executor with what is still to be done."""
    _accept(s.submit().after(0.6))
    _report(s.after(3))
    organisation = s.organisations()[0]
    executor_links.send_back(
        s.after(4).issue, STILL_TO_DO, actor=s._worker(organisation), organisation=organisation, now=s._office
    )


def play_work(town: Town, now: datetime) -> None:
    """Templates of the roads, and a colleague who is away; again changes nothing."""
    roads, worker = town.organisations["roads"], town.people["roads"]
    for title, text in TEMPLATES.items():
        if not roads.answer_templates.filter(title=title).exists():
            keep_template(roads, title, text, actor=worker)
    members = Membership.objects.live().filter(organisation=roads).select_related("user")
    away = members.filter(user=town.people[ABSENT]).first()
    if away is not None and away.away_from is None:
        today = now.astimezone(town.city.config.zone).date()
        deputy = members.get(user=worker)
        be_absent(away, since=today, until=today + timedelta(days=9), deputy=deputy, actor=away.user, now=now)


def _accept(s: Story) -> None:
    for organisation in s.organisations():
        executor = s.random.choice(s.town.material.talk["executors"][organisation.slug])
        email = f"executor.{organisation.slug}@{DOMAIN}"
        s._move("T2", s._worker(organisation), organisation, s._office, executor=executor, executor_email=email)


def _link(s: Story) -> ExecutorLink:
    return ExecutorLink.objects.select_related("assignment__issue", "assignment__organisation").filter(
        assignment__issue=s.issue
    )[0]


def _report(s: Story) -> None:
    link, at = _link(s), s._office
    work_as_executor.report_done(
        link, s._done(link.assignment.organisation), media=s._photo(None, at, mended=True), now=at
    )


def _note(s: Story) -> None:
    organisation = s.organisations()[0]
    write_note(s.issue, s.random.choice(NOTES), actor=s._worker(organisation), organisation=organisation, now=s._office)
