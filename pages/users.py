"""Users and roles: who may do what where and until when? Invite, give and end roles, suspend, reset."""

import streamlit as st

from geo.access.rules import ROLE_LABELS
from geo.access.user_reads import UserFilter, UserRow, users
from geo.access.user_rules import EXPIRING_DAYS, STATUS_LABELS
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, day, listed, number
from geo.store.clock import today
from pages.parts.session import looking
from pages.parts.user_card import show_user
from pages.parts.user_invite import show_invitation, show_one_time_password

SHOWN_PLACES = 3
SECTION_PX = 560


def _places(user: UserRow) -> str:
    first = listed(user.places[:SHOWN_PLACES])
    left = len(user.places) - SHOWN_PLACES
    return _("{places} and {count} more", places=first, count=number(left)) if left > 0 else first


def _cells(user: UserRow) -> list[Cell]:
    roles = listed(_(ROLE_LABELS[role]) for role in user.roles)
    seen = day(user.seen_at) if user.seen_at else _("never")
    return [user.name, user.shown_name, _(STATUS_LABELS[user.status]), roles, _places(user), user.next_end, seen]


def _titles() -> list[str]:
    return [_("Name"), _("Shown name"), _("Status"), _("Roles"), _("Places"), _("Ends first on"), _("Last seen")]


def _figures(everybody: list[UserRow]) -> None:
    ending = sum(user.next_end is not None and (user.next_end - today()).days <= EXPIRING_DAYS for user in everybody)
    counted = {status: sum(user.status == status for user in everybody) for status in STATUS_LABELS}
    figures = [(_("Users"), len(everybody)), *((_(STATUS_LABELS[code]), count) for code, count in counted.items())]
    figures.append((_("Roles ending soon"), ending))
    for column, (label, value) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, number(value), help=_("As of {day}", day=day(today())))


def _controls() -> UserFilter:
    search, role, status, ending = st.columns([4, 3, 3, 3], vertical_alignment="bottom")
    wanted = search.text_input(
        _("Search"), key="users_search", placeholder=_("Name, e-mail address or place"), icon=":material/search:"
    )
    roles = role.selectbox(
        _("Role"), [None, *ROLE_LABELS], key="users_role", placeholder=_("All"),
        format_func=lambda code: _(ROLE_LABELS[code]) if code else _("All"),
    )  # fmt: skip
    statuses = status.selectbox(
        _("Status"), [None, *STATUS_LABELS], key="users_status", placeholder=_("All"),
        format_func=lambda code: _(STATUS_LABELS[code]) if code else _("All"),
    )  # fmt: skip
    soon = ending.toggle(_("Ending soon only"), key="users_ending")
    return UserFilter(wanted, roles, statuses, soon)


def _table(found: list[UserRow]) -> None:
    rows, titles = [_cells(user) for user in found], _titles()
    picked = st.dataframe(
        {title: [str(row[at] or "") for row in rows] for at, title in enumerate(titles)},
        hide_index=True, height=SECTION_PX, on_select="rerun", selection_mode="single-row",
        key=f"users_{st.session_state.get('users_turn', 0)}",
    )  # fmt: skip
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, rows), f"users_{today()}.xlsx", icon=":material/download:",
        on_click="ignore", key="users_xlsx",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, rows), f"users_{today()}.csv", icon=":material/download:",
        on_click="ignore", key="users_csv",
    )  # fmt: skip
    if picked.selection.rows:
        st.session_state["users_turn"] = st.session_state.get("users_turn", 0) + 1
        st.query_params["user"] = found[picked.selection.rows[0]].name
        st.rerun()


st.title(_("Users and roles"), anchor=False)
st.caption(_("Who may do what, where and until when? Those whose role ends within {days} days come first.",
             days=EXPIRING_DAYS))  # fmt: skip
figures_at, controls_at = st.container(key="figures"), st.container(key="controls")
with controls_at:
    wish = _controls()
with looking() as opened:
    everybody = users(opened, UserFilter(), on=today())
    matching = everybody if wish == UserFilter() else users(opened, wish, on=today())
with figures_at:
    _figures(everybody)
show_one_time_password()
with st.container(key="map_and_panel"):
    list_side, card_side = st.columns([3, 2])
with card_side:
    asked = st.query_params.get("user", "")
    if asked:
        show_user(asked)
    else:
        show_invitation()
with list_side:
    if matching:
        _table(matching)
    else:
        st.info(_("No user is like this. Change the filter, or invite somebody."), icon=":material/person_search:")
