"""The findings of an import, row by row."""

import streamlit as st

from geo.exchange import reads
from geo.exchange.downloads import as_csv, as_xlsx
from geo.exchange.kinds import field_title
from geo.exchange.wording import OUTCOME_WORDS, finding_title
from geo.i18n import _, number
from pages.parts.session import looking

SHOWN = 500
TABLE_PX, ROW_PX = 320, 35


def show_findings(run_id: int, counted: dict[tuple[str, str], int]) -> None:
    """Show the findings of an import with filters and downloads; counted: how many of each outcome and code."""
    st.subheader(_("Findings"), anchor=False)
    if not counted:
        st.caption(_("Nothing was noticed: every row was accepted as it is."))
        return
    left, right = st.columns(2)
    outcomes = list(dict.fromkeys(outcome for outcome, _code in counted))
    outcome = left.selectbox(
        _("What became of the rows"),
        [None, *outcomes],
        key="finding_outcome",
        placeholder=_("All"),
        format_func=lambda name: _(OUTCOME_WORDS[name]) if name else _("All"),
    )
    codes = {code: count for (ended, code), count in counted.items() if outcome in (None, ended)}
    code = right.selectbox(
        _("What was found"),
        [None, *codes],
        key="finding_code",
        placeholder=_("All"),
        format_func=lambda name: f"{finding_title(name)} ({number(codes[name])})" if name else _("All"),
    )
    with looking() as connection:
        found = reads.findings(connection, run_id, outcome=outcome, code=code, limit=SHOWN)
    titles = [_("Row"), _("Field"), _("Outcome"), _("What was found")]
    cells = _cells(found)
    columns = {title: [row[at] for row in cells] for at, title in enumerate(titles)}
    st.dataframe(columns, hide_index=True, height=min(TABLE_PX, ROW_PX * (len(cells) + 1) + 3), placeholder="")
    total = sum(codes.values())
    if total > len(found):
        st.caption(
            _("The first {shown} of {total}; the download has all.", shown=number(len(found)), total=number(total))
        )
    excel, text, _rest = st.columns([1, 1, 4])
    name = f"findings_{run_id}"
    excel.download_button(
        _("Excel"), lambda: as_xlsx(titles, _all(run_id)), f"{name}.xlsx", key="findings_xlsx", on_click="ignore"
    )
    text.download_button(
        _("CSV"), lambda: as_csv(titles, _all(run_id)), f"{name}.csv", key="findings_csv", on_click="ignore"
    )


def _cells(found: list[reads.FindingView]) -> list[list[str | int | None]]:
    return [[one.row or None, field_title(one.field or ""), _(OUTCOME_WORDS[one.outcome]), one.text] for one in found]


def _all(run_id: int) -> list[list[str | int | None]]:
    with looking() as connection:
        return _cells(reads.findings(connection, run_id))
