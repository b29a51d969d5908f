"""The words of what is kept about a person, wherever it is asked for or shown."""

from geo.access.helped_persons import RISK_LABELS
from geo.access.reveals import FIELD_LABELS
from geo.i18n import _

USUAL = ("name", "phone")


def field_label(name: str) -> str:
    """Return the label of a field of a person."""
    return _(FIELD_LABELS[name]).capitalize()


def value_in_words(name: str, value: str | int | bool | None) -> str:
    """Return what is known in a field of a person as people say it."""
    if value is None:
        return _("unknown")
    if name == "risk_class":
        return _(RISK_LABELS[str(value)])
    if name == "living_alone":
        return _("yes") if value else _("no")
    return str(value)
