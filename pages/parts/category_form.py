"""Categories of requests: the list with what each promises, and the form that changes or adds one."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from geo.i18n import _, labelled, number
from geo.maps.safe_text import plain
from geo.requests.category_writes import add_category, change_category
from geo.requests.numbers import hours_of_class
from geo.requests.request_reads import CategoryView
from geo.requests.rules import CLASS_LABELS
from pages.parts.language import rerun_part
from pages.parts.session import act


def show_category_list(known: Sequence[CategoryView], hours: dict[str, Any]) -> None:
    """Show every category in its order; a click on a row opens it."""
    rows = []
    for one in known:
        respond_h, solve_h = hours_of_class(hours, one.class_code)
        rows.append(
            [one.label, _(CLASS_LABELS[one.class_code]), one.respond_h or respond_h,
             one.solve_h or solve_h, _("yes") if one.active else _("no"), one.code]
        )  # fmt: skip
    titles = (_("Category"), _("Class"), _("Answer within (hours)"), _("Solve within (hours)"), _("Used"), _("Code"))
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(titles)}, hide_index=True, on_select="rerun",
        selection_mode="single-row", height=38 + 35 * len(rows),
        key=f"categories_{st.session_state.get('categories_turn', 0)}",
    )  # fmt: skip
    st.caption(_("{count} categories. Click a row to change it.", count=number(len(known))))
    if picked.selection.rows:
        st.session_state["categories_turn"] = st.session_state.get("categories_turn", 0) + 1
        st.query_params["category"] = known[picked.selection.rows[0]].code
        rerun_part()


def show_category_form(category: CategoryView) -> None:
    """Ask what to change of a category; taking it out of use keeps its requests."""
    st.subheader(plain(category.label), anchor=False)
    st.caption(labelled(_("Code"), plain(category.code)))
    with st.form(f"category_{category.id}_{category.version}", border=False):
        values = _fields(category)
        values["active"] = st.checkbox(_("Can be chosen for new requests"), category.active)
        saved = st.form_submit_button(_("Save"), type="primary")
    changes = {name: value for name, value in values.items() if value != getattr(category, name)}
    if saved and not changes:
        st.info(_("Nothing was changed."), icon=":material/info:")
    elif saved and act(lambda s: (change_category(s, category.id, changes, version=category.version), True)[1]):
        rerun_part()
    if st.button(_("Another one"), key="category_close", icon=":material/arrow_back:"):
        _close()


def show_new_category() -> None:
    """Ask for a new category."""
    st.subheader(_("Add a category"), anchor=False)
    with st.form("new_category", border=False):
        code = st.text_input(_("Code"), help=_("Small letters, digits and _; files and other systems use it."))
        values = _fields(None)
        saved = st.form_submit_button(_("Add"), type="primary")
    if saved and act(lambda session: add_category(session, code, values)):
        st.query_params["category"] = code.strip().lower()
        rerun_part()


def _close() -> None:
    st.query_params.pop("category", None)
    rerun_part()


def _fields(category: CategoryView | None) -> dict[str, Any]:
    """Show the fields a category has and return what stands in them."""
    kept: Mapping[str, Any] = vars(category) if category else {}
    of_class = _("as its class")
    return {
        "name": st.text_input(_("Name in English"), kept.get("name", "")),
        "name_zh": st.text_input(_("Name in Chinese"), kept.get("name_zh", "")),
        "class_code": st.selectbox(
            _("Class"), list(CLASS_LABELS), index=list(CLASS_LABELS).index(kept.get("class_code", "normal")),
            format_func=lambda code: _(CLASS_LABELS[code]),
        ),
        "respond_h": st.number_input(_("Answer within (hours)"), 0.1, 8760.0, kept.get("respond_h"), 1.0,
                                     placeholder=of_class),
        "solve_h": st.number_input(_("Solve within (hours)"), 0.1, 8760.0, kept.get("solve_h"), 1.0,
                                   placeholder=of_class),
        "words": st.text_input(_("Words people use for it, in both languages"), kept.get("words") or "") or None,
        "position": st.number_input(_("Order in the list"), 0, 9999, kept.get("position", 500), 10),
    }  # fmt: skip
