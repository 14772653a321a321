"""Every deed of the procedure with who may do it: written from the procedure, not from the code.

A deed is brought about in the situation that its clause asks for, so that whoever may do it can, and anybody else is
refused for who he or she is. Transitions of 3.2 have a table of their own in situations.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from opencity_issues.actions import (
    check_issue,
    complain,
    contribute,
    correct_issue,
    follow,
    merge_duplicates,
    message_organisation,
    moderate_issue,
    record_call,
    route_issue,
    support_issue,
    work_on_assignment,
)
from opencity_issues.actions.cabinet import (
    be_absent,
    executor_links,
    keep_templates,
    keep_views,
    manage_members,
    record_look,
    work_as_executor,
    write_note,
)
from opencity_issues.actions.city import change_matrix
from opencity_issues.actions.clock import miss_deadlines, recount_deadlines
from opencity_issues.actions.community import declare_project, moderate_undertaking, organise_initiative, take_part
from opencity_issues.actions.consultation import consult, hold_seminar, plan_consultation, publish_instruction
from opencity_issues.actions.letters import handle_bounces
from opencity_issues.actions.reports import compile_report
from opencity_issues.actions.submit_issue import Report
from opencity_issues.enums import CheckOutcome, ReportKind, Way
from opencity_issues.models import (
    CalendarDay,
    Category,
    Consultation,
    IssuePage,
    Membership,
    Notice,
)
from opencity_issues.procedure.report_periods import Period
from opencity_issues.queries.matrix.matrix import Changes, read_matrix
from tests.factories import NOON, PLACE, Town, person
from tests.issues import situations

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = NOON + HOUR
"""When the deeds are tried."""

# Who acts for which of the city's organisations. "" is nobody but oneself.
WORKER = frozenset({("roads", "roads")})
"""The responsible worker of the organisation that has the issue (2.4)."""
CONTROL = frozenset({("control", "control")})
MODERATOR = frozenset({("moderator", "ngo")})
OPERATOR = frozenset({("operator", "")})
AUTHOR = frozenset({("author", "")})
NEIGHBOUR = frozenset({("neighbour", "")})
MEMBERS = WORKER | CONTROL | MODERATOR | {("lighting", "lighting")}
"""Every responsible worker, control and moderation being functions of organisations too."""
ABROAD = frozenset({("foreign", "abroad")})
"""The control body and moderator of another city: in what is its own, and never in this city's."""
REGISTERED = frozenset(
    (who, "")
    for who in (
        "author",
        "neighbour",
        "roads",
        "lighting",
        "control",
        "moderator",
        "operator",
        "editor",
        "former",
        "foreign",
    )
)
"""Any registered citizen who is not blocked (2.2), whatever else he or she is."""

OFFICES = ("roads", "lighting", "control", "ngo", "abroad")
ONESELF = ("",)


@dataclass(frozen=True)
class Page:
    """Where a browser does the deed: the path for an organisation's short name, and what is posted."""

    path: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """`prepare` makes what is acted upon; `act` does it as somebody for an organisation; `offices` are tried in turn.

    `covers` names the actions whose permission this row holds.
    """

    clause: str
    who: frozenset[tuple[str, str]]
    prepare: Callable[[Town], Any]
    act: Callable[[Town, Any, dict[str, Any]], Any]
    covers: str
    offices: tuple[str, ...] = OFFICES
    page: Callable[[Town, Any], Page] | None = None
    impossible: frozenset[tuple[str, str]] = frozenset()
    """Who may, were it not that the situation makes no sense for them."""


# --- situations -------------------------------------------------------------------------------------------------------


def by(town: Town, who: str) -> dict[str, Any]:
    """Who acts in a situation: actor, organisation, moment."""
    person_, organisation = {
        "roads": (town.roads_worker, town.roads),
        "control": (town.controller, town.control),
        "moderator": (town.moderator, town.ngo),
    }[who]
    return {"actor": person_, "organisation": organisation, "now": NOON}


def open_issue(town: Town) -> IssuePage:
    return town.issue()


def accepted(town: Town) -> IssuePage:
    return town.accept(town.issue(), town.roads)


def missed(town: Town) -> IssuePage:
    """4.3 has passed, and the city sends nothing by itself."""
    town.city.config.automatic_messages = False
    town.city.config.save()
    issue = town.issue()
    miss_deadlines.record_missed(NOON + 5 * DAY)
    return IssuePage.objects.get(pk=issue.pk)


def closed(town: Town) -> IssuePage:
    return town.close(town.issue())


def with_link(town: Town) -> IssuePage:
    return town.accept(town.issue(), town.roads, executor_email="master@city.example")


def executor_done(town: Town) -> IssuePage:
    issue = with_link(town)
    work_as_executor.report_done(issue.assignments.get().links.get(), "Засипано.", now=NOON)
    return issue


def called(town: Town) -> IssuePage:
    report = Report(
        title="Яма", description="Глибока яма.", categories=[Category.objects.get(code="3.8")], location=PLACE
    )
    return record_call.record_call(
        town.city, report, record_call.CallerWords("Іван Телефонний", "050 123 45 67", True), **by(town, "control")
    )


def called_and_closed(town: Town) -> IssuePage:
    return town.close(called(town))


