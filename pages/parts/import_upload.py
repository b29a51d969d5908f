"""The first step of an import: the file, what it holds, its datum, its columns."""

from typing import Any

import streamlit as st

from geo.errors import YizhanError
from geo.exchange.kinds import KINDS
from geo.exchange.prepare import FileView, LayerView, inspect
from geo.exchange.uploads import ENDINGS, keep_upload
from geo.i18n import N_, _
from geo.maps.safe_text import plain
from pages.parts.import_words import ask_categories
from pages.parts.session import hand_in

DATUMS = {
    "wgs84": N_("WGS 84 (GPS, OpenStreetMap)"),
    "cgcs2000": N_("CGCS2000 (surveys in China)"),
    "gcj02": N_("GCJ-02 (AMap, Tencent and most web maps in China)"),
    "bd09": N_("BD-09 (Baidu)"),
    "epsg": N_("Another one, by its EPSG number"),
}
SAMPLE_HEIGHT = 240


def show_upload() -> None:
    """Take a file, show what was recognised, and hand it in to be read."""
    uploaded = st.file_uploader(_("File"), [ending.lstrip(".") for ending in ENDINGS], key="import_file")
    if uploaded is None:
        st.caption(_("GeoPackage, GeoJSON, zipped Shapefile, CSV, Excel, GeoParquet or OpenStreetMap extract."))
        return
    try:
        path, view = _kept(uploaded)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    layer = _layer(view)
    left, right = st.columns(2)
    kinds = list(KINDS)
    asked = st.query_params.get("kind") or layer.kind or kinds[0]
    kind = left.selectbox(
        _("It holds"),
        kinds,
        kinds.index(asked) if asked in kinds else 0,
        format_func=lambda name: _(KINDS[name].label),
        key="import_kind",
    )
    with right:
        datum = _datum(KINDS[kind].geometry != "none")
    mapping = _columns(path, view.file_name, layer, kind)
    trust = st.checkbox(_("Keep this datum even where the map contradicts it"), key="import_trust")
    if st.button(_("Read and check"), type="primary", icon=":material/fact_check:", key="import_read"):
        params: dict[str, Any] = {"path": path, "kind": kind, "datum": datum, "file_name": view.file_name}
        params |= {"layer": layer.name, "mapping": mapping, "trust": trust}
        st.query_params.from_dict({"job": str(hand_in("import_prepare", params))})
        st.rerun()


def _kept(uploaded: Any) -> tuple[str, FileView]:
    kept = st.session_state.get("import_kept")
    if kept is None or kept[0] != uploaded.file_id:
        path = keep_upload(uploaded, uploaded.name, uploaded.size)
        with st.spinner(_("Looking into the file …")):
            kept = (uploaded.file_id, str(path), inspect(path, file_name=uploaded.name))
        st.session_state["import_kept"] = kept
    return kept[1], kept[2]


def _layer(view: FileView) -> LayerView:
    layers = {layer.name: layer for layer in view.layers}
    if len(layers) == 1:
        return view.layers[0]
    fitting = [name for name, layer in layers.items() if layer.kind]
    names = list(layers)
    chosen = st.selectbox(_("Layer"), names, names.index(fitting[0]) if fitting else 0, key="import_layer")
    return layers[chosen]


def _datum(located: bool) -> str:
    chosen = st.selectbox(
        _("Datum of its coordinates"),
        list(DATUMS),
        format_func=lambda code: _(DATUMS[code]),
        key="import_datum",
        help=_("A wrong datum moves everything by 500 to 1,300 m. The file is checked against what is on the map."),
        disabled=not located,
    )
    if chosen != "epsg":
        return chosen
    return f"EPSG:{st.number_input(_('EPSG number'), 1024, 999_999, 4490, key='import_epsg')}"


def _columns(path: str, file_name: str, layer: LayerView, kind: str) -> dict[str, str]:
    """Show the fields with the columns recognised; return what the user chose differently."""
    known = layer.mapping
    if layer.kind != kind:
        known = next(
            one.mapping for one in inspect(path, kind=kind, file_name=file_name).layers if one.name == layer.name
        )
    options = ["", *layer.columns]
    chosen: dict[str, str] = {}
    with st.expander(
        _("Columns: {count} of {all} recognised", count=len(known), all=len(KINDS[kind].fields)), expanded=True
    ):
        for at, row in enumerate(st.columns(3)):
            for field in KINDS[kind].fields[at::3]:
                guess = known.get(field.name, "")
                column = row.selectbox(
                    _(field.label),
                    options,
                    options.index(guess) if guess in options else 0,
                    format_func=lambda name: name or _("(not in the file)"),
                    key=f"map_{kind}_{layer.name}_{field.name}",
                )
                if column != guess:
                    chosen[field.name] = column
        st.dataframe(layer.sample, height=SAMPLE_HEIGHT, hide_index=True)
    column = chosen.get("category", known.get("category"))
    return chosen | ask_categories(path, file_name, layer.name, column) if column and kind == "requests" else chosen
