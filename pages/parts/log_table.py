"""The log as a table in words; a click on a row tells everything about one entry."""

import streamlit as st

from geo.access.log_filter import LogFilter, read_position, written_position
from geo.access.log_reads import ENTRIES_A_PAGE, log_entries
from geo.briefing.log_words import LogLine, change_text, told
from geo.exchange.log_files import log_file
from geo.i18n import _, current_language, labelled, moment, use_language
from geo.maps.safe_text import plain
from geo.store.clock import today
from pages.parts.links import link_to
from pages.parts.log_choices import go_to
from pages.parts.session import actor, looking

BEFORE = "before"


def show_log(wanted: LogFilter) -> None:
    """Show one page of the log with the ways to older entries and to a file of it."""
    after = read_position(st.query_params.get(BEFORE, ""))
    with looking() as connection:
        found = log_entries(connection, wanted, after=after, limit=ENTRIES_A_PAGE + 1)
        lines = told(connection, found[:ENTRIES_A_PAGE])
    if not lines:
        st.info(_nothing(wanted, older=after is not None), icon=":material/search_off:")
    else:
        picked = _table(lines)
        if picked is not None:
            _details(picked)
    newest, older, csv, xlsx, _rest = st.columns([1, 1, 1, 1, 2])
    if after is not None:
        newest.button(_("Newest"), icon=":material/first_page:", on_click=go_to, args=(wanted,), key="log_newest")
    if len(found) > ENTRIES_A_PAGE:
        position = written_position(found[ENTRIES_A_PAGE - 1].position)
        older.button(
            _("Older"), icon=":material/navigate_next:", on_click=go_to, args=(wanted,), kwargs={BEFORE: position},
            key="log_older",
        )  # fmt: skip
    if lines:
        _download(csv, wanted, "csv", _("CSV"))
        _download(xlsx, wanted, "xlsx", _("Excel"))


def _download(column: st.delta_generator.DeltaGenerator, wanted: LogFilter, fmt: str, label: str) -> None:
    who, language = actor(), current_language()

    def write() -> bytes:
        use_language(language)
        return log_file(who, wanted, fmt)

    column.download_button(
        label, write, f"log-{today()}.{fmt}", icon=":material/download:",
        key=f"log_{fmt}", on_click="ignore", help=_("Taking the log away is itself an entry of the log."),
    )  # fmt: skip


def _nothing(wanted: LogFilter, *, older: bool) -> str:
    if older:
        return _("There are no older entries.")
    if wanted.view == "saw":
        return _("Nobody looked at a person, printed a list or exported anything in this period.")
    return _("No entry fits. Choose an earlier day under From, or fewer conditions.")


def _table(lines: list[LogLine]) -> LogLine | None:
    columns = {
        _("When"): [moment(line.at) for line in lines],
        _("Who"): [line.who for line in lines],
        _("What was done"): [line.action for line in lines],
        _("About"): [line.what for line in lines],
        _("What changed"): [line.changed for line in lines],
        _("Remark"): [line.note for line in lines],
        _("Community"): [line.community for line in lines],
    }
    chosen = st.dataframe(
        columns, hide_index=True, on_select="rerun", selection_mode="single-row", height="content",
        key=f"log_rows_{lines[0].id}_{lines[-1].id}",
    )  # fmt: skip
    rows = chosen.selection.rows
    return lines[rows[0]] if rows and rows[0] < len(lines) else None


def _details(line: LogLine) -> None:
    with st.container(border=True, key="log_entry"):
        st.markdown(f"{plain(line.action)} · {plain(line.what)}")
        st.caption(_("Entry {id}, {moment}, by {who}", id=line.id, moment=moment(line.at), who=plain(line.who)))
        if line.community:
            st.caption(labelled(_("Community"), plain(line.community)))
        for change in line.changes:
            st.markdown(plain(change_text(change)))
        if line.note:
            st.caption(labelled(_("Remark"), plain(line.note)))
        if line.place:
            kind, place_id = line.place
            link_to(
                "places", _("Open this place"), icon=":material/location_city:", query={"place": f"{kind}:{place_id}"}
            )
        with st.expander(_("As it was stored")):
            st.json({name: side for name, side in line.details.items() if side is not None}, expanded=True)
