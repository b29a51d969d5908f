"""Two people at one record: what is typed is kept, what the other changed is shown, a person decides by field."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from geo.errors import Conflict, YizhanError
from geo.i18n import _, labelled, moment
from geo.maps.safe_text import plain
from geo.store.merging import Difference, to_write, undecided
from geo.store.session import writing
from pages.parts.session import actor

T = TypeVar("T")
STATE = st.session_state
PINNED = "pinned"


class Words(NamedTuple):
    """How a record's fields and their values read."""

    label: Callable[[str], str]
    value: Callable[[str, Any], str]


def last_shown(key: str, now: T, *, submitting: bool) -> T:
    """Return the record as it was last shown here: what somebody who presses a button has in mind."""
    if submitting and key in STATE:
        shown: T = STATE[key]
        return shown
    STATE[key] = now
    return now


def pinned(key: str, now: T) -> T:
    """Return the record as its form first showed it, until unpin."""
    kept: dict[str, T] = STATE.setdefault(PINNED, {})
    return kept.setdefault(key, now)


def unpin() -> None:
    """Let every form begin with the state of now."""
    STATE.pop(PINNED, None)


def attempt(command: Callable[[Any], object]) -> bool | Conflict:
    """Run one command in a transaction: True when done, a conflict to settle, False after showing another error."""
    try:
        with writing(actor()) as session:
            command(session)
    except Conflict as error:
        return error
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return False
    return True


def tell(error: Conflict) -> None:
    """Show a conflict that no merging can settle."""
    st.error(plain(error.text()), icon=":material/error:")


def show_merge(
    key: str,
    found: Sequence[Difference],
    words: Words,
    *,
    by: Mapping[str, tuple[str, datetime]],
    save: str,
    drop: Callable[[], None],
) -> dict[str, Any] | None:
    """Show field by field what changed and let choose where both changed; return what to write once save is pressed.

    by: who changed a field and when; save: the words of the button; drop: what gives up mine.
    """
    st.warning(
        _("Somebody changed this while you were working on it. What you typed is kept: see what is new, then save."),
        icon=":material/call_merge:",
    )
    chosen: dict[str, bool] = {}
    for one in found:
        with st.container(border=True, key=f"{key}_{one.name}"):
            _show_field(one, words, by.get(one.name))
            if one.is_conflict:
                decided = _decision(f"{key}_take_{one.name}", one, words)
                chosen |= {} if decided is None else {one.name: decided}
    left = undecided(found, chosen)
    if left:
        st.caption(_("Both of you changed this: {fields}. Choose first.", fields=", ".join(map(words.label, left))))
    pressed = st.button(save, type="primary", disabled=bool(left), key=f"{key}_save", width="stretch")
    st.button(_("Drop what I typed"), on_click=drop, key=f"{key}_drop", width="stretch")
    return to_write(found, chosen) if pressed and not left else None


def _show_field(one: Difference, words: Words, editor: tuple[str, datetime] | None) -> None:
    st.markdown(plain(words.label(one.name)))
    st.caption(labelled(_("As you saw it"), plain(words.value(one.name, one.seen))))
    now = labelled(_("Now"), plain(words.value(one.name, one.theirs)))
    st.caption(now if editor is None or one.is_mine else f"{now} · {plain(editor[0])}, {moment(editor[1])}")
    if one.mine != one.seen:
        st.caption(labelled(_("Yours"), plain(words.value(one.name, one.mine))))


def _decision(key: str, one: Difference, words: Words) -> bool | None:
    said = {False: _("Keep what is there now"), True: _("Take mine")}
    decided: bool | None = st.radio(
        plain(words.label(one.name)), [False, True], index=None, format_func=lambda mine: said[mine], key=key,
        label_visibility="collapsed", horizontal=True,
    )  # fmt: skip
    return decided


def show_typed(typed: Mapping[str, str]) -> None:
    """Show what was typed so that it can be copied, where it can no longer be saved."""
    if typed:
        st.caption(_("What you typed, to copy:"))
        st.code("\n".join(labelled(label, value) for label, value in typed.items()), language=None)
