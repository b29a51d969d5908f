"""The second step of an import: what became of the rows, how they look on the map, accept or drop."""

import streamlit as st
from streamlit_folium import st_folium

from geo.briefing.map_state import MapState, look
from geo.briefing.overview import stand_now
from geo.errors import NotFound
from geo.exchange import load, reads
from geo.exchange.kinds import KINDS
from geo.exchange.preview import preview_map, sample
from geo.exchange.wording import COUNT_WORDS, STATUS_WORDS, evidence_lines
from geo.i18n import _, number
from geo.jobs.folders import job_folder
from geo.maps.city_map import rerun_group
from geo.maps.safe_text import plain
from pages.parts.import_findings import show_findings
from pages.parts.import_work import start_over
from pages.parts.session import act, actor, hand_in, looking

MAP_HEIGHT_PX = 460


def show_run(run_id: int) -> None:
    """Show an import with its findings; while it waits, let the user decide."""
    try:
        with looking() as connection:
            run = reads.run(connection, run_id)
            counted = reads.finding_counts(connection, run_id)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/search_off:")
        return
    kind, status = _(KINDS[run.kind].label), _(STATUS_WORDS[run.status])
    st.subheader(f"{plain(run.file_name)} · {kind} · {status}", anchor=False)
    shown = [name for name in COUNT_WORDS if run.counts.get(name) is not None]
    for place, name in zip(st.columns(max(len(shown), 1)), shown, strict=False):
        place.metric(_(COUNT_WORDS[name]), number(run.counts[name]))
    st.caption("  \n".join(plain(line) for line in evidence_lines(run.evidence)))
    if run.status == "prepared":
        _decide(run)
    st.button(_("Import another file"), on_click=start_over, icon=":material/upload_file:", key="import_next")
    show_findings(run.id, counted)
    if run.status == "prepared" and run.job_id is not None:
        _preview(run.job_id)


def _decide(run: reads.RunView) -> None:
    rows = run.counts["read"] - run.counts["refused"]
    yes, no, _rest = st.columns([2, 2, 5])
    accept = _("Accept rows: {count}", count=number(rows))
    if yes.button(accept, type="primary", disabled=rows == 0, icon=":material/check:", key="import_accept"):
        params = {"run_id": run.id, "prepared_by": run.job_id}
        st.query_params.from_dict({"job": str(hand_in("import_accept", params))})
        st.rerun()
    if no.button(_("Drop this import"), icon=":material/delete:", key="import_drop"):
        act(lambda session: load.drop(session, run.id))
        start_over()
        st.rerun()


def _preview(job_id: int) -> None:
    found = sample(job_folder(job_id))
    if found is None:
        return
    st.subheader(_("On the map"), anchor=False)
    st.caption(
        _("{shown} of {total} shapes in blue over what is there.", shown=number(found.shown), total=number(found.total))
    )
    state = MapState()
    st_folium(
        preview_map(found),
        key=f"preview_{job_id}",
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=rerun_group(look(state, stand_now(actor()))),
    )
