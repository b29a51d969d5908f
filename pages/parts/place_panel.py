"""The panel of the places page: a new place, or what can be done to the chosen one; each names the tool it needs."""

import streamlit as st

from geo.briefing.map_state import Place
from geo.errors import NotFound
from geo.i18n import N_, _, day
from geo.maps.drawing import Tool
from geo.maps.safe_text import plain
from geo.places.editing import Editable, editable
from geo.places.reads import PlaceCard, place_card
from geo.places.rules import DRAWN_KINDS, KIND_LABELS, action_to_edit
from geo.places.shapes import POINT_KINDS
from pages.parts.card import go_to
from pages.parts.city_map import focus, look_at
from pages.parts.history import show_history
from pages.parts.language import rerun_part
from pages.parts.place_forms import show_closing, show_correction, show_move, show_new
from pages.parts.place_merge import as_seen, has_draft, let_go, show_draft, show_newer, show_typed_for_nothing
from pages.parts.session import looking, may
from pages.parts.station_status import show_status

KEY = "places"
DRAWN, TURN = f"{KEY}_drawn", f"{KEY}_turn"
TASKS = {"correct": N_("Correct"), "move": N_("Move or reshape"), "close": N_("Close"), "history": N_("History")}
STATUS = {"status": N_("Status")}
STATE = st.session_state


def begin_again(*, turned: bool = False) -> None:
    """Put away what was drawn and seen: work starts from the state of now; turning to a task keeps a conflict."""
    if turned and has_draft():
        return
    let_go()
    STATE[TURN] = STATE.get(TURN, 0) + 1
    STATE.pop(DRAWN, None)


def choose(place: Place) -> None:
    """Open a place and let the map look at it."""
    begin_again()
    go_to(KEY, place)


def _leave() -> None:
    begin_again()
    st.query_params.pop("place", None)


def new_place() -> Tool | None:
    """Show the choice of what to draw and its form; return the tool it needs."""
    kinds = [kind for kind in DRAWN_KINDS if may(action_to_edit(kind))]
    if not kinds:
        st.caption(_("Click a place on the map to see what is known about it and what was changed."))
        return None
    kind = st.selectbox(
        _("New place"), [None, *kinds], format_func=lambda code: _(KIND_LABELS[code]) if code else _("Choose"),
        key="new_kind", on_change=begin_again, placeholder=_("Choose"),
    )  # fmt: skip
    if kind is None:
        st.caption(_("Click a place on the map to correct, move or close it, or choose what to draw."))
        return None
    place_id = show_new(kind, STATE.get(DRAWN))
    if place_id:
        choose((kind, place_id))
        rerun_part()
    return Tool("point" if kind in POINT_KINDS else "outline", STATE.get(TURN, 0))


def _task(place: Editable, card: PlaceCard) -> Tool | None:
    tasks = TASKS | STATUS if place.kind == "station" else TASKS
    editable_now = place.closed_on is None and may(action_to_edit(place.kind))
    options = list(tasks) if editable_now else ["history"]
    if not editable_now:
        st.markdown("  \n".join(f":gray[{_(label)}] {plain(value)}" for label, value in card.facts))
    task = st.pills(
        _("What to do"), options, default=options[0], on_change=begin_again, kwargs={"turned": True},
        format_func=lambda code: _(tasks[code]), key=f"task_{place.kind}_{place.id}", label_visibility="collapsed",
    )  # fmt: skip
    done, tool = False, None
    if task == "correct":
        done = show_correction(place)
    elif task == "move":
        tool = Tool("point" if place.kind in POINT_KINDS else "outline", STATE.get(TURN, 0), place.shape)
        done = show_move(place, STATE.get(DRAWN))
    elif task == "close":
        done = show_closing(place, card.name, len(card.children))
    elif task == "status":
        done = show_status(place.id)
    elif task == "history":
        show_history(card)
    if done:
        begin_again()
        rerun_part()
    return tool


def chosen_place(chosen: Place) -> Tool | None:
    """Show what can be done to the chosen place; return the tool that needs."""
    st.button(_("Back"), icon=":material/arrow_back:", on_click=_leave, type="tertiary")
    try:
        with looking() as connection:
            card, place = place_card(connection, *chosen), editable(connection, *chosen)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/location_off:")
        show_typed_for_nothing()
        return None
    if card.bounds and focus(KEY) is None:
        look_at(KEY, card.bounds)
    st.subheader(f"{plain(card.name)} · {_(KIND_LABELS[card.kind])}", anchor=False)
    if place.closed_on:
        st.warning(_("Closed on {day}", day=day(place.closed_on)), icon=":material/block:")
    seen = as_seen(place)
    if has_draft():
        if show_draft():
            begin_again()
            rerun_part()
        return None
    show_newer(seen, place)
    return _task(seen, card)
