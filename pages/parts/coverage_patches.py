"""Fair patches of a compound: among how many heads, or up to which limit, its doors are to be divided."""

import streamlit as st

from geo.briefing.coverage_patches import Plan, plan_patches
from geo.briefing.overview import Stand
from geo.errors import YizhanError
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.places.reads import PlaceCard
from pages.parts.language import rerun_part

PLAN, MADE_AT = "coverage_plan", "coverage_plan_posts"
MOST_HEADS = 200


def plan_at_work() -> Plan | None:
    """Return the plan that is being made in this session."""
    found: Plan | None = st.session_state.get(PLAN)
    return found


def show_patches(stand: Stand, card: PlaceCard) -> None:
    """Offer to divide the doors of a compound among heads."""
    with st.expander(_("Divide the doors fairly"), icon=":material/dashboard:", key="coverage_divide"):
        way = st.radio(
            _("Divide"), ["limit", "heads"], horizontal=True, key="patch_way", label_visibility="collapsed",
            format_func=lambda code: _("so that nobody has more than") if code == "limit" else _("among so many heads"),
        )  # fmt: skip
        label = _("Households at most") if way == "limit" else _("Heads")
        many = st.number_input(label, 1, 1000 if way == "limit" else MOST_HEADS, 40 if way == "limit" else 5,
                               key=f"patch_{way}")  # fmt: skip
        if st.button(_("Show the patches"), icon=":material/visibility:", key="patch_show", width="stretch"):
            _plan(stand, card, way, int(many))


def _plan(stand: Stand, card: PlaceCard, way: str, many: int) -> None:
    compound = (card.id, card.name, card.community_id or 0)
    limit = many if way == "limit" else None
    try:
        plan = plan_patches(stand, compound, heads=None if limit else many, limit=limit)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    st.session_state[PLAN], st.session_state[MADE_AT] = plan, stand.posts
    rerun_part()