def called_and_asked(town: Town) -> IssuePage:
    issue = town.accept(called(town), town.roads)
    work_on_assignment.ask_author(issue, "Де саме?", **by(town, "roads"))
    return issue


def commented(town: Town) -> Any:
    return contribute.comment(town.issue(), "Так і є.", actor=town.neighbour, now=NOON)


def hidden(town: Town) -> Any:
    words = commented(town)
    moderate_issue.hide(words, reason="Образа", **by(town, "moderator"))
    return words


def followed(town: Town) -> Any:
    return follow.follow(town.city, town.roads, actor=town.neighbour, now=NOON)


def flagged(town: Town) -> Any:
    return contribute.flag_unsolved(closed(town), "Яма є.", actor=town.neighbour, now=NOON)


def blocked_neighbour(town: Town) -> Any:
    commented(town)  # the moderator's list names those who wrote in the city
    moderate_issue.block_citizen(town.neighbour, reason="Образи", **by(town, "moderator"))
    return town.neighbour


def complained(town: Town) -> Any:
    return complain.complain(town.issue(), "vague", "Немає місця.", **by(town, "roads"))


def bounced(town: Town) -> Notice:
    issue = town.issue()
    notices = Notice.objects.filter(issue=issue, recipient=f"organisation:{town.roads.pk}")
    notices.update(failed_at=NOON)
    return notices.select_related("issue").get()


def two(town: Town) -> tuple[IssuePage, IssuePage]:
    return town.issue(), town.issue(title="Та сама яма", author=town.neighbour, now=NOON + timedelta(minutes=5))


def merged(town: Town) -> IssuePage:
    main, duplicate = two(town)
    merge_duplicates.merge(duplicate, main, **by(town, "moderator"))
    return IssuePage.objects.get(pk=duplicate.pk)


def asked_author(town: Town) -> IssuePage:
    issue = accepted(town)
    work_on_assignment.ask_author(issue, "Де саме?", **by(town, "roads"))
    return issue


PLAN = plan_consultation.PlanWords(
    first_day=date(2026, 3, 1),
    last_day=date(2026, 3, 31),
    text="Поради на березень",
    measures=[plan_consultation.Measure("Обдзвонити Організації")],
)


def planned(town: Town) -> Any:
    return plan_consultation.set_plan(town.city, PLAN, **by(town, "control"))


def sent_plan(town: Town) -> Any:
    return plan_consultation.send_plan(planned(town), **by(town, "control"))


def agreed_plan(town: Town) -> Any:
    return plan_consultation.agree_plan(sent_plan(town), **by(town, "moderator"))


def question(town: Town) -> Consultation:
    asking = by(town, "roads")
    return consult.ask(asking.pop("organisation"), "Як відповідати?", **asking)


SEMINAR = hold_seminar.SeminarWords(title="Навчання", starts_at=NOON + 5 * DAY, place="Зала ради")


def seminar(town: Town) -> Any:
    return hold_seminar.announce_seminar(town.city, SEMINAR, **by(town, "moderator"))


def begun_seminar(town: Town) -> Any:
    found = seminar(town)
    found.starts_at = NOON
    found.save()
    return found


def instruction(town: Town) -> Any:
    return publish_instruction.publish_instruction(
        town.city, "Пам’ятка", "Відповідайте по суті.", **by(town, "moderator")
    )


WEEK = Period(date(2026, 2, 23), date(2026, 3, 1))


def draft(town: Town) -> Any:
    return compile_report.draft(town.ngo, ReportKind.WEEKLY, WEEK, actor=town.moderator, now=NOON)[0]


def general(town: Town) -> Any:
    period = Period(date(2026, 1, 10), date(2026, 2, 10))
    return compile_report.draft(town.control, ReportKind.GENERAL, period, actor=town.controller, now=NOON)[0]


def signed(town: Town) -> Any:
    return compile_report.sign(draft(town), "Голова правління", "Висновки.", actor=town.moderator, now=NOON)


def passed(town: Town) -> Any:
    return compile_report.pass_on(signed(town), actor=town.moderator, now=NOON)


def old_draft(town: Town) -> Any:
    """Of a week that 5.4 asks for no more, so that it can be thrown away."""
    period = Period(date(2020, 1, 6), date(2020, 1, 12))
    return compile_report.draft(town.ngo, ReportKind.WEEKLY, period, actor=town.moderator, now=NOON)[0]


def template(town: Town) -> Any:
    return keep_templates.keep_template(town.roads, "Прийнято", "Буде зроблено.", actor=town.roads_worker)


def membership(town: Town) -> Membership:
    return Membership.objects.get(organisation=town.roads, user=town.roads_worker)


def absent(town: Town) -> Membership:
    return be_absent.be_absent(membership(town), since=date(2026, 3, 9), actor=town.roads_worker, now=NOON)


def colleague(town: Town) -> Membership:
    return town.join(town.roads, person("colleague@city.example"))


def invited(town: Town) -> Any:
    return manage_members.invite(town.roads, "new@city.example", actor=town.roads_worker)[0]


def view(town: Town) -> Any:
    return keep_views.keep_view(town.roads, "Мої", "queue=overdue", actor=town.roads_worker)


def day_off(town: Town) -> IssuePage:
    issue = town.issue()
    CalendarDay.objects.create(settings=town.city.config, date=date(2026, 3, 4), is_working=False)
    return issue


