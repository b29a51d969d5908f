"""Export: the registry's layers as files that other programs read, and that this one reads back unchanged."""

import streamlit as st

from geo.errors import NotFound
from geo.exchange.kinds import KINDS
from geo.exchange.reads import layer_counts
from geo.exchange.writers import may_leave
from geo.i18n import N_, _, labelled, listed, number
from geo.jobs import runner
from geo.maps.safe_text import plain
from geo.places.reads import communities
from pages.parts.language import speak
from pages.parts.links import link_to
from pages.parts.session import actor, hand_in, looking

FORMATS = {
    "gpkg": N_("GeoPackage (QGIS, ArcGIS)"),
    "geojson": N_("GeoJSON (web maps)"),
    "xlsx": N_("Excel (outlines as text)"),
}
OFTEN_S = 1


def _choose() -> None:
    with looking() as connection:
        counts, known = layer_counts(connection), communities(connection)
        offered = [kind for kind, count in counts.items() if count and may_leave(connection, kind)]
    if not offered:
        st.info(_("There is nothing to export yet. Import areas and buildings first."), icon=":material/inbox:")
        link_to("import_files", _("Import files"))
        return
    layers = st.multiselect(
        _("Layers"),
        offered,
        offered,
        key="export_layers",
        placeholder=_("Choose"),
        format_func=lambda kind: f"{_(KINDS[kind].label)} ({number(counts[kind])})",
    )
    left, right = st.columns(2)
    fmt = left.selectbox(_("Format"), list(FORMATS), format_func=lambda name: _(FORMATS[name]), key="export_format")
    names = {row.id: row.name for row in known}
    community = right.selectbox(
        _("Community"),
        [None, *names],
        format_func=lambda key: plain(names[key]) if key else _("All communities"),
        key="export_community",
        placeholder=_("All communities"),
    )
    phones = None
    if "posts" in layers:
        phones = st.text_input(
            _("Reason, if telephone numbers shall go along (each is logged with it)"),
            max_chars=500,
            key="export_phones",
        )
    if st.button(
        _("Write the file"), type="primary", icon=":material/download:", disabled=not layers, key="export_write"
    ):
        params = {"layers": layers, "fmt": fmt, "community_id": community, "phones": (phones or "").strip() or None}
        st.query_params.from_dict({"job": str(hand_in("export", params))})
        st.rerun()


def _start_over() -> None:
    st.query_params.from_dict({})


def _follow(job_id: int) -> None:
    speak()
    job = runner.status(actor(), job_id)
    if not job.finished:
        st.progress(job.progress, plain(job.doing()) or _("Starting …"))
        if st.button(_("Cancel"), icon=":material/cancel:", key="export_cancel", disabled=job.cancel_asked):
            runner.cancel(actor(), job_id)
        return
    if st.session_state.get("export_shown") != job_id:
        st.session_state["export_shown"] = job_id
        st.rerun()
    file = job.file()
    if file is None:
        st.error(plain(job.error_text()) or _("It was stopped."), icon=":material/error:")
        return
    result = job.result or {}
    rows = listed(
        labelled(_(KINDS[kind].label), number(result["rows"][kind])) for kind in KINDS if kind in result["rows"]
    )
    st.success(_("The file is ready. {rows}", rows=rows), icon=":material/check:")
    for kind, count in result.get("too_long", {}).items():
        st.warning(
            _(
                "{layer}: {count} outlines are longer than a cell and were left out. GeoPackage has them.",
                layer=_(KINDS[kind].label),
                count=number(count),
            ),
            icon=":material/warning:",
        )
    st.download_button(
        _("Download"), file.read_bytes, file.name, icon=":material/download:", key="export_file", on_click="ignore"
    )


def _show(job_id: int) -> None:
    try:
        finished = runner.status(actor(), job_id).finished
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/search_off:")
    else:
        st.fragment(_follow, run_every=None if finished else OFTEN_S)(job_id)
    st.button(_("Export something else"), on_click=_start_over, key="export_again")


st.title(_("Export"), anchor=False)
st.caption(_("Which layers shall leave, in which format? Importing the file again changes nothing."))
asked = st.query_params.get("job", "")
if asked.isdecimal():
    _show(int(asked))
else:
    _choose()
