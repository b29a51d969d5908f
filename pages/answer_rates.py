"""How requests are answered: response, resolution and satisfaction, by community, category or month."""

import streamlit as st

from geo.i18n import _
from geo.places.reads import communities
from geo.requests.numbers import numbers
from geo.requests.rate_reads import rate_table, sees_rows
from geo.requests.request_reads import categories
from pages.parts.language import fragment
from pages.parts.rate_controls import chosen_rates, show_rate_controls
from pages.parts.rate_table import show_rate_figures, show_rate_rows, show_rates_how
from pages.parts.session import looking


@fragment
def work() -> None:
    """Show the three rates of the period, then a row for each community, category or month."""
    with looking() as connection:
        places = {str(one.id): one.name for one in communities(connection)}
        names = {one.code: one.label for one in categories(connection, active=False)}
        free = sees_rows(connection)
        chosen = chosen_rates(places, free=free)
        table = rate_table(
            connection, chosen.dimension, since=chosen.since, until=chosen.until, community_id=chosen.community_id
        )
        known = numbers(connection)
    with st.container(key="controls"):
        show_rate_controls(places, free=free)
    if not table.rows:
        st.info(
            _("No request of this time was counted, or too few to show. Residents are called back on Requests."),
            icon=":material/percent:",
        )
        return
    with st.container(key="figures"):
        show_rate_figures(table, known)
    show_rate_rows(table, chosen.dimension, places | names, known)
    show_rates_how(table, known)


st.title(_("How requests are answered"), anchor=False)
st.caption(_("Did somebody answer, is it solved, are people satisfied? Every share with its interval and its count."))
work()
