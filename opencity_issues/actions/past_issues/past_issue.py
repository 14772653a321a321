"""An issue as another system knew it, in this System's words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from opencity_issues.enums import Status
from opencity_issues.models import Category, Organisation

RANK = {Status.OPEN: 0, Status.ACCEPTED: 1, Status.CLOSED: 2, Status.ARCHIVED: 3}
"""How far an issue has come on the straight way of 3.2."""


@dataclass(frozen=True)
class PastIssue:
    """One issue with its moments (UTC). `status` is never archived: 4.6 archives what was closed long enough ago."""

    line: int
    external_id: str
    title: str
    description: str
    category: Category
    status: Status
    submitted_at: datetime
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    location: tuple[float, float] | None = None
    address: str = ""
    organisation: Organisation | None = None
    answer: str = ""
    photos: Sequence[str] = field(default_factory=tuple)

    @property
    def rank(self) -> int:
        return RANK[self.status]

    @property
    def digest(self) -> str:
        """Changes when anything that is told here changes; the line in the file is nothing of the issue."""
        told = [
            self.title,
            self.description,
            self.category.code,
            self.status,
            str(self.submitted_at),
            str(self.accepted_at),
            str(self.closed_at),
            self.location,
            self.address,
            self.organisation.slug if self.organisation else "",
            self.answer,
            list(self.photos),
        ]
        return sha256(json.dumps(told).encode()).hexdigest()
