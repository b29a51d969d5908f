"""How the hotspots of a view were computed, in words a planner can check."""

import streamlit as st

from geo.i18n import N_, _, labelled

METHODS = {
    "where": N_(
        "Gi* (Getis and Ord) of each place with its neighbours, on requests per household drawn to the mean "
        "of all as far as they are uncertain (empirical Bayes, Marshall 1991). Classes hold after the false "
        "discovery rate (Benjamini and Hochberg): of the places marked at 95 %, about one in twenty may be "
        "chance."
    ),
    "real": N_(
        "Kulldorff's prospective space-time scan: circles of hexagons that hold at most a tenth of what is "
        "expected, over the last 1 to 26 weeks. Expected is the share of households in a place, of the "
        "requests of each week in the whole area; so seasons make no cluster. p is the rank among 999 towns "
        "filled by chance."
    ),
    "growing": N_(
        "Gi* of each place and whole month against all places and months, and the trend of its z by Mann-"
        "Kendall. The seventeen patterns are those of emerging hot spot analysis: new, consecutive, "
        "intensifying, persistent, diminishing, sporadic, oscillating and historical, hot or cold, and none."
    ),
    "silence": N_(
        "A building is unheard when it has both fewer requests and fewer visits than its households would "
        "have by chance (lower tail of Poisson, both together, false discovery rate 5 %). Few requests need "
        "not mean that all is well."
    ),
}
BANDED = N_(
    "Your role does not see single requests: small places are joined with their neighbours or left out, "
    "and numbers are told between bounds."
)


def show_method(view: str, *, exact: bool, size: str) -> None:
    """Say how a view was computed; size: why the hexagons are as wide as they are."""
    with st.expander(_("How this was computed")):
        st.markdown(_(METHODS[view]))
        if size:
            st.markdown(size)
        if not exact:
            st.markdown(_(BANDED))
        st.caption(labelled(_("Duplicates"), _("never counted; incidents count apart unless they are switched on.")))
