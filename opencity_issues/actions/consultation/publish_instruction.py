"""Instructions and methodical materials (5.6), published to all cabinets of the city by the moderator or the control body."""

import secrets
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.consultation.consult import written
from opencity_issues.models import Instruction, IssueIndexPage, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
FILE_BYTES = 10 * 1024 * 1024
PDF_BEGINS = b"%PDF-"


def publish_instruction(
    city: IssueIndexPage,
    title: str,
    text: str,
    file: "UploadedFile[Any] | None" = None,
    *,
    actor: Any,
    organisation: Organisation,
    now: datetime | None = None,
) -> Instruction:
    """Publish a text, a PDF, or both. Raises Missing for a file that is none, or larger than 10 MB."""
    _require(actor, organisation, city.pk)
    title = written("title", title, at_most=TITLE_LENGTH)
    if text.strip() or file is None:
        text = written("text", text, at_most=TEXT_LENGTH)
    content = _checked(file) if file is not None else None
    with transaction.atomic():
        _require(actor, organisation, city.pk)
        instruction = Instruction(
            city=city, title=title, text=text.strip(), published_by=organisation, published_at=now or timezone.now()
        )
        if content is not None:
            # The name cannot be guessed, and nothing of what the uploader called it reaches the disk.
            instruction.file.save(f"{secrets.token_hex(16)}.pdf", content, save=False)
        try:
            instruction.save()
        except Exception:
            if content is not None:
                instruction.file.delete(save=False)
            raise
    return instruction


def withdraw_instruction(
    instruction: Instruction, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Instruction:
    """Take an instruction from the cabinets; its file is served no more."""
    with transaction.atomic():
        instruction = Instruction.objects.select_for_update(of=("self",)).get(pk=instruction.pk)
        _require(actor, organisation, instruction.city_id)
        if instruction.withdrawn_at is not None:
            raise NotPossible(_("This instruction has been withdrawn already."), clause="5.6", state="withdrawn")
        instruction.withdrawn_at = now or timezone.now()
        instruction.save(update_fields=["withdrawn_at"])
    return instruction


def may_publish(roles: Roles, organisation: Organisation) -> bool:
    """Whether these roles publish instructions as this organisation: the moderator's and the control body's (5.5, 5.6)."""
    return any(rules.allows(one, roles, organisation=organisation) for one in ("consult", "plan_consultation"))


def _require(actor: Any, organisation: Organisation, city_id: int) -> None:
    if organisation.city_id != city_id or not may_publish(Roles.of(actor), organisation):
        raise NotPermitted(_("This is not for your role."), clause="5.6")


def _checked(file: "UploadedFile[Any]") -> "ContentFile[bytes]":
    """The file's content where it is a PDF by its first bytes, whatever it is called. Raises Missing."""
    too_large = file.size is None or file.size > FILE_BYTES
    content = b"" if too_large else file.read(FILE_BYTES + 1)
    if too_large or len(content) > FILE_BYTES:
        size = _("The file is too large: at most %(size)d MB.") % {"size": FILE_BYTES // 1024**2}
        raise Missing(size, fields={"file": size}, clause="5.6")
    if not content.startswith(PDF_BEGINS):
        words = _("This is no PDF file.")
        raise Missing(words, fields={"file": words}, clause="5.6")
    return ContentFile(content)
