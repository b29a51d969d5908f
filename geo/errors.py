"""The errors a person or a machine can get, with one table from class to HTTP status."""

from geo.i18n import _


class YizhanError(ValueError):
    """What went wrong and what to do, as an English msgid with named values; translated when it is shown.

    >>> str(BadInput("{file}: row {row} has no geometry", file="a.csv", row=3))
    'a.csv: row 3 has no geometry'
    """

    code = "error"

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values))

    def text(self) -> str:
        """Return the message in the language of the current context."""
        return _(self.message, **self.values)


class BadInput(YizhanError):
    """A file, field or choice that cannot be used as it is."""

    code = "bad_input"


class NotSignedIn(YizhanError):
    """Nobody is signed in, or not any more."""

    code = "not_signed_in"


class NotAllowed(YizhanError):
    """The actor may not see or do this."""

    code = "not_allowed"


class NotFound(YizhanError):
    """No such record for this actor."""

    code = "not_found"


class Conflict(YizhanError):
    """The record was changed by somebody else, or a rule of the registry forbids the change."""

    code = "conflict"


class Outdated(Conflict):
    """Somebody else changed the record after the version that was seen: show both, and let them be put together."""

    code = "outdated"


class StoreUnavailable(YizhanError):
    """The database cannot be reached, is too old, or lacks something."""

    code = "store_unavailable"


class NoRoom(YizhanError):
    """Disk or memory does not suffice."""

    code = "no_room"


STATUS: dict[type[YizhanError], int] = {
    BadInput: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Outdated: 409,
    StoreUnavailable: 503,
    NoRoom: 507,
    YizhanError: 500,
}
