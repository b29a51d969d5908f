"""What to see of the log: period, person, action, record, community, words; every choice stands in the address."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.access.log_filter import SEEING, LogFilter
from geo.access.log_reads import log_communities, log_people
from geo.briefing.log_words import ENTITY_LABELS, entity_text, known_actions
from geo.i18n import N_, _
from geo.maps.safe_text import plain
from geo.store.clock import today
from pages.parts.session import looking

VIEW_LABELS = {"did": N_("Who did what"), "saw": N_("Who saw what")}
STATE = st.session_state
KEYS = {
    "view": "log_view", "from_on": "log_from", "until_on": "log_until", "who": "log_who", "action": "log_action",
    "entity": "log_entity", "community_id": "log_community", "words": "log_words",
}  # fmt: skip


def chosen_filter() -> LogFilter:
    """Return the filter in the address."""
    return LogFilter.from_address(st.query_params.to_dict(), today=today())


def _remember() -> None:
    now = chosen_filter()
    given = {name: STATE[key] for name, key in KEYS.items() if key in STATE}
    asked = {name: value if value is not None or name in {"from_on", "until_on", "community_id"} else ""
             for name, value in given.items()}  # fmt: skip
    same = asked.get("entity", now.entity) == now.entity
    wanted = LogFilter(**{**vars(now), **asked, "entity_id": now.entity_id if same else None})
    go_to(wanted)


def go_to(wanted: LogFilter, **more: str) -> None:
    """Put a filter into the address; more: what else stands there."""
    language = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    st.query_params.from_dict(language | wanted.address(today=today()) | more)


def _begin_again() -> None:
    for key in KEYS.values():
        STATE.pop(key, None)
    go_to(LogFilter.from_address({}, today=today()))


def _choice(name: str, label: str, now: Any, words: Mapping[Any, str]) -> None:
    options = [None, *words, *([now] if now and now not in words else [])]
    st.selectbox(
        label, options, options.index(now or None), key=KEYS[name], on_change=_remember, placeholder=_("Any"),
        format_func=lambda key: plain(words.get(key, str(key))) if key is not None else _("Any"),
    )  # fmt: skip


def show_choices(wanted: LogFilter) -> None:
    """Show the controls of the log in one row, the rarer ones below."""
    with looking() as connection:
        people, communities = log_people(connection), log_communities(connection)
    st.segmented_control(
        _("View"), list(VIEW_LABELS), default=wanted.view, format_func=lambda view: _(VIEW_LABELS[view]),
        key=KEYS["view"], on_change=_remember, label_visibility="collapsed", required=True,
    )  # fmt: skip
    first, last, who, action = st.columns(4)
    first.date_input(_("From"), wanted.from_on, key=KEYS["from_on"], on_change=_remember)
    last.date_input(_("Until"), wanted.until_on, key=KEYS["until_on"], on_change=_remember)
    with who:
        _choice("who", _("Person"), wanted.who, people)
    with action:
        _choice("action", _("Action"), wanted.action, known_actions(SEEING if wanted.view == "saw" else None))
    about, community, words, again = st.columns(4, vertical_alignment="bottom")
    with about:
        _choice("entity", _("About"), wanted.entity, {entity: entity_text(entity) for entity in ENTITY_LABELS})
    with community:
        _choice("community_id", _("Community"), wanted.community_id, communities)
    words.text_input(_("Words in the remark"), wanted.words, max_chars=200, key=KEYS["words"], on_change=_remember)
    again.button(_("Show everything of the last 30 days"), on_click=_begin_again, width="stretch", key="log_again")
    if wanted.entity_id is not None:
        record = f"{entity_text(wanted.entity)} {plain(wanted.entity_id)}"
        st.caption(_("Only entries about {record}.", record=record))
