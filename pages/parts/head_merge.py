"""A post that changed hands while somebody was filling it: who holds it now, and the question asked again."""

from datetime import date
from typing import Any, NamedTuple

import streamlit as st

from geo.errors import Conflict, Outdated
from geo.i18n import _, day, labelled, moment
from geo.maps.safe_text import plain
from geo.people.reads import PostView
from geo.people.writes import assign_head, end_holding
from geo.places.history import place_history
from pages.parts.language import rerun_part
from pages.parts.merge import attempt, tell
from pages.parts.session import looking

STATE = st.session_state


class Wish(NamedTuple):
    """What somebody wants of a post they saw: a new head from a day, or (no name) the end of the term on it."""

    on: date
    reason: str
    name: str | None = None
    phone: str = ""
    how: str = "elected"
    to_on: date | None = None


def wish_key(seat: PostView) -> str:
    """Return where the wish that waits for an answer is kept."""
    return f"wish_{seat.place_kind}_{seat.place_id}"


def fulfil(seat: PostView, wish: Wish) -> None:
    """Write a wish over the holding that a seat shows; when somebody was faster it waits, and is asked about."""
    holding = seat.current

    def write(session: Any) -> None:
        if wish.name is not None:
            place = {f"{seat.place_kind}_id": seat.place_id}
            seen = {"version": holding.version, "holding_id": holding.id} if holding else {"version": 0}
            assign_head(
                session, **place, name=wish.name, phone=wish.phone, from_on=wish.on, to_on=wish.to_on, how=wish.how,
                reason=wish.reason, **seen,
            )  # fmt: skip
        elif holding is not None:
            end_holding(session, holding.id, on=wish.on, reason=wish.reason, version=holding.version)

    outcome = attempt(write)
    if isinstance(outcome, Outdated):
        STATE[wish_key(seat)] = (wish, outcome, holding.id if holding else None)
        rerun_part()
    elif isinstance(outcome, Conflict):
        tell(outcome)
    elif outcome:
        forget(seat)
        name = plain(wish.name or (holding.person_name if holding else None) or "")
        said = _("{name} is the new head.", name=name) if wish.name else _("The term of {name} ends.", name=name)
        st.toast(said, icon=":material/check:")
        rerun_part()


def forget(seat: PostView) -> None:
    """Give up the wish that waits."""
    STATE.pop(wish_key(seat), None)


def ask_again(seat: PostView) -> None:
    """Show who holds the post now beside what was wanted, and ask whether it still holds."""
    wish, error, holding_id = STATE[wish_key(seat)]
    tell(error)
    _show_now(seat)
    assigned = _("{name} from {from_on}", name=plain(wish.name or ""), from_on=day(wish.on))
    wanted = _("End this term") if wish.name is None else assigned
    st.markdown(labelled(_("You wanted"), wanted))
    if wish.name is None and (seat.current is None or seat.current.id != holding_id):
        st.caption(_("The term you wanted to end is over, or somebody else holds the post: nothing is left to end."))
    else:
        reason = st.text_input(_("Reason"), wish.reason, max_chars=300, key=f"{wish_key(seat)}_reason")
        if st.button(_("Do it all the same"), type="primary", width="stretch", key=f"{wish_key(seat)}_do"):
            fulfil(seat, wish._replace(reason=reason))
    st.button(_("Drop what I typed"), on_click=forget, args=(seat,), width="stretch", key=f"{wish_key(seat)}_drop")


def _show_now(seat: PostView) -> None:
    with looking() as connection:
        latest = place_history(connection, seat.place_kind, seat.place_id, limit=1)
    holder = seat.current.person_name or _("held") if seat.current else _("nobody")
    by = f" · {plain(latest[0].who)}, {moment(latest[0].at)}" if latest else ""
    st.markdown(f"{labelled(_('Now'), plain(holder))}{by}")
