"""From a file to rows that can be accepted: read, mapped, typed, placed, cleaned, keyed, counted. No database."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import BadInput
from geo.exchange import duplicates, network, roster, shapes
from geo.exchange.claim import parsed_datum
from geo.exchange.codes import drop_false_key, fill_codes, refuse_reserved
from geo.exchange.columns import checked_mapping, doubled, fit, guess_mapping
from geo.exchange.content import Content
from geo.exchange.draft import Draft
from geo.exchange.fields import Kind
from geo.exchange.formats import recognise
from geo.exchange.hostile import check_size
from geo.exchange.kinds import KINDS, kind_named
from geo.exchange.levels import derive_areas
from geo.exchange.located import POSITION_COLUMNS, position_columns, table_geometry
from geo.exchange.people_rows import NEED_COLUMNS, VOLUNTEER_COLUMNS, need_rows, volunteer_rows
from geo.exchange.positions import put_on_map
from geo.exchange.prepared import Prepared
from geo.exchange.readers import Layer, note_suffix, opened, read_layer
from geo.exchange.request_places import forget_null_islands
from geo.exchange.request_rows import REQUEST_COLUMNS, parted, request_rows
from geo.exchange.surroundings import Surroundings
from geo.exchange.values import typed_column
from geo.i18n import N_
from geo.store.texts import LONGEST, is_blank, shown, without_hidden

SAMPLE_ROWS = 20
SAMPLE_READ = 200
LONGEST_ENDING = 20
Progress = Callable[..., None]
NAMING_PEOPLE = {"posts": roster.seat_rows, "volunteers": volunteer_rows, "care_needs": need_rows}
ROWS_OF_PEOPLE = {"posts": roster.POST_COLUMNS, "volunteers": VOLUNTEER_COLUMNS, "care_needs": NEED_COLUMNS}
REQUESTS = "requests"


@dataclass(frozen=True)
class LayerView:
    """One layer of a file as the page shows it: columns, first rows as text, best fitting kind and its mapping."""

    name: str
    columns: list[str]
    sample: list[dict[str, str]]
    has_geometry: bool
    crs: str | None
    kind: str | None
    mapping: dict[str, str]


@dataclass(frozen=True)
class FileView:
    """What a file offers before anything is imported."""

    file_name: str
    format: str
    layers: list[LayerView]


def inspect(path: Path | str, *, kind: str | None = None, file_name: str | None = None) -> FileView:
    """Return a file's layers, columns, sample rows and the kind and mapping they suggest (for `kind`, when it is
    given).

    Raises BadInput for a file that cannot be read.
    """
    place = Path(path)
    name = _readable_name(file_name or place.name)
    check_size(place, name)
    with opened(place, name) as layers:
        return FileView(name, recognise(place, name), _views(layers, kind))


def _readable_name(given: str) -> str:
    """Return a file's name as it can be stored: no hidden signs, not blank, and of bounded length with its ending."""
    plain = Path(without_hidden(given.encode("utf-8", "replace").decode()))
    stem = "file" if is_blank(plain.stem) else plain.stem
    ending = plain.suffix[:LONGEST_ENDING]
    return stem[: LONGEST["file_name"] - len(ending)] + ending


def _views(layers: list[Layer], wanted: str | None) -> list[LayerView]:
    """Return the layers that can be read; raise what is wrong with the first when none can."""
    views, wrong = [], []
    for layer in layers:
        try:
            views.append(_view(layer, wanted))
        except BadInput as error:
            wrong.append(error)
    if wrong and not views:
        raise wrong[0]
    return views


def _view(layer: Layer, wanted: str | None) -> LayerView:
    content = read_layer(layer, SAMPLE_READ)
    columns = [str(column) for column in content.columns.columns]
    located = content.geometry is not None or bool(position_columns(columns))
    scores = {kind.name: fit(kind, columns, layer.name, has_geometry=located) for kind in KINDS.values()}
    best = wanted or max(scores, key=lambda name: scores[name])
    sample = content.columns.head(SAMPLE_ROWS).astype("string").fillna("").to_dict("records")
    return LayerView(
        layer.name,
        columns,
        sample,
        located,
        content.crs,
        best if scores[best] else None,
        guess_mapping(KINDS[best], columns),
    )