MEETING = organise_initiative.InitiativeWords(
    text="Приберемо й пофарбуємо.", starts_at=NOON + 3 * DAY, place="Біля арки", tasks=["Принести граблі"]
)


def gathered(town: Town) -> Any:
    """A meeting that the neighbour has announced."""
    return organise_initiative.start(town.issue(), MEETING, actor=town.neighbour, now=NOON)


def joined(town: Town) -> Any:
    """The same, and everybody of `REGISTERED` takes part, so that each can leave."""
    found = gathered(town)
    for user in get_user_model().objects.exclude(pk=town.neighbour.pk):
        found.participants.create(user=user)
    return found


def hidden_meeting(town: Town) -> Any:
    found = gathered(town)
    moderate_undertaking.hide(found, reason="Реклама", **by(town, "moderator"))
    return found


def project_words(*issues: IssuePage) -> declare_project.ProjectWords:
    return declare_project.ProjectWords(
        title="Освітлені двори",
        text="Поставимо ліхтарі.",
        starts_on=date(2026, 3, 10),
        ends_on=date(2026, 4, 10),
        numbers=[one.number for one in issues],
    )


def declared(town: Town) -> Any:
    return declare_project.declare(town.city, project_words(town.issue()), **by(town, "roads"))


def hidden_project(town: Town) -> Any:
    found = declared(town)
    moderate_undertaking.hide(found, reason="Реклама", **by(town, "moderator"))
    return found


# --- pages ------------------------------------------------------------------------------------------------------------

FILLED = {
    "executor": "Майстер дільниці",
    "kind": "solve",
    "text": "Зробимо до п’ятниці.",
    "answer": "Зроблено.",
    "reason": "Є підстави.",
    "ground": "terms",
    "planned_date": "",
}


def desk(name: str, issue: Callable[[Any], IssuePage] = lambda subject: subject, **said: Any) -> Callable[..., Page]:
    """A deed at the desk; what depends on the town or the subject is said by functions of both."""

    def page(town: Town, subject: Any) -> Page:
        filled = {key: value(town, subject) if callable(value) else value for key, value in said.items()}
        part = filled.pop("part", "")
        query = f"?issue={issue(subject).number}&do={name}" + (f"&part={part}" if part else "")
        return Page(query, {**FILLED, **filled})

    return page


def room(path: str, **said: Any) -> Callable[..., Page]:
    """A form in a room of the cabinet; `path` may name the subject's key or number."""

    def page(town: Town, subject: Any) -> Page:
        filled = {key: value(town, subject) if callable(value) else value for key, value in said.items()}
        return Page(path.format(pk=getattr(subject, "pk", ""), number=getattr(subject, "number", "")), filled)

    return page


def key_of(_town: Town, subject: Any) -> str:
    return str(subject.pk)


def words_of(_town: Town, subject: Any) -> str:
    return f"words-{subject.pk}"


def issue_of(subject: Any) -> IssuePage:
    return subject.issue


def only(name: str) -> Callable[[Town, Any], Any]:
    """The key of one of the town's organisations."""
    return lambda town, _subject: getattr(town, name).pk


MEASURES = {
    "measures-TOTAL_FORMS": "1",
    "measures-INITIAL_FORMS": "0",
    "measures-0-what": "Обдзвонити",
    "measures-0-way": "phone",
    "measures-0-due_on": "",
}
PLAN_FORM = {"first_day": "2026-04-01", "last_day": "2026-04-30", "text": "Квітень", **MEASURES}
SEMINAR_FORM = {"title": "Навчання", "starts_at": "2026-03-12T10:00", "minutes": "90", "place": "Зала", "text": ""}
CALL_FORM = {
    "title": "Яма",
    "description": "Глибока яма.",
    "categories": "3.8",
    "lng": str(PLACE[0]),
    "lat": str(PLACE[1]),
    "address": "",
    "name": "Іван",
    "phone": "050 123 45 67",
    "consent": "on",
}


# --- the table --------------------------------------------------------------------------------------------------------

