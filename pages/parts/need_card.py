"""The card of a care need: place, help, status and history; what may be done about it stands below."""

from collections.abc import Callable

import streamlit as st

from geo.i18n import N_, _, day
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView, need_by_number
from geo.people.needs import STATUS_LABELS
from pages.parts.city_map import look_at
from pages.parts.consents import show_consents
from pages.parts.links import is_open
from pages.parts.need_details import detail_facts, show_details
from pages.parts.need_forms import show_change, show_end
from pages.parts.need_history import show_need_history
from pages.parts.need_state import open_need_card
from pages.parts.need_words import door_of, tasks_in_words
from pages.parts.person_fields import show_person_change
from pages.parts.person_new import show_joining
from pages.parts.person_rights import show_copy, show_erasure
from pages.parts.reveal import show_reveal
from pages.parts.session import looking, may
from pages.parts.visit_words import link_to_form, visit_facts

Part = Callable[[NeedView], object]
MAP = "neighbourhood_map"
AROUND = 0.0007
"""So many degrees to each side of a door are shown: about a block of houses."""
ICONS = {"open": ":material/radio_button_checked:", "paused": ":material/pause_circle:", "ended": ":material/task_alt:"}
ENDED_PARTS = ("reveal", "change", "consents", "copy", "erase", "history")


def show_need(number: str) -> None:
    """Show everything about a need that the visitor may see, or say that it is not there."""
    with looking() as connection:
        need = need_by_number(connection, number)
    if need is None:
        st.warning(
            _("There is no need {number}, or you may not see it. Choose one in the list.", number=plain(number)),
            icon=":material/search_off:",
        )
        st.button(_("Back to the list"), key="close_need", on_click=open_need_card, args=(None,))
        return
    with st.container(key=f"need_{need.number}"):
        _show_head(need)
        _show_facts(need)
    _show_work(need)


def _show_head(need: NeedView) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Need {number}", number=plain(need.number)), anchor=False)
        st.button(
            "", icon=":material/close:", help=_("Close this card"), key="close_need", type="tertiary",
            on_click=open_need_card, args=(None,),
        )  # fmt: skip


def _show_facts(need: NeedView) -> None:
    state = f"{ICONS[need.status]} {_(STATUS_LABELS[need.status])}"
    ended = [(_("Ended"), day(need.ended_on))] if need.ended_on else []
    facts = [
        (_("Place"), plain(door_of(need))),
        (_("Help needed"), plain(tasks_in_words(need.tasks))),
        *detail_facts(need),
        (_("Status"), state),
        (_("Since"), day(need.opened_on)),
        *ended,
        *visit_facts(need.id),
        (_("Community"), plain(need.community)),
    ]
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))
    if need.status == "open":
        link_to_form(need.number)
    if is_open(MAP) and st.button(_("Show on the map"), icon=":material/map:", key="need_on_map", type="tertiary"):
        _show_on_map(need)


def _show_on_map(need: NeedView) -> None:
    if need.lon is not None and need.lat is not None:
        look_at(MAP, (need.lon - AROUND, need.lat - AROUND, need.lon + AROUND, need.lat + AROUND))
    st.switch_page(f"{MAP}.py", query_params={"place": f"building:{need.building_id}"})


def _tasks(need: NeedView) -> dict[str, tuple[str, Part]]:
    """Return what may be done about a need, with its words."""
    known: list[tuple[str, bool, str, Part]] = [
        ("reveal", may("reveal_persons"), N_("Look at the person"), show_reveal),
        ("change", may("edit_needs"), N_("Change"), show_change),
        ("details", may("edit_needs"), N_("What it takes"), show_details),
        ("end", may("edit_needs"), N_("End"), show_end),
        ("join", may("edit_needs"), N_("Record the person"), show_joining),
        ("person", may("edit_needs"), N_("Correct the person"), show_person_change),
        ("consents", may("edit_needs"), N_("Consents"), show_consents),
        ("copy", may("export_person"), N_("Hand over a copy"), show_copy),
        ("erase", may("erase_person"), N_("Erase"), show_erasure),
        ("history", True, N_("History"), show_need_history),
    ]
    of_person, of_nobody = ("reveal", "person", "consents", "copy", "erase"), ("join",)
    return {
        name: (label, part)
        for name, allowed, label, part in known
        if allowed
        and name not in (of_person if need.helped_person_id is None else of_nobody)
        and (need.status != "ended" or name in ENDED_PARTS)
    }


def _show_work(need: NeedView) -> None:
    offered = _tasks(need)
    if need.helped_person_id is None and may("edit_needs"):
        st.caption(_("Nobody is recorded with this need: a door and its help, without a name."))
    chosen = st.pills(
        _("What to do"), list(offered), default=next(iter(offered)), key=f"need_task_{need.number}",
        format_func=lambda name: _(offered[name][0]), label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        offered[chosen][1](need)
