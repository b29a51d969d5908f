"""A station that was moved on the map: the plan beside it, and what to do with the new place."""

import streamlit as st

from geo.briefing.siting_moves import try_place
from geo.briefing.siting_results import KeptSiting
from geo.errors import YizhanError
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.maps.siting_layer import Moved
from geo.places.writes import draw_place
from pages.parts.language import rerun_part
from pages.parts.session import act, actor, may
from pages.parts.siting_figures import metres
from pages.parts.siting_studies import put_back
from pages.parts.siting_terms import all_terms


def show_moved(found: KeptSiting, moved: Moved) -> None:
    """Show what the move of a station changes and how to keep its new place."""
    name = found.name_of(moved.site)
    st.subheader(_("{site}, moved", site=plain(name)), anchor=False)
    try:
        tried = try_place(actor(), found.view.id, moved.lon, moved.lat, instead_of=moved.site)
    except YizhanError as error:
        st.warning(plain(error.text()), icon=":material/remove_road:")
        st.button(_("Put it back"), icon=":material/undo:", key="put_back", on_click=put_back)
        return
    moments = (tried.today, tried.plan, tried.then)
    st.dataframe(
        {
            "": [_("Households within the limit"), _("Mean walk"), _("Longest walk")],
            **{
                title: [number(one["within"]), metres(one["mean_m"]), metres(one["farthest_m"])]
                for title, one in zip((_("Today"), _("Plan"), _("Moved")), moments, strict=True)
            },
        },
        hide_index=True,
    )
    st.caption(_("Nothing is changed yet. The plan stays as it is; the new place can become a candidate site."))
    _keep(name, moved)
    st.button(_("Put it back"), icon=":material/undo:", key="put_back", on_click=put_back, width="stretch")


def _keep(name: str, moved: Moved) -> None:
    if not may("edit_stations"):
        return
    called = st.text_input(_("Name of the new place"), _("{site}, moved", site=name), max_chars=200, key="moved_name")
    if st.button(_("Make it a candidate site and pin it"), icon=":material/add_location:", key="keep_moved",
                 width="stretch"):  # fmt: skip
        spot = {"type": "Point", "coordinates": [moved.lon, moved.lat]}
        made = act(lambda session: draw_place(session, "candidate_site", spot, {"name": called}))
        if made:
            all_terms().setdefault(made, {})["pin"] = True
            all_terms().setdefault(moved.site, {})["ban"] = True
            put_back()
            st.query_params["place"] = f"candidate_site:{made}"
            st.toast(_("The new place is a pinned candidate site; the old one is left out. Find sites again."),
                     icon=":material/check:")  # fmt: skip
            rerun_part()