DEEDS: dict[str, Deed] = {
    # 4.1–4.5 the organisation that has the issue
    "seen": Deed("4.1", WORKER, open_issue,
        lambda town, issue, as_: work_on_assignment.mark_seen(issue, **as_), "work_on_assignment.mark_seen",
        page=desk("seen")),
    "inform-head": Deed("4.2", WORKER, open_issue,
        lambda town, issue, as_: work_on_assignment.inform_head(issue, **as_), "work_on_assignment.inform_head",
        page=desk("inform-head", way="meeting")),
    "name-executor": Deed("4.3", WORKER, accepted,
        lambda town, issue, as_: work_on_assignment.name_executor(issue, "Інший майстер", **as_),
        "work_on_assignment.name_executor", page=desk("name-executor", executor="Інший майстер", executor_email="")),
    "give a link": Deed("4.5", WORKER, accepted,
        lambda town, issue, as_: work_on_assignment.name_executor(issue, "Майстер", email="m@city.example", **as_),
        "work_on_assignment.name_executor", page=desk("name-executor", executor_email="m@city.example")),
    "end-link": Deed("2.8", WORKER, with_link,
        lambda town, issue, as_: executor_links.revoke(issue, **as_), "executor_links.revoke", page=desk("end-link")),
    "send-back": Deed("4.5", WORKER, executor_done,
        lambda town, issue, as_: executor_links.send_back(issue, "Не доробили.", **as_), "executor_links.send_back",
        page=desk("send-back")),
    "ask": Deed("4.4", WORKER, accepted,
        lambda town, issue, as_: work_on_assignment.ask_author(issue, "Де саме?", **as_), "work_on_assignment.ask_author",
        page=desk("ask")),
    "answer": Deed("4.4", WORKER, accepted,
        lambda town, issue, as_: work_on_assignment.give_answer(issue, work_on_assignment.Answer("Буде."), **as_),
        "work_on_assignment.give_answer", page=desk("answer")),
    "rework-done": Deed("4.7", WORKER,
        lambda town: town.accept(town.move(closed(town), "T14", town.author), town.roads),
        lambda town, issue, as_: work_on_assignment.report_rework_done(issue, "Доробили.", **as_),
        "work_on_assignment.report_rework_done", page=desk("rework-done")),
    "return": Deed("2.9", WORKER, open_issue,
        lambda town, issue, as_: work_on_assignment.return_assignment(issue, "Не наше.", **as_),
        "work_on_assignment.return_assignment", page=desk("return")),
    "complain": Deed("5.3", WORKER, open_issue,
        lambda town, issue, as_: complain.complain(issue, "vague", "Немає місця.", **as_), "complain.complain",
        page=desk("complain", kind="vague")),
    "note": Deed("3.3", WORKER | CONTROL | MODERATOR, open_issue,
        lambda town, issue, as_: write_note.write_note(issue, "Подзвонити.", **as_), "write_note.write_note",
        page=desk("note")),
    "correct": Deed("3.6", WORKER | CONTROL | MODERATOR, open_issue,
        lambda town, issue, as_: correct_issue.correct_place_or_category(issue, address="вул. Нова, 1", **as_),
        "correct_issue.correct_place_or_category"),
    # 2.9, 4.3, 4.4 the control body
    "assign": Deed("2.9", CONTROL, open_issue,
        lambda town, issue, as_: route_issue.assign(issue, town.housing, **as_), "route_issue.assign",
        page=desk("assign", organisation=only("housing"))),
    "warn": Deed("4.3", CONTROL, open_issue,
        lambda town, issue, as_: message_organisation.send_warning(issue, town.roads, "Терміново.", **as_),
        "message_organisation.send_warning", page=desk("warn", organisation=only("roads"), way="")),
    "warn by telephone": Deed("4.3", CONTROL, open_issue,
        lambda town, issue, as_: message_organisation.send_warning(
            issue, town.roads, "Дзвонили.", way=Way.PHONE, **as_),
        "message_organisation.send_warning", page=desk("warn", organisation=only("roads"), way="phone")),
    "record a call": Deed("2.9", CONTROL, lambda town: None,
        lambda town, _none, as_: record_call.record_call(
            town.city,
            Report("Яма", "Глибока.", [Category.objects.get(code="3.8")], PLACE),
            record_call.CallerWords("Іван", "050 123 45 67", True), **as_),
        "record_call.record_call", page=room("calls/", do="record", **CALL_FORM)),
    "caller-reply": Deed(
        "4.4",
        CONTROL,
        called_and_asked,
        lambda town, issue, as_: record_call.reply_for_caller(issue, "Біля школи.", **as_),
        "record_call.reply_for_caller",
        page=desk("caller-reply"),
    ),
    "caller-told": Deed("2.9", CONTROL, called_and_closed,
        lambda town, issue, as_: record_call.tell_caller(issue, **as_), "record_call.tell_caller",
        page=desk("caller-told")),
    "remove a caller": Deed("2.9", CONTROL, called,
        lambda town, issue, as_: record_call.remove_caller(issue, **_without_now(as_)), "record_call.remove_caller",
        page=room("calls/", do="remove", issue=lambda town, issue: issue.number)),
    "bounce-handled": Deed("3.4", CONTROL, bounced,
        lambda town, notice, as_: handle_bounces.handle_bounce(notice, "Подзвонили.", way=Way.PHONE, **as_),
        "handle_bounces.handle_bounce", page=room("letters/", do="handled", key=key_of, way="phone", text="Подзвонили.")),
    "send-again": Deed("3.4", CONTROL, bounced,
        lambda town, notice, as_: handle_bounces.send_again(notice, **as_), "handle_bounces.send_again",
        page=room("letters/", do="again", key=key_of)),
    # 5.1, 5.2 moderation; 3.2, 4.7 checking
    "publish": Deed("5.1", MODERATOR, situations.hold,
        lambda town, issue, as_: moderate_issue.publish_held(issue, **as_), "moderate_issue.publish_held",
        page=desk("publish")),
    "refuse": Deed("5.2", MODERATOR, situations.hold,
        lambda town, issue, as_: moderate_issue.refuse(issue, ground="obscene", reason="Лайка", **as_),
        "moderate_issue.refuse", page=desk("refuse", ground="obscene")),
    "take-down": Deed("5.1", MODERATOR, open_issue,
        lambda town, issue, as_: moderate_issue.take_down(issue, ground="terms", reason="Умови", **as_),
        "moderate_issue.take_down", page=desk("take-down")),
    "put-back": Deed("5.1", MODERATOR, situations.taken_down,
        lambda town, issue, as_: moderate_issue.publish_held(issue, **as_), "moderate_issue.publish_held",
        page=desk("put-back")),
    "repeat": Deed("4.3", MODERATOR, open_issue,
        lambda town, issue, as_: message_organisation.repeat_message(issue, town.roads, "Просимо.", **as_),
        "message_organisation.repeat_message", page=desk("repeat", organisation=only("roads"), way="")),
    "hide": Deed("5.1", MODERATOR, commented,
        lambda town, words, as_: moderate_issue.hide(words, reason="Образа", **as_), "moderate_issue.hide",
        page=desk("hide", issue_of, part=words_of)),
    "show": Deed("5.1", MODERATOR, hidden,
        lambda town, words, as_: moderate_issue.show_again(words, **as_), "moderate_issue.show_again",
        page=desk("show", issue_of, part=words_of)),
    "handle-flag": Deed("3.2", MODERATOR, flagged,
        lambda town, flag, as_: moderate_issue.handle_flag(flag, **as_), "moderate_issue.handle_flag",
        page=desk("handle-flag", issue_of, part=words_of)),
    # An account is the installation's, and so is its block.
    "block": Deed("5.1", MODERATOR | ABROAD, commented,
        lambda town, words, as_: moderate_issue.block_citizen(town.neighbour, reason="Образи", **as_),
        "moderate_issue.block_citizen", page=desk("block", issue_of, part=words_of)),
    "unblock": Deed("5.1", MODERATOR | ABROAD, blocked_neighbour,
        lambda town, user, as_: moderate_issue.unblock_citizen(user, **_without_now(as_)),
        "moderate_issue.unblock_citizen",
        page=lambda town, user: Page(f"?do=unblock&part={user.opencity_citizen.pk}", {})),
    "handle-complaint": Deed("5.3", MODERATOR, complained,
        lambda town, words, as_: complain.handle_complaint(words, "Уточнено.", **as_), "complain.handle_complaint",
        page=desk("handle-complaint", issue_of, part=words_of)),
    "merge": Deed("3.3", MODERATOR, two,
        lambda town, pair, as_: merge_duplicates.merge(pair[1], pair[0], **as_), "merge_duplicates.merge",
        page=lambda town, pair: Page(f"duplicates/{pair[1].number}/", {"number": pair[0].number})),
    "split": Deed("3.3", MODERATOR, merged,
        lambda town, issue, as_: merge_duplicates.split(issue, "Інша яма.", **as_), "merge_duplicates.split",
        page=desk("split")),
    "check": Deed("3.2", MODERATOR, closed,
        lambda town, issue, as_: check_issue.check_issue(issue, CheckOutcome.SOLVED, "Засипано.", **as_),
        "check_issue.check_issue", page=room("visits/{number}/", outcome="solved", text="Засипано.")),
    "check, not solved": Deed("4.7", MODERATOR, closed,
        lambda town, issue, as_: check_issue.check_issue(issue, CheckOutcome.NOT_SOLVED, "Яма є.", **as_),
        "check_issue.check_issue", page=room("visits/{number}/", outcome="not_solved", text="Яма є.")),
    "open again": Deed("4.7", MODERATOR, closed,
        lambda town, issue, as_: check_issue.reopen(issue, "T14", "Яма є.", **as_), "check_issue.reopen",
        page=desk("T14")),
    # 5.5 the plan; 5.6 advice
    "set a plan": Deed("5.5", CONTROL, lambda town: None,
        lambda town, _none, as_: plan_consultation.set_plan(town.city, PLAN, **as_), "plan_consultation.set_plan",
        page=room("consultation/plans/new/", **PLAN_FORM)),
    "change a plan": Deed("5.5", CONTROL, planned,
        lambda town, plan, as_: plan_consultation.change_plan(plan, PLAN, **_without_now(as_)),
        "plan_consultation.change_plan", page=room("consultation/plans/{pk}/change/", **PLAN_FORM)),
    "discard a plan": Deed("5.5", CONTROL, planned,
        lambda town, plan, as_: plan_consultation.discard_plan(plan, **_without_now(as_)),
        "plan_consultation.discard_plan", page=room("consultation/plans/{pk}/", do="discard")),
    "send a plan": Deed("5.5", CONTROL, planned,
        lambda town, plan, as_: plan_consultation.send_plan(plan, **as_), "plan_consultation.send_plan",
        page=room("consultation/plans/{pk}/", do="send")),
    "agree a plan": Deed("5.5", MODERATOR, sent_plan,
        lambda town, plan, as_: plan_consultation.agree_plan(plan, **as_), "plan_consultation.agree_plan",
        page=room("consultation/plans/{pk}/", do="agree")),
    "return a plan": Deed("5.5", MODERATOR, sent_plan,
        lambda town, plan, as_: plan_consultation.return_plan(plan, "Додайте семінар.", **as_),
        "plan_consultation.return_plan", page=room("consultation/plans/{pk}/", do="return", remarks="Додайте.")),
    "tick a measure": Deed("5.6", MODERATOR, agreed_plan,
        lambda town, plan, as_: plan_consultation.tick_measure(plan.items.get(), done=True, **as_),
        "plan_consultation.tick_measure",
        page=room("consultation/plans/{pk}/", do="done", key=lambda town, plan: plan.items.get().pk)),
    "ask the moderator": Deed("5.6", MEMBERS | ABROAD, lambda town: None,
        lambda town, _none, as_: consult.ask(as_["organisation"], "Як?", actor=as_["actor"], now=NOW), "consult.ask",
        page=room("consultation/", do="ask", question="Як?", number="", shared="on")),
    "answer a question": Deed("5.6", MODERATOR, question,
        lambda town, asked, as_: consult.answer(asked, "Так.", **as_), "consult.answer",
        page=room("consultation/", do="answer", key=key_of, answer="Так.")),
    "note advice": Deed("5.6", MODERATOR, lambda town: None,
        lambda town, _none, as_: consult.note_advice(town.roads, "Як?", "Так.", **as_), "consult.note_advice",
        page=room("consultation/", do="note", who=lambda town, _none: f"organisation-{town.roads.pk}", name="Іван",
                  way="phone", question="Як?", answer="Так.")),
    "announce a seminar": Deed("5.6", MODERATOR, lambda town: None,
        lambda town, _none, as_: hold_seminar.announce_seminar(town.city, SEMINAR, **as_),
        "hold_seminar.announce_seminar", page=room("consultation/seminars/", **SEMINAR_FORM)),
    "change a seminar": Deed("5.6", MODERATOR, seminar,
        lambda town, found, as_: hold_seminar.change_seminar(found, SEMINAR, **as_), "hold_seminar.change_seminar",
        page=room("consultation/seminars/{pk}/", do="change", **SEMINAR_FORM)),
    "cancel a seminar": Deed("5.6", MODERATOR, seminar,
        lambda town, found, as_: hold_seminar.cancel_seminar(found, "Хвороба.", **as_), "hold_seminar.cancel_seminar",
        page=room("consultation/seminars/{pk}/", do="cancel", reason="Хвороба.")),
    "note who came": Deed("5.6", MODERATOR, begun_seminar,
        lambda town, found, as_: hold_seminar.mark_attendance(
            found, [], [hold_seminar.Guest(town.roads, "Іван")], **as_), "hold_seminar.mark_attendance",
        page=room("consultation/seminars/{pk}/", do="attendance", **{
            "guests-TOTAL_FORMS": "1", "guests-INITIAL_FORMS": "0", "guests-0-organisation": only("roads"),
            "guests-0-name": "Іван"})),
    "sign up": Deed("5.6", MEMBERS, seminar,
        lambda town, found, as_: hold_seminar.sign_up(found, **as_), "hold_seminar.sign_up",
        page=room("consultation/seminars/{pk}/", do="sign-up")),
    "take one's name off": Deed("5.6", MEMBERS, seminar,
        lambda town, found, as_: hold_seminar.withdraw_from(found, **as_), "hold_seminar.withdraw_from"),
    "publish an instruction": Deed("5.6", MODERATOR | CONTROL, lambda town: None,
        lambda town, _none, as_: publish_instruction.publish_instruction(town.city, "Пам’ятка", "Текст.", **as_),
        "publish_instruction.publish_instruction", page=room("instructions/", do="publish", title="Пам’ятка", text="Т.")),
    "withdraw an instruction": Deed("5.6", MODERATOR | CONTROL, instruction,
        lambda town, found, as_: publish_instruction.withdraw_instruction(found, **as_),
        "publish_instruction.withdraw_instruction", page=room("instructions/", do="withdraw", key=key_of)),
    # 5.4, 2.9 reports
    "draft a weekly report": Deed("5.4", MODERATOR | ABROAD, lambda town: None,
        lambda town, _none, as_: compile_report.draft(
            as_["organisation"], ReportKind.WEEKLY, WEEK, actor=as_["actor"], now=NOW),
        "compile_report.draft", page=room("reports/", kind="weekly", first_day="2026-02-23")),
    "draft a general report": Deed("2.9", CONTROL | ABROAD, lambda town: None,
        lambda town, _none, as_: compile_report.draft(
            as_["organisation"], ReportKind.GENERAL, Period(date(2026, 1, 1), date(2026, 2, 1)),
            actor=as_["actor"], now=NOW),
        "compile_report.draft",
        page=room("reports/", kind="general", first_day="2026-01-01", last_day="2026-02-01")),
    "count a report anew": Deed("5.4", MODERATOR, draft,
        lambda town, report, as_: compile_report.count_anew(report, actor=as_["actor"], now=NOW),
        "compile_report.count_anew", ("ngo",), page=room("reports/{pk}/", do="count", words="Слова.")),
    "write the words of a report": Deed("5.4", MODERATOR, draft,
        lambda town, report, as_: compile_report.write_words(report, "Висновки.", actor=as_["actor"]),
        "compile_report.write_words", ("ngo",), page=room("reports/{pk}/", do="save", words="Висновки.")),
    "sign a report": Deed("5.4", MODERATOR, draft,
        lambda town, report, as_: compile_report.sign(report, "Голова", actor=as_["actor"], now=NOW),
        "compile_report.sign", ("ngo",),
        page=room("reports/{pk}/", do="sign", words="Висновки.", signer="Голова", confirmed="on")),
    "sign a general report": Deed("2.9", CONTROL, general,
        lambda town, report, as_: compile_report.sign(report, "Начальник", actor=as_["actor"], now=NOW),
        "compile_report.sign", ("control",),
        page=room("reports/{pk}/", do="sign", words="Висновки.", signer="Начальник", confirmed="on")),
    "pass a report": Deed("5.4", MODERATOR, signed,
        lambda town, report, as_: compile_report.pass_on(report, actor=as_["actor"], now=NOW),
        "compile_report.pass_on", ("ngo",), page=room("reports/{pk}/", do="pass")),
    "take note of a report": Deed("5.4", CONTROL, passed,
        lambda town, report, as_: compile_report.take_note(report, **as_), "compile_report.take_note",
        page=room("reports/{pk}/", do="receive")),
    "discard a report": Deed("5.4", MODERATOR, old_draft,
        lambda town, report, as_: compile_report.discard(report, actor=as_["actor"], now=NOW),
        "compile_report.discard", ("ngo",), page=room("reports/{pk}/", do="discard")),
    # 2.4, 4.1 the organisation's own room
    "keep a template": Deed("4.4", MEMBERS | ABROAD, lambda town: None,
        lambda town, _none, as_: keep_templates.keep_template(
            as_["organisation"], "Подяка", "Дякуємо.", actor=as_["actor"]),
        "keep_templates.keep_template", page=room("templates/", title="Подяка", text="Дякуємо.")),
    "drop a template": Deed("4.4", WORKER, template,
        lambda town, found, as_: keep_templates.drop_template(found, actor=as_["actor"]),
        "keep_templates.drop_template", ("roads",), page=room("templates/?template={pk}", do="remove")),
    "enter an absence": Deed("4.1", WORKER, membership,
        lambda town, own, as_: be_absent.be_absent(own, since=date(2026, 3, 9), actor=as_["actor"], now=NOW),
        "be_absent.be_absent", ("roads",), page=room("absences/?member={pk}", away_from="2026-03-09", away_until="")),
    "end an absence": Deed("4.1", WORKER, absent,
        lambda town, own, as_: be_absent.be_back(own, actor=as_["actor"]), "be_absent.be_back", ("roads",),
        page=room("absences/?member={pk}", do="back")),
    "look into the cabinet": Deed("4.1", MEMBERS | ABROAD, lambda town: None,
        lambda town, _none, as_: record_look.record_look(as_["organisation"], actor=as_["actor"], now=NOW),
        "record_look.record_look", page=room("look/")),
    "keep a view": Deed("2.9", MEMBERS | ABROAD, lambda town: None,
        lambda town, _none, as_: keep_views.keep_view(as_["organisation"], "Мої", "", actor=as_["actor"]),
        "keep_views.keep_view", page=room("views/", do="save", name="Мої", query="queue=overdue")),
    "delete a view": Deed("2.9", WORKER, view,
        lambda town, found, as_: keep_views.forget_view(town.roads, found.pk, actor=as_["actor"]),
        "keep_views.forget_view", ("roads",), page=room("views/", do="delete", key=key_of)),
    "end a membership": Deed("2.4", WORKER | {("operator", "roads")}, colleague,
        lambda town, other, as_: manage_members.leave(other, actor=as_["actor"], now=NOW), "manage_members.leave",
        ("roads",)),
    "invite": Deed("2.4", WORKER | {("operator", "roads")}, lambda town: None,
        lambda town, _none, as_: manage_members.invite(town.roads, "next@city.example", actor=as_["actor"]),
        "manage_members.invite", ("roads",)),
    "withdraw an invitation": Deed("2.4", WORKER | {("operator", "roads")}, invited,
        lambda town, invitation, as_: manage_members.withdraw_invitation(invitation, actor=as_["actor"], now=NOW),
        "manage_members.withdraw_invitation", ("roads",)),
    "join": Deed("2.4", frozenset({("neighbour", "")}),
        lambda town: manage_members.invite(town.roads, town.neighbour.email, actor=town.roads_worker)[0],
        lambda town, invitation, as_: manage_members.join(invitation, actor=as_["actor"], now=NOW),
        "manage_members.join", ONESELF),
    # 3.3, 4.7 residents
    "comment": Deed("3.3", REGISTERED, open_issue,
        lambda town, issue, as_: contribute.comment(issue, "Так.", actor=as_["actor"], now=NOW), "contribute.comment",
        ONESELF),
    "support": Deed("3.3", REGISTERED - AUTHOR, open_issue,
        lambda town, issue, as_: support_issue.support(issue, actor=as_["actor"], now=NOW), "support_issue.support",
        ONESELF),
    "take a support back": Deed("3.3", REGISTERED - AUTHOR, open_issue,
        lambda town, issue, as_: support_issue.take_back(issue, actor=as_["actor"], now=NOW),
        "support_issue.take_back", ONESELF),
    "follow": Deed("3.3", REGISTERED, lambda town: None,
        lambda town, _none, as_: follow.follow(town.city, town.roads, actor=as_["actor"], now=NOON), "follow.follow",
        ONESELF),
    "change a following": Deed("3.3", frozenset({("neighbour", "")}), followed,
        lambda town, own, as_: follow.change_following(own, "weekly", actor=as_["actor"], now=NOON),
        "follow.change_following", ONESELF),
    "end a following": Deed("3.3", frozenset({("neighbour", "")}), followed,
        lambda town, own, as_: follow.stop_following(own, actor=as_["actor"]), "follow.stop_following", ONESELF),
    "flag": Deed("4.7", REGISTERED, closed,
        lambda town, issue, as_: contribute.flag_unsolved(issue, "Яма є.", actor=as_["actor"], now=NOW),
        "contribute.flag_unsolved", ONESELF),
    "reply": Deed("4.4", AUTHOR, asked_author,
        lambda town, issue, as_: contribute.reply(issue, "Біля школи.", actor=as_["actor"], now=NOW),
        "contribute.reply", ONESELF),
    "correct one's own": Deed("5.2", AUTHOR, situations.refused,
        lambda town, issue, as_: correct_issue.correct_own(
            issue,
            correct_issue.Changes("Яма", "Інші слова.", [Category.objects.get(code="3.8")], PLACE, ""),
            actor=as_["actor"], now=NOW),
        "correct_issue.correct_own", ONESELF),
    "withdraw one's own": Deed("2.6", AUTHOR, open_issue,
        lambda town, issue, as_: correct_issue.withdraw(issue, actor=as_["actor"], now=NOW), "correct_issue.withdraw",
        ONESELF),
    "show one's name": Deed("2.6", AUTHOR, open_issue,
        lambda town, issue, as_: correct_issue.show_author_name(issue, True, actor=as_["actor"], now=NOW),
        "correct_issue.show_author_name", ONESELF),
    # 1.1 residents and organisations undertake it themselves
    "gather neighbours": Deed("1.1", REGISTERED, open_issue,
        lambda town, issue, as_: organise_initiative.start(issue, MEETING, actor=as_["actor"], now=NOW),
        "organise_initiative.start", ONESELF),
    "change the plan of a meeting": Deed("1.1", NEIGHBOUR, gathered,
        lambda town, found, as_: organise_initiative.change(found, MEETING, actor=as_["actor"], now=NOW),
        "organise_initiative.change", ONESELF),
    "call a meeting off": Deed("1.1", NEIGHBOUR, gathered,
        lambda town, found, as_: organise_initiative.call_off(found, "Злива.", actor=as_["actor"], now=NOW),
        "organise_initiative.call_off", ONESELF),
    "tell the result of a meeting": Deed("1.1", NEIGHBOUR, gathered,
        lambda town, found, as_: organise_initiative.report_result(found, "Готово.", actor=as_["actor"], now=NOW),
        "organise_initiative.report_result", ONESELF),
    "come to a meeting": Deed("1.1", REGISTERED, gathered,
        lambda town, found, as_: take_part.join(found, actor=as_["actor"], now=NOW), "take_part.join", ONESELF),
    "not come after all": Deed("1.1", REGISTERED - NEIGHBOUR, joined,
        lambda town, found, as_: take_part.leave(found, actor=as_["actor"], now=NOW), "take_part.leave",
        ONESELF, impossible=NEIGHBOUR),
    "take a task": Deed("1.1", REGISTERED, gathered,
        lambda town, found, as_: take_part.take_task(found.tasks.get(), actor=as_["actor"], now=NOW),
        "take_part.take_task", ONESELF),
    "hide a meeting": Deed("5.1", MODERATOR, gathered,
        lambda town, found, as_: moderate_undertaking.hide(found, reason="Реклама", **as_), "moderate_undertaking.hide"),
    "show a meeting": Deed("5.1", MODERATOR, hidden_meeting,
        lambda town, found, as_: moderate_undertaking.show_again(found, **as_), "moderate_undertaking.show_again"),
    "hide a project": Deed("5.1", MODERATOR, declared,
        lambda town, found, as_: moderate_undertaking.hide(found, reason="Реклама", **as_), "moderate_undertaking.hide"),
    "show a project": Deed("5.1", MODERATOR, hidden_project,
        lambda town, found, as_: moderate_undertaking.show_again(found, **as_), "moderate_undertaking.show_again"),
    "declare a project": Deed("1.1", MEMBERS, open_issue,
        lambda town, issue, as_: declare_project.declare(town.city, project_words(issue), **as_),
        "declare_project.declare"),
    "change a project": Deed("1.1", WORKER, declared,
        lambda town, found, as_: declare_project.change(found, project_words(*found.issues.all()), **as_),
        "declare_project.change"),
    "call a project off": Deed("1.1", WORKER, declared,
        lambda town, found, as_: declare_project.call_off(found, "Немає коштів.", **as_), "declare_project.call_off"),
    "tell the result of a project": Deed("1.1", WORKER, declared,
        lambda town, found, as_: declare_project.report_result(found, "Ліхтарі світять.", **as_),
        "declare_project.report_result"),
    # 2.7 the operator
    "count deadlines anew": Deed("2.7", OPERATOR, day_off,
        lambda town, _issue, as_: recount_deadlines.recount_deadlines(town.city, actor=as_["actor"], now=NOW),
        "recount_deadlines.recount_deadlines", ONESELF),
    "change the matrix": Deed("3.6", OPERATOR, lambda town: None,
        lambda town, _none, as_: change_matrix.change_matrix(
            town.city,
            Changes(added=frozenset({(Category.objects.get(code="8").pk, town.roads.pk)})),
            version=read_matrix(town.city).version, actor=as_["actor"]),
        "change_matrix.change_matrix", ONESELF),
}  # fmt: skip


def _without_now(as_: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in as_.items() if key != "now"}
