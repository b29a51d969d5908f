"""What somebody wants of a place they have seen, in words and as it is written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.i18n import _
from geo.places.editing import Editable
from geo.places.history import value_text
from geo.places.meanwhile import BELONGS, SHAPE
from geo.places.rules import FIELD_LABELS
from geo.places.writes import close_place, correct_place, move_place
from pages.parts.merge import Words, show_typed


@dataclass(frozen=True)
class Draft:
    """What somebody wants of a place they saw: changed fields (shape and parent among them), or its closing."""

    seen: Editable
    mine: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    close_on: date | None = None

    def write(self, session: Any, written: dict[str, Any], version: int) -> None:
        """Write fields over a version."""
        place = (session, self.seen.kind, self.seen.id)
        if self.close_on is not None:
            close_place(*place, on=self.close_on, reason=self.note, expected_version=version)
        elif SHAPE in written:
            move_place(*place, written[SHAPE], expected_version=version, note=self.note)
        elif written:
            fields = {name: value for name, value in written.items() if name != BELONGS}
            parent = written.get(BELONGS)
            correct_place(*place, fields, expected_version=version, parent_id=parent, note=self.note)


def place_words(seen: Editable, now: Editable) -> Words:
    """Return how the fields of a place read, with the names of what it belonged and belongs to."""
    names = {**now.parents, **seen.parents}

    def value(name: str, stored: Any) -> str:
        if name == SHAPE:
            return _("the shape before") if stored == seen.shape else _("a new shape")
        if name == BELONGS:
            return names.get(stored) or _("Not assigned yet")
        return value_text(name, stored)

    return Words(lambda name: _(FIELD_LABELS[name]), value)


def show_draft_to_copy(draft: Draft) -> None:
    """Show what somebody wanted of a place that is gone."""
    words = place_words(draft.seen, draft.seen)
    typed = {words.label(name): words.value(name, value) for name, value in draft.mine.items()}
    show_typed(typed | ({_("Remark"): draft.note} if draft.note else {}))
