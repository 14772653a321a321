"""People of the organisations from a table: an account and a membership each (2.4). No letter is sent, no password made.

Whoever was entered so signs in by a code that goes to the mailbox, or has the password set by that way.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from opencity_issues.actions.city.imports.plan import Outcome, Plan, State, planned
from opencity_issues.models import Citizen, IssueIndexPage, Membership, Organisation
from opencity_issues.tables.read_table import Column, Row, Table, read_table

BATCH = 500

COLUMNS = (
    Column("email", ("e-mail", "пошта", "електронна пошта", "скринька", "mailbox"), required=True),
    Column("name", ("ім'я", "ім'я та прізвище", "піб", "display_name", "full name"), required=True),
    Column("organisation", ("організація", "organisations", "memberships", "організації")),
    Column("role", ("роль",)),
    Column("position", ("посада",)),
)

WORKER, CONTROL, MODERATOR, EDITOR = "worker", "control", "moderator", "editor"
ROLES = {
    "": WORKER,
    "worker": WORKER,
    "responsible worker": WORKER,
    "працівник": WORKER,
    "відповідальний працівник": WORKER,
    "control": CONTROL,
    "control body": CONTROL,
    "контроль": CONTROL,
    "орган контролю": CONTROL,
    "moderator": MODERATOR,
    "модератор": MODERATOR,
    "editor": EDITOR,
    "редактор": EDITOR,
    "прес-служба": EDITOR,
}
EDITORS = ("Open City editors", "Editors")
"""The content's own group, or in a host without it the one that Wagtail's migrations make."""


class _People:
    """The people of one table on their way into accounts and memberships."""

    def __init__(self, city: IssueIndexPage, table: Table) -> None:
        self.table = table
        self.organisations: dict[str, Organisation] = {}
        for one in Organisation.objects.filter(city=city):
            self.organisations |= {one.slug.lower(): one, one.name_uk.lower(): one}
        self.lines: dict[str, int] = {}
        self.accounts: dict[str, Any] = {}
        self.members: dict[tuple[int, int], Membership] = {}
        self.editors_group = Group.objects.filter(name__in=EDITORS).order_by("-name").first()
        self._read_known([row.get("email").lower() for row in table.rows])
        self.people: list[tuple[Any, list[Organisation], Row]] = []

    def _read_known(self, emails: list[str]) -> None:
        """Accounts and live memberships of these addresses, in pieces that any database takes."""
        for start in range(0, len(emails), BATCH):
            some = get_user_model().objects.alias(low=Lower("email")).filter(low__in=emails[start : start + BATCH])
            found = list(some.prefetch_related("groups"))
            doubled = [email for email, count in Counter(one.email.lower() for one in found).items() if count > 1]
            for email in doubled:
                self.table.fault(0, "email", _("there are two accounts with the address %(email)s") % {"email": email})
            self.accounts |= {one.email.lower(): one for one in found}
            live = Membership.objects.filter(user__in=[one.pk for one in found], left_at=None)
            self.members |= {(one.user_id, one.organisation_id): one for one in live}

    def take(self, row: Row) -> Outcome:
        """Check a line and say what becomes of it."""
        email = row.get("email").lower()
        self._check_email(row, email)
        role = ROLES.get(" ".join(row.get("role").lower().split()))
        if role is None:
            known = "worker, control, moderator, editor; працівник, контроль, модератор, редактор"
            said = {"value": row.get("role"), "names": known}
            self.table.fault(row.line, "role", _("“%(value)s” is none of %(names)s") % said)
        if not row.get("name"):
            self.table.fault(row.line, "name", _("please fill this in"))
        elif len(row.get("name")) > 150 or len(row.get("position")) > 150:
            self.table.fault(row.line, "name", _("this is too long: at most 150 characters"))
        organisations = self._organisations(row, role)
        account = self.accounts.get(email)
        if account is not None and not account.is_active:
            self.table.fault(row.line, "email", _("this account is closed"))
        self.people.append((account or self._account(row, email), organisations, row))
        return self._outcome(row, account, organisations, role)

    def _check_email(self, row: Row, email: str) -> None:
        try:
            validate_email(email)
        except ValidationError:
            self.table.fault(row.line, "email", _("“%(value)s” is no e-mail address") % {"value": email})
            return
        if email in self.lines:
            said = {"value": email, "line": self.lines[email]}
            words = _("“%(value)s” is on line %(line)d already; several organisations go into one cell, with ; between")
            self.table.fault(row.line, "email", words % said)
        self.lines.setdefault(email, row.line)

    def _organisations(self, row: Row, role: str | None) -> list[Organisation]:
        found = []
        for name in row.get("organisation").split(";"):
            word = " ".join(name.lower().split())
            organisation = self.organisations.get(word)
            if word and organisation is None:
                said = {"value": name.strip()}
                self.table.fault(
                    row.line, "organisation", _("there is no organisation “%(value)s” in this city") % said
                )
            elif organisation is not None and organisation not in found:
                found.append(organisation)
        if not row.get("organisation") and role not in (EDITOR, None):
            self.table.fault(row.line, "organisation", _("please say in which organisation this person works"))
        if found and role == CONTROL and not any(one.is_control_body for one in found):
            self.table.fault(row.line, "role", _("this organisation is no control body"))
        if found and role == MODERATOR and not any(one.is_moderator for one in found):
            self.table.fault(row.line, "role", _("this organisation is no moderator"))
        return found

    def _account(self, row: Row, email: str) -> Any:
        model = get_user_model()
        first, _space, last = row.get("name").partition(" ")
        # What make_password(None) gives is no password that anybody could type.
        account = model(email=email, first_name=first[:150], last_name=last[:150], password=make_password(None))
        if model.USERNAME_FIELD != "email":
            setattr(account, model.USERNAME_FIELD, email)
        return account

    def _outcome(self, row: Row, account: Any, organisations: list[Organisation], role: str | None) -> Outcome:
        joins = [one.name for one in organisations if account is None or (account.pk, one.pk) not in self.members]
        edits = role == EDITOR and not self._is_editor(account)
        detail = ", ".join([*joins, *([_("editor")] if edits else [])])
        state = State.NEW if account is None else State.CHANGED if detail else State.SAME
        return Outcome(row.line, f"{row.get('name')} <{row.get('email').lower()}>", state, detail)

    def _is_editor(self, account: Any) -> bool:
        return account is not None and self.editors_group in account.groups.all()

    def write(self) -> None:
        """Accounts, memberships, groups: a few statements a batch."""
        model = get_user_model()
        model.objects.bulk_create(
            [one for one, _organisations, _row in self.people if one.pk is None], batch_size=BATCH
        )
        Citizen.objects.bulk_create(
            [Citizen(user=one) for one, _organisations, _row in self.people], batch_size=BATCH, ignore_conflicts=True
        )
        Membership.objects.bulk_create(
            [
                Membership(organisation=organisation, user=account, position=row.get("position"))
                for account, organisations, row in self.people
                for organisation in organisations
                if (account.pk, organisation.pk) not in self.members
            ],
            batch_size=BATCH,
        )
        editors = [one for one, _places, row in self.people if ROLES.get(row.get("role").lower()) == EDITOR]
        if self.editors_group is not None and editors:
            self.editors_group.user_set.add(*editors)
        if apps.is_installed("allauth.account"):
            # Unverified: the first code that is typed in shows whose mailbox it is.
            address = apps.get_model("account", "EmailAddress")
            address.objects.bulk_create(
                [address(user=one, email=one.email, primary=True) for one, _places, _row in self.people],
                batch_size=BATCH,
                ignore_conflicts=True,
            )


def plan(city: IssueIndexPage, content: bytes, *, replace: bool = False) -> Plan:
    """Accounts by e-mail address; who is there keeps name and password and only joins. Nobody is ever taken out."""
    table = read_table(content, COLUMNS)
    made = planned(table)
    people = _People(city, table)
    made.outcomes += [people.take(row) for row in table.rows]
    made.write = people.write
    return made
