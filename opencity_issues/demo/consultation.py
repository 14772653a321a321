"""What the demonstration shows of consultation (5.5, 5.6) and of calls: made once, by the real actions, in the recent past."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import font_roboto
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from fpdf import FPDF

from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.actions.consultation import consult, hold_seminar, plan_consultation
from opencity_issues.actions.consultation.hold_seminar import Guest, SeminarWords
from opencity_issues.actions.consultation.plan_consultation import Measure, PlanWords
from opencity_issues.actions.consultation.publish_instruction import publish_instruction
from opencity_issues.actions.record_call import CallerWords, record_call
from opencity_issues.actions.submit_issue import Report
from opencity_issues.demo.town import Town
from opencity_issues.enums import Way
from opencity_issues.models import Attendance, ConsultationPlan, Notice

INSTRUCTION = (
    "Як відповідати мешканцям",
    "Відповідь читають усі. Пишіть просто: що зроблено або буде зроблено, хто відповідає і коли.\n\n"
    "1. Щодня переглядайте скриньку та кабінет (п. 4.1).\n"
    "2. Протягом одного робочого дня поінформуйте керівника (п. 4.2).\n"
    "3. Протягом трьох робочих днів прийміть проблему в роботу і назвіть виконавця (п. 4.3).\n"
    "4. Якщо вирішити зараз неможливо, поясніть причини і назвіть заплановану дату (п. 4.4).",
)


def play_consultation(town: Town, now: datetime) -> None:
    """One agreed plan, a past and a coming seminar, two questions, one instruction. A second run adds nothing."""
    if ConsultationPlan.objects.filter(city=town.city).exists():
        return
    # One transaction: letters of the past are marked as sent before any worker can see them.
    with transaction.atomic():
        before = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        _plan(town, now)
        _seminars(town, now)
        _questions(town, now)
        publish_instruction(
            town.city, *INSTRUCTION, _pdf(*INSTRUCTION), now=now - timedelta(days=5), **_moderator(town)
        )
        letters = Notice.objects.filter(city=town.city, event=None, pk__gt=before)
        letters.filter(created_at__lt=now - timedelta(days=1)).update(sent_at=F("created_at"))


def play_call(town: Town, now: datetime) -> None:
    """An issue telephoned in, solved since: the caller is to be told."""
    by = {"actor": town.people["control"], "organisation": town.organisations["control"]}
    lng, lat = town.city.config.centre_point
    report = Report(
        "Не світить ліхтар біля поліклініки",
        "Третій вечір темно на доріжці від зупинки до входу. Люди йдуть навпомацки.",
        [town.categories["2.2"]],
        (lng + 0.004, lat + 0.002),
        "вул. Шкільна, біля поліклініки",
    )
    called = _at(town, now - timedelta(days=6), time(10, 20))
    with transaction.atomic():
        caller = CallerWords("Ніна Семенівна Гриб", "(0000) 22-33-44", consents=True)
        issue = record_call(town.city, report, caller, now=called, **by)
        lighting = {"actor": town.people["lighting"], "organisation": town.organisations["lighting"]}
        accepted = Move(executor="Електромонтер Юрій Світлюк")
        change_status(issue, "T2", move=accepted, now=called + timedelta(hours=4), **lighting)
        done = Move(answer="Замінили лампу і пускач, ліхтар світить.")
        change_status(issue, "T5", move=done, now=_at(town, now - timedelta(days=1), time(15, 40)), **lighting)
        Notice.objects.filter(issue=issue).update(sent_at=now)


def _plan(town: Town, now: datetime) -> None:
    local = now.astimezone(town.city.config.zone).date()
    first, last = local - timedelta(days=40), local + timedelta(days=50)
    words = PlanWords(
        first,
        last,
        "Щоб кожен відповідальний працівник вчасно приймав проблеми, відповідав мешканцям простими словами "
        "і знав, що робити, коли проблема не його.",
        [
            Measure("Консультації телефоном щовівторка і щочетверга, з 10:00 до 12:00", Way.PHONE),
            Measure("Відповіді на запитання в кабінеті протягом двох робочих днів", Way.SYSTEM),
            Measure("Семінар «Перші кроки в кабінеті»", Way.MEETING, local - timedelta(days=12)),
            Measure("Пам’ятка «Як відповідати мешканцям»", Way.EMAIL, local - timedelta(days=5)),
            Measure("Семінар «Відповідь, яку зрозуміють»", Way.MEETING, local + timedelta(days=6)),
        ],
    )
    control = {"actor": town.people["control"], "organisation": town.organisations["control"]}
    plan = plan_consultation.set_plan(town.city, words, now=now - timedelta(days=43), **control)
    plan_consultation.send_plan(plan, now=now - timedelta(days=43), **control)
    plan_consultation.agree_plan(plan, now=now - timedelta(days=41), **_moderator(town))
    for item in plan.items.filter(due_on__lte=local):
        moment = datetime.combine(item.due_on, time(17), tzinfo=town.city.config.zone)
        plan_consultation.tick_measure(item, done=True, now=moment, **_moderator(town))


def _seminars(town: Town, now: datetime) -> None:
    place = "вул. Шкільна, 6, зала ГО «Відкрите подвір’я»"
    held = _at(town, now - timedelta(days=12), time(14))
    words = SeminarWords(
        "Перші кроки в кабінеті", held, place, 90, "1. Що робити з новою проблемою.\n2. Строки.\n3. Запитання."
    )
    past = hold_seminar.announce_seminar(town.city, words, now=now - timedelta(days=25), **_moderator(town))
    for slug in ("roads", "lighting", "housing", "water"):
        _sign_up(town, past, slug, now - timedelta(days=20))
    came = Attendance.objects.filter(seminar=past).exclude(user=town.people["water"]).values_list("pk", flat=True)
    guests = [Guest(town.organisations["greenery"], "Марта Садівська")]
    hold_seminar.mark_attendance(past, list(came), guests, now=held + timedelta(hours=2), **_moderator(town))
    words = SeminarWords(
        "Відповідь, яку зрозуміють",
        _at(town, now + timedelta(days=6), time(14)),
        place,
        60,
        "Як пояснити, що буде зроблено і коли; як пояснити, чому зараз не вийде.",
    )
    coming = hold_seminar.announce_seminar(town.city, words, now=now - timedelta(days=3), **_moderator(town))
    for slug in ("lighting", "cleaning"):
        _sign_up(town, coming, slug, now - timedelta(days=2))


def _questions(town: Town, now: datetime) -> None:
    def ask(slug: str, question: str, moment: datetime) -> Any:
        organisation = town.organisations[slug]
        return consult.ask(organisation, question, actor=town.people[slug], now=moment)

    asked = ask(
        "housing",
        "Мешканці скаржаться на сміття біля будинку, але двір за договором прибирає інше підприємство. "
        "Чи можна повернути проблему, чи треба відповісти самим?",
        now - timedelta(days=9, hours=3),
    )
    consult.answer(
        asked,
        "Поверніть її з поясненням, чия це ділянка: орган контролю надішле проблему туди. Мешканцям відповідати не "
        "потрібно, повернення з причиною видно на картці.",
        now=now - timedelta(days=8, hours=20),
        **_moderator(town),
    )
    ask(
        "lighting",
        "Лампу замінимо лише після постачання у наступному місяці. Це вже «обґрунтовані причини» за п. 4.4, чи досить "
        "запланованої дати?",
        now - timedelta(hours=5),
    )


def _sign_up(town: Town, seminar: Any, slug: str, moment: datetime) -> None:
    hold_seminar.sign_up(seminar, actor=town.people[slug], organisation=town.organisations[slug], now=moment)


def _moderator(town: Town) -> dict[str, Any]:
    return {"actor": town.people["moderator"], "organisation": town.organisations["moderator"]}


def _at(town: Town, moment: datetime, hour: time) -> datetime:
    """The hour of that day in the city's time."""
    day = moment.astimezone(town.city.config.zone).date()
    return datetime.combine(day, hour, tzinfo=town.city.config.zone)


def _pdf(title: str, text: str) -> SimpleUploadedFile:
    paper = FPDF(format="A4")
    paper.add_font("Roboto", fname=font_roboto.Roboto)
    paper.add_page()
    paper.set_font("Roboto", size=18)
    paper.multi_cell(0, 10, title, new_x="LMARGIN", new_y="NEXT")
    paper.ln(4)
    paper.set_font("Roboto", size=12)
    paper.multi_cell(0, 7, text, new_x="LMARGIN", new_y="NEXT")
    return SimpleUploadedFile("instruction.pdf", bytes(paper.output()), content_type="application/pdf")
