"""Why something asked of the System is refused: not your role, not now, or something is missing."""

from collections.abc import Mapping

from django.utils.functional import Promise


class Refusal(Exception):
    """Base of all refusals. `message` is shown to people; `clause` and `transition` name the rule that refused."""

    code = "refused"

    def __init__(self, message: str | Promise, *, transition: str = "", clause: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.transition = transition
        self.clause = clause


class NotPermitted(Refusal):
    """The actor does not have the role that the rule asks for."""

    code = "not_permitted"


class NotPossible(Refusal):
    """The issue's present state or the moment does not allow it; `state` tells what it is now."""

    code = "not_possible"

    def __init__(self, message: str | Promise, *, transition: str = "", clause: str = "", state: str = "") -> None:
        super().__init__(message, transition=transition, clause=clause)
        self.state = state


class Missing(Refusal):
    """Something that the rule requires was not given, or is not valid; `fields` says what, by field."""

    code = "missing"

    def __init__(
        self, message: str | Promise, *, fields: Mapping[str, str | Promise], transition: str = "", clause: str = ""
    ) -> None:
        super().__init__(message, transition=transition, clause=clause)
        self.fields = dict(fields)