def prepare(  # noqa: PLR0913
    path: Path | str,
    kind: str,
    *,
    datum: str,
    layer: str | None = None,
    mapping: Mapping[str, str] | None = None,
    surroundings: Surroundings | None = None,
    progress: Progress | None = None,
    file_name: str | None = None,
    trust: bool = False,
) -> Prepared:
    """Read a file as rows of a kind and judge every row.

    path: the file; file_name: the name its user knows. kind: a key of KINDS.
    datum: wgs84, cgcs2000, gcj02, bd09 or EPSG:n. trust: keep a datum that the map contradicts.
    layer: which layer, needed when several fit. surroundings: what is on the map already.
    mapping: field -> column put over the guess; an empty column means not used, "=text" gives every row that text;
    lon, lat,
    lonlat and wkt may be named too. progress: called with a share from 0 to 1, a msgid and its values.

    Returns rows, findings, evidence and counts; every row of the file ends accepted, repaired or refused.
    Raises BadInput for what concerns the file as a whole: hostile, damaged, empty, unknown datum, no fitting layer.
    """
    place, wanted, known = Path(path), kind_named(kind), surroundings or Surroundings()
    name, report = _readable_name(file_name or place.name), progress or _silent
    parsed_datum(datum)
    check_size(place, name)
    report(0.0, N_("Reading {file}"), file=name)
    columns, values = parted(mapping or {})
    read = _read(place, name, wanted, layer, columns)
    draft = _draft(read, wanted, name)
    forget_null_islands(draft)
    report(0.4, N_("Placing rows: {count}"), count=len(draft))
    evidence = put_on_map(draft, datum, read.content.crs, known, trust=trust)
    report(0.6, N_("Cleaning rows: {count}"), count=len(draft))
    if wanted.name == REQUESTS:
        shapes.flatten(draft)
        shapes.fit_shapes(draft)
        request_rows(draft, known, read.used, values, datetime.now(UTC))
    else:
        _clean(draft, read.used, columns, known)
    report(0.9, N_("Counting"))
    return _prepared(draft, read, place, datum, evidence)


@dataclass(frozen=True)
class _Read:
    """A layer as it was read, the columns used of it, and what else the file offers."""

    content: Content
    used: dict[str, str]
    columns: list[str]
    layers: list[str]
    layer: str


def _read(place: Path, name: str, kind: Kind, layer: str | None, mapping: Mapping[str, str] | None) -> _Read:
    with opened(place, name) as layers:
        chosen = _chosen(layers, kind, layer, name)
        content = read_layer(chosen)
    note_suffix(Path(name).suffix, recognise(place, name), content.findings)
    content.columns.columns = columns = [str(column) for column in content.columns.columns]
    used = checked_mapping(kind, columns, mapping, name)
    for column, other in doubled(columns, used.values()):
        content.findings.note("column_twice", column=column, other=other)
    return _Read(content, used, columns, [item.name for item in layers], chosen.name)


def _prepared(draft: Draft, read: _Read, place: Path, datum: str, evidence: dict[str, Any]) -> Prepared:
    refused = draft.findings.rows_with("refused")
    seen = np.union1d(read.content.rows, refused) if refused.size else read.content.rows
    return Prepared(
        kind=draft.kind.name,
        file_name=draft.name,
        sha256=_sha256(place),
        rows=_rows(draft),
        findings=draft.findings,
        counts=draft.findings.counts(seen),
        evidence=evidence,
        datum=datum,
        mapping=read.used,
        columns=read.columns,
        layers=read.layers,
        layer=read.layer,
    )


def _silent(_share: float, _message: str, **_values: Any) -> None:
    return


def _chosen(layers: list[Layer], kind: Kind, asked: str | None, name: str) -> Layer:
    """Return the layer asked for, the only one, or the one that fits the kind clearly best."""
    names = ", ".join(layer.name for layer in layers)
    if asked is not None:
        for layer in layers:
            if layer.name == asked:
                return layer
        raise BadInput(
            N_("{file} has no layer {layer}. Choose one of: {choices}."), file=name, layer=asked, choices=names
        )
    if len(layers) == 1:
        return layers[0]
    by_name = [layer for layer in layers if any(word in layer.name.lower() for word in kind.layer_words)]
    if len(by_name) == 1:
        return by_name[0]
    raise BadInput(N_("{file} has several layers. Choose one of: {choices}."), file=name, choices=names)


