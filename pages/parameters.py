"""Parameters: which numbers does this city use, and which did it set itself?"""

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.planning.reads import ParameterView, parameter_list
from geo.planning.writes import reset_parameter, set_parameter
from pages.parts.session import act, looking, may

DIGITS = 2


def _shown(view: ParameterView, value: float) -> str:
    return f"{number(value, 0 if view.whole else DIGITS)} {_(view.unit)}"


def _save(view: ParameterView, value: float | None) -> None:
    done = act(
        lambda session: (
            reset_parameter(session, view.name, expected_version=view.version)
            if value is None
            else set_parameter(session, view.name, value, expected_version=view.version),
            True,
        )[1]
    )
    if done:
        st.toast(_("{parameter} saved.", parameter=_(view.label)), icon=":material/check:")
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
    with change.popover(_("Change"), width="stretch"), st.form(f"set_{view.name}", border=False):
        label = _("{low} to {high}", low=_shown(view, view.low), high=_shown(view, view.high))
        value = st.number_input(label, value=view.value, step=1 if view.whole else None, key=f"value_{view.name}")
        if st.form_submit_button(_("Save"), type="primary", width="stretch"):
            _save(view, value)
        if own and st.form_submit_button(_("Back to the default"), width="stretch"):
            _save(view, None)


st.title(_("Parameters"), anchor=False)
st.caption(_("Which numbers does this city use, and which did it set itself?"))
with looking() as opened:
    known = parameter_list(opened)
changed = sum(view.version > 0 for view in known)
st.markdown(_("{changed} of {count} numbers are the city's own.", changed=number(changed), count=number(len(known))))
for one in known:
    _show(one)
