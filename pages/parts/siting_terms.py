"""What a planner says of each candidate site: pinned, left out, its cost, its room, who pays; in a table or by card."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.briefing.siting_results import CandidateRow
from geo.i18n import _
from geo.siting.wanted import FEN, SOURCES

KEPT, NONCE, BASE = "siting_terms", "siting_terms_nonce", "siting_terms_base"
STATE = st.session_state
Terms = dict[int, dict[str, Any]]


def all_terms() -> Terms:
    """Return what is said of sites, by id; only what differs from the record."""
    kept: Terms = STATE.setdefault(KEPT, {})
    return kept


def _key() -> str:
    return f"{KEPT}_{STATE.get(NONCE, 0)}"


def gather(sites: Sequence[CandidateRow]) -> None:
    """Take in what was typed in the table since the last run; the table begins anew when its rows change."""
    shown, kept = STATE.get(BASE, ()), all_terms()
    changed: dict[Any, dict[str, Any]] = STATE.get(_key(), {}).get("edited_rows", {})
    for at, values in changed.items():
        if int(at) < len(shown):
            kept.setdefault(shown[int(at)], {}).update(values)
    now = tuple(site.id for site in sites)
    if now != shown:
        STATE[BASE] = now
        _begin_anew()


def _begin_anew() -> None:
    STATE[NONCE] = STATE.get(NONCE, 0) + 1
    STATE[f"{BASE}_rows"] = {site: dict(values) for site, values in all_terms().items()}


def _row(site: CandidateRow) -> dict[str, Any]:
    recorded = None if site.cost_fen is None else site.cost_fen / FEN
    usual = {"pin": False, "ban": False, "cost": recorded, "room": None, "source": None}
    return usual | STATE.get(f"{BASE}_rows", {}).get(site.id, {})


def show_terms(sites: Sequence[CandidateRow]) -> None:
    """Show the candidate sites as a table in which each can be pinned, left out, priced and limited."""
    if not sites:
        st.info(_("No candidate site is drawn here yet. Add one with a click on the map, or import a list."),
                icon=":material/add_location_alt:")  # fmt: skip
        return
    st.caption(_("For this question only: pin a site that must be used, leave one out, correct its cost, say how many "
                 "households it has room for and who pays. A click on a site does the same on its card."))  # fmt: skip
    rows = [_row(site) for site in sites]
    names = {code: _(label) for code, label in SOURCES.items()}
    st.data_editor(
        {
            _("Site"): [site.name for site in sites],
            _("Compound"): [site.compound or "" for site in sites],
            _("Owner"): [site.owner or "" for site in sites],
            **{name: [row[name] for row in rows] for name in ("pin", "ban", "cost", "room", "source")},
        },
        key=_key(), hide_index=True, height=260, placeholder="–", disabled=[_("Site"), _("Compound"), _("Owner")],
        column_config={
            "pin": st.column_config.CheckboxColumn(_("Pin")),
            "ban": st.column_config.CheckboxColumn(_("Leave out")),
            "cost": st.column_config.NumberColumn(_("Cost (yuan)"), min_value=0, format="%d"),
            "room": st.column_config.NumberColumn(_("Room (households)"), min_value=1, format="%d"),
            "source": st.column_config.SelectboxColumn(
                _("Paid by"), options=list(names), format_func=lambda code: names.get(code, "")
            ),
        },
    )  # fmt: skip


def _say(site_id: int, name: str, widget: str) -> None:
    all_terms().setdefault(site_id, {})[name] = STATE[widget]
    if STATE[widget] is True:
        all_terms()[site_id]["ban" if name == "pin" else "pin"] = False
    _begin_anew()


def show_site_terms(site: CandidateRow) -> None:
    """Show on the card of a candidate site what is said of it for this question."""
    row = _row(site) | all_terms().get(site.id, {})
    with st.container(border=True, key="site_terms"):
        st.caption(_("For the question above"))
        pin, ban = st.columns(2)
        for column, name, label in ((pin, "pin", _("Pin")), (ban, "ban", _("Leave out"))):
            key = f"site_{name}_{site.id}_{STATE.get(NONCE, 0)}"
            column.toggle(label, row[name], key=key, on_change=_say, args=(site.id, name, key))
        key = f"site_cost_{site.id}_{STATE.get(NONCE, 0)}"
        st.number_input(
            _("Cost (yuan)"), 0, None, None if row["cost"] is None else round(row["cost"]), 10_000, key=key,
            placeholder=_("unknown"), on_change=_say, args=(site.id, "cost", key),
        )  # fmt: skip


def terms_asked(sites: Sequence[CandidateRow]) -> dict[str, Any]:
    """Return the terms of some sites as the job takes them."""
    here = {site.id: all_terms()[site.id] for site in sites if site.id in all_terms()}

    def told(name: str) -> dict[str, Any]:
        return {str(site): row[name] for site, row in here.items() if row.get(name) is not None}

    return {
        "pinned": [site for site, row in here.items() if row.get("pin")],
        "banned": [site for site, row in here.items() if row.get("ban")],
        "cost_fen": {site: round(yuan * FEN) for site, yuan in told("cost").items()},
        "rooms": {site: int(room) for site, room in told("room").items()},
        "paid_by": told("source"),
    }
