"""Parameters: which numbers does this city use, and which did it set itself?"""

from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.errors import Conflict
from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.planning.reads import ParameterView, parameter_list
from geo.planning.writes import reset_parameter, set_parameter
from geo.store.merging import differences
from pages.parts.merge import Words, attempt, last_shown, show_merge
from pages.parts.session import looking, may

DIGITS = 2
STATE = st.session_state


def _shown(view: ParameterView, value: float) -> str:
    return f"{number(value, 0 if view.whole else DIGITS)} {_(view.unit)}"


def _save(view: ParameterView, value: float | None, seen: ParameterView | None = None) -> None:
    """Write over the number that view shows; a conflict is kept beside what was seen before, and shown."""

    def write(session: Any) -> None:
        version = {"expected_version": view.version, "seen_at": view.changed_at}
        if value is None:
            reset_parameter(session, view.name, **version)
        else:
            set_parameter(session, view.name, value, **version)

    outcome = attempt(write)
    if isinstance(outcome, Conflict):
        STATE[f"draft_{view.name}"] = (seen or view, value)
        st.rerun()
    if outcome:
        _forget(view.name)
        st.toast(_("{parameter} saved.", parameter=_(view.label)), icon=":material/check:")
        st.rerun()


def _forget(name: str) -> None:
    STATE.pop(f"draft_{name}", None)


def _settle(now: ParameterView, seen: ParameterView, value: float | None) -> None:
    found = differences({"value": seen.value}, {"value": now.value}, {"value": now.default if value is None else value})
    words = Words(lambda _name: _(now.label), lambda _name, number: _shown(now, number))
    by = {"value": (shown_name(now.changed_by), now.changed_at)} if now.changed_by and now.changed_at else {}
    written = show_merge(
        f"merge_{now.name}_{now.version}_{now.value}", found, words, by=by, save=_("Save"),
        drop=lambda: _forget(now.name),
    )  # fmt: skip
    if written:
        _save(now, value, seen)
    elif written is not None:
        _forget(now.name)
        st.rerun()


def _show(view: ParameterView) -> None:
    name, change = st.columns([4, 1], vertical_alignment="center")
    own = view.version > 0
    name.markdown(labelled(_(view.label), _shown(view, view.value)))
    if own:
        name.caption(
            _(
                "Default {default}; set by {who} on {day}", default=_shown(view, view.default),
                who=plain(shown_name(view.changed_by or "")), day=day(view.changed_at),
            )
        )  # fmt: skip
    if not may("change_parameters"):
        return
    if f"draft_{view.name}" in STATE:
        _settle(view, *STATE[f"draft_{view.name}"])
        return
    keys = {part: f"{part}_{view.name}" for part in ("save", "reset")}
    seen = last_shown(f"seen_{view.name}", view, submitting=any(STATE.get(key) for key in keys.values()))
    with change.popover(_("Change"), width="stretch"), st.form(f"set_{view.name}", border=False):
        label = _("{low} to {high}", low=_shown(view, view.low), high=_shown(view, view.high))
        value = st.number_input(label, value=view.value, step=1 if view.whole else None, key=f"value_{view.name}")
        if st.form_submit_button(_("Save"), type="primary", width="stretch", key=keys["save"]):
            _save(seen, value)
        if seen.version and st.form_submit_button(_("Back to the default"), width="stretch", key=keys["reset"]):
            _save(seen, None)


st.title(_("Parameters"), anchor=False)
st.caption(_("Which numbers does this city use, and which did it set itself?"))
with looking() as opened:
    known = parameter_list(opened)
changed = sum(view.version > 0 for view in known)
st.markdown(_("{changed} of {count} numbers are the city's own.", changed=number(changed), count=number(len(known))))
for one in known:
    _show(one)