def _draft(read: _Read, kind: Kind, name: str) -> Draft:
    content, used = read.content, read.used
    findings, raw = content.findings, content.columns
    frame = pd.DataFrame(index=pd.RangeIndex(len(raw)))
    for item in kind.fields:
        column = used.get(item.name)
        if column is None:
            series = pd.Series(pd.NA, index=frame.index, dtype="string")
        elif column.startswith("="):
            series = pd.Series(column[1:], index=frame.index, dtype="string")
        else:
            series = raw[column].reset_index(drop=True)
        frame[item.name] = typed_column(series, item, column or "", content.rows, findings)
    geometry = content.geometry
    if geometry is None and kind.geometry != "none":
        where = {role: column for role, column in used.items() if role in POSITION_COLUMNS}
        geometry = table_geometry(raw, content.rows, where or position_columns(list(raw.columns)), findings)
    if geometry is None:
        geometry = np.full(len(raw), None, dtype=object)
    draft = Draft(kind, name, content.rows, frame, geometry, findings)
    draft.keep(~np.isin(draft.rows, findings.rows_with("refused")))
    return draft


def _clean(draft: Draft, used: Mapping[str, str], asked: Mapping[str, str], surroundings: Surroundings) -> None:
    kind = draft.kind
    if kind.name in NAMING_PEOPLE:
        NAMING_PEOPLE[kind.name](draft, surroundings)
    if kind.name == "organisations":
        _require_teams(draft)
    shapes.flatten(draft)
    if "code" in draft.frame:
        drop_false_key(draft, used.get("code"), asked="code" in asked)
        refuse_reserved(draft)
    if kind.geometry == "polygon":
        duplicates.use_labels(draft)
    shapes.fit_shapes(draft)
    duplicates.drop_default_geocodes(draft)
    if kind.name == "roads":
        network.cut_at_junctions(draft)
    if kind.name == "areas":
        derive_areas(draft)
    roster.locate_by_address(draft, surroundings)
    if "code" in draft.frame:
        roster.refer_by_address(draft, surroundings)
        _require_geometry(draft, surroundings)
        fill_codes(draft)
        duplicates.merge_duplicates(draft)
    _require_fields(draft)


def _require_teams(draft: Draft) -> None:
    """Take the kind of team from what is no team: the registry refuses it."""
    stray = (draft.frame["team_kind"].notna() & (draft.frame["kind"] != "volunteer_team")).to_numpy(dtype=bool)
    draft.note(stray, "team_kind_of_no_team", field="team_kind")
    draft.frame["team_kind"] = draft.frame["team_kind"].mask(stray, pd.NA)


def _require_geometry(draft: Draft, surroundings: Surroundings) -> None:
    if draft.kind.geometry_required:
        known = draft.frame["code"].isin(surroundings.codes).to_numpy(dtype=bool)
        draft.take_out(draft.missing() & ~known, "geometry_missing", field="geom")


def _require_fields(draft: Draft) -> None:
    required = [item.name for item in draft.kind.fields if item.required]
    for name in (*required, "code"):
        if name in draft.frame:
            draft.take_out(draft.frame[name].isna().to_numpy(dtype=bool), "required_missing", field=name)
    if "code" in draft.frame:
        long = (draft.frame["code"].str.len() > LONGEST["code"]).to_numpy(dtype=bool, na_value=False)
        if long.any():
            said = np.array([shown(code) for code in draft.text("code")], dtype=object)
            draft.take_out(long, "text_too_long", field="code", value=said, most=LONGEST["code"])


def _rows(draft: Draft) -> pd.DataFrame:
    frame = draft.frame.copy()
    frame.insert(0, "row", draft.rows)
    if draft.kind.name in ROWS_OF_PEOPLE:
        return frame[list(ROWS_OF_PEOPLE[draft.kind.name])]
    if draft.kind.geometry == "none":
        return frame
    if draft.kind.name == REQUESTS:
        frame = frame[list(REQUEST_COLUMNS)]
    frame["geom"] = gpd.GeoSeries(draft.geometry, index=frame.index, crs=4326)
    return gpd.GeoDataFrame(frame, geometry="geom")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
