"""The printed list with names: a table of its own on paper, a workbook, and nothing that stays."""

from collections.abc import Sequence

import streamlit as st

from geo.access.reveals import Revealed
from geo.exchange.downloads import as_xlsx
from geo.i18n import _, day
from geo.maps.safe_text import safe_table, safe_text
from geo.people.need_reads import NeedView
from geo.store.clock import today
from pages.parts.need_words import tasks_in_words
from pages.parts.person_words import field_label, value_in_words
from pages.parts.reveal import forget_after
from pages.parts.session import visitor

SHOWN_S = 900
PRINTED = """<style>
.yz-names { border-collapse: collapse; width: 100%; font-size: .9rem; }
.yz-names th, .yz-names td { border: 1px solid #8a8f98; padding: .3rem .5rem; text-align: left; vertical-align: top; }
.yz-names th { font-weight: 400; background: #f6f4ef; color: #1f2328; }
.st-key-printed { overflow-x: auto; }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stElementContainer"], [data-testid="stForm"],
  [data-testid="stExpander"] { display: none !important; }
  .st-key-printed [data-testid="stElementContainer"] { display: block !important; }
}
</style>"""
SHEET = "<p>{head}</p>{table}<p>{foot}</p>"


def show_names(chosen: Sequence[NeedView], shown: Sequence[Revealed], purpose: str) -> None:
    """Show the list to print, once, and offer it as a file; it goes with the next thing that is done."""
    titles, rows = _table(chosen, shown)
    forget_after(
        SHOWN_S, _("Print it now (Ctrl+P) or take the file: the list is gone as soon as you do anything else.")
    )
    st.download_button(
        _("Excel"), as_xlsx(titles, rows), f"{_('list')}_{today()}.xlsx", icon=":material/download:", key="list_xlsx",
        on_click="ignore",
    )  # fmt: skip
    who = visitor().shown_name
    head = _("For {purpose}, {day}, made by {who}", purpose=purpose, day=day(today()), who=who)
    foot = _("Personal data: keep it out of sight, give it back or destroy it after use.")
    with st.container(key="printed"):
        st.html(PRINTED)
        st.html(
            SHEET.format(head=safe_text(head), table=safe_table(titles, rows, style="yz-names"), foot=safe_text(foot))
        )


def _table(chosen: Sequence[NeedView], shown: Sequence[Revealed]) -> tuple[list[str], list[list[str]]]:
    """Return the titles and rows of the list, with an empty column to tick off."""
    of_person = {one.person_id: one.values for one in shown}
    fields = list(shown[0].values)
    titles = [_("Place"), _("Door"), _("Number"), _("Help needed"), *map(field_label, fields)]
    rows = [
        [
            need.place, need.room or "", need.number, tasks_in_words(need.tasks),
            *(value_in_words(name, of_person[need.helped_person_id][name]) for name in fields), "",
        ]
        for need in chosen
        if need.helped_person_id in of_person
    ]  # fmt: skip
    return [*titles, _("Done")], rows
