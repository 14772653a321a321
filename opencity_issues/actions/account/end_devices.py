"""Where a person is signed in: browsers by their sessions, programs by their tokens; each can be ended."""

from typing import Any

from opencity_issues.models import ApiToken, Device
from opencity_issues.models.sessions import AGENT, SEEN, session_of

AGENT_LENGTH = 200


def remember_device(user: Any, session: Any, agent: str, at: float) -> None:
    """Somebody signed in: note the session, and in it the browser and the moment."""
    if not session.session_key:
        session.create()
    session[AGENT], session[SEEN] = agent[:AGENT_LENGTH], at
    Device.objects.update_or_create(session_key=session.session_key, defaults={"user_id": user.pk})


def follow_key(old: str, new: str) -> None:
    """The session has got another key, as after a change of the password."""
    Device.objects.filter(session_key=old).update(session_key=new)


def end_device(user: Any, pk: int) -> bool:
    """Sign one browser out; False for one that is not this person's."""
    device = Device.objects.filter(user_id=user.pk, pk=pk).first()
    if device is None:
        return False
    session_of(device.session_key).delete(device.session_key)
    device.delete()
    return True


def end_other_devices(user: Any, present: str = "") -> int:
    """Sign out everywhere but in the session of this key; returns how many there were."""
    others = list(Device.objects.filter(user_id=user.pk).exclude(session_key=present))
    for device in others:
        session_of(device.session_key).delete(device.session_key)
    Device.objects.filter(pk__in=[device.pk for device in others]).delete()
    return len(others)


def end_token(user: Any, pk: int) -> bool:
    """Take a program's key back; False for one that is not this person's."""
    return bool(ApiToken.objects.filter(user_id=user.pk, pk=pk).delete()[0])
