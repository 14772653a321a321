"""The link at the foot of letters about what a person follows: it ends or changes those followings, and does nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer


@dataclass(frozen=True)
class StopLink:
    """Whose letter, about which followings; `own`: whether it told of the person's own issues too."""

    user_id: int
    follow_ids: tuple[int, ...]
    own: bool


def stop_token(user_id: int, follow_ids: Sequence[int], *, own: bool = False) -> str:
    """What the link carries: keys only, signed, without an end."""
    return _signer().sign(f"{user_id}-{int(own)}-{'_'.join(map(str, follow_ids))}")


def read_stop_token(token: str) -> StopLink | None:
    """None for what was not given here."""
    try:
        user_id, own, follows = _signer().unsign(token).split("-")
    except (BadSignature, ValueError):
        return None
    return StopLink(int(user_id), tuple(int(key) for key in follows.split("_") if key), own == "1")


def _signer() -> Signer:
    return Signer(salt="opencity_issues.follows", sep=".")
