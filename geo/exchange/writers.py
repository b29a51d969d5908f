"""Files that leave: layers to GeoPackage, GeoJSON or XLSX, such that importing them again changes nothing."""

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import Connection

from geo.access.contacts import reveal_phones
from geo.access.reads import may, require
from geo.access.rules import LAYER_ACTIONS
from geo.errors import BadInput, NotAllowed
from geo.exchange.kinds import KINDS, kind_named
from geo.exchange.reads import layer
from geo.i18n import N_
from geo.store import audit
from geo.store.session import Actor, reading, writing

FORMATS = ("gpkg", "geojson", "xlsx")
SUFFIXES = {"gpkg": ".gpkg", "geojson": ".geojson", "xlsx": ".xlsx"}
EVERYTHING = "all"
POSTS = "posts"
CELL_CHARACTERS = 32_767
SHEET_ROWS = 1_048_575
GEOMETRY_TYPES = {"polygon": "MultiPolygon", "line": "LineString", "point": "Point"}
Progress = Callable[..., None]


@dataclass(frozen=True)
class ExportReport:
    """What was written: the file, its format, records per layer, and how many outlines were too long for a cell."""

    path: str
    format: str
    rows: dict[str, int]
    too_long: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def export(  # noqa: PLR0913
    actor: Actor,
    layers: Sequence[str],
    fmt: str,
    out: Path,
    community_id: int | None = None,
    *,
    progress: Progress | None = None,
    phones: str | None = None,
) -> ExportReport:
    """Write the layers (kinds of import, or "all") that the actor may see to one file.

    fmt: gpkg, geojson (several layers become a zip of one file each) or xlsx (one sheet each, outlines as WKT; those
    longer than a cell are left out and counted). out: the file; its ending is corrected to the format's. community_id:
    only what belongs to that community. phones: the reason why the posts' telephone numbers go along, each with a log
    entry; without one they stay. The file appears only when it is whole. Raises BadInput and NotAllowed.
    """
    if fmt not in FORMATS:
        raise BadInput(
            N_("{format} cannot be written. Choose one of: {choices}."), format=fmt, choices=", ".join(FORMATS)
        )
    chosen = list(KINDS) if EVERYTHING in layers else [kind_named(name).name for name in dict.fromkeys(layers)]
    frames = {}
    with reading(actor) as connection:
        chosen = _permitted(connection, chosen, everything=EVERYTHING in layers)
        target = out.with_suffix(suffix_of(fmt, chosen))
        for number, kind in enumerate(chosen):
            if progress is not None:
                progress(0.6 * number / len(chosen), N_("Reading {layer}"), layer=kind)
            frames[kind] = layer(connection, kind, community_id)
    if POSTS in frames:
        frames[POSTS] = _with_phones(actor, frames[POSTS], phones)
    if progress is not None:
        progress(0.6, N_("Writing {file}"), file=target.name)
    counts = {kind: len(frame) for kind, frame in frames.items()}
    with writing(actor) as session:
        change = audit.Change(after={"layers": counts, "format": fmt}, community_id=community_id)
        audit.record(session, "export", "layers", None, change)
    return ExportReport(str(target), fmt, counts, _written(frames, fmt, target))


def _with_phones(actor: Actor, posts: pd.DataFrame, reason: str | None) -> pd.DataFrame:
    """Return posts with the numbers of their holders in place of their keys; empty ones without a reason."""
    holders = posts["person_id"].dropna().astype("int64")
    numbers = reveal_phones(actor, holders.tolist(), purpose="export", reason=reason) if reason else {}
    told = posts.rename(columns={"person_id": "phone"})
    told["phone"] = posts["person_id"].map(numbers).astype("string")
    return told


def _permitted(connection: Connection, chosen: list[str], *, everything: bool) -> list[str]:
    require(connection, "export_files")
    if everything:
        return [kind for kind in chosen if may_leave(connection, kind)]
    if not chosen:
        raise BadInput(N_("Choose at least one layer to export."))
    for kind in chosen:
        require(connection, LAYER_ACTIONS.get(kind, "export_files"))
    return chosen


def may_leave(connection: Connection, kind: str) -> bool:
    """Tell whether the actor's roles let a layer leave."""
    return may(connection, LAYER_ACTIONS.get(kind, "export_files"))


def _written(frames: dict[str, pd.DataFrame], fmt: str, target: Path) -> dict[str, int]:
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
            part = Path(folder) / target.name
            too_long = {"gpkg": _geopackage, "geojson": _geojson, "xlsx": _workbook}[fmt](frames, part)
            part.replace(target)
    except PermissionError as error:
        raise NotAllowed(N_("{path} cannot be written. Choose another folder."), path=target) from error
    return too_long


def _geopackage(frames: dict[str, pd.DataFrame], path: Path) -> dict[str, int]:
    for kind, frame in frames.items():
        _write_layer(frame, kind, path, "GPKG")
    return {}


def _geojson(frames: dict[str, pd.DataFrame], path: Path) -> dict[str, int]:
    parts = {kind: path.with_name(f"{kind}.geojson") for kind in frames}
    for kind, frame in frames.items():
        _write_layer(frame, kind, parts[kind], "GeoJSON")
    if path.suffix != ".zip":
        parts[next(iter(frames))].replace(path)
        return {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.values():
            archive.write(part, part.name)
    return {}


def _write_layer(frame: pd.DataFrame, kind: str, path: Path, driver: str) -> None:
    options: dict[str, Any] = {"layer": kind, "driver": driver, "append": path.exists(), "use_arrow": True}
    if driver == "GeoJSON":
        options["COORDINATE_PRECISION"] = 15
    if isinstance(frame, gpd.GeoDataFrame):
        pyogrio.write_dataframe(frame, path, geometry_type=GEOMETRY_TYPES[KINDS[kind].geometry], **options)
    else:
        pyogrio.write_dataframe(frame, path, **options)


def _workbook(frames: dict[str, pd.DataFrame], path: Path) -> dict[str, int]:
    too_long: dict[str, int] = {}
    book = Workbook(write_only=True)
    for kind, frame in frames.items():
        if len(frame) > SHEET_ROWS:
            raise BadInput(
                N_("{layer} has {count} records, more than a spreadsheet holds. Choose GeoPackage."),
                layer=kind,
                count=len(frame),
            )
        sheet = book.create_sheet(kind)
        table = pd.DataFrame(frame)
        if "geom" in table:
            wkt = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=-1, trim=True)
            long = [text is not None and len(text) > CELL_CHARACTERS for text in wkt]
            too_long |= {kind: sum(long)} if any(long) else {}
            table = table.drop(columns="geom")
            table["wkt"] = [None if over else text for over, text in zip(long, wkt, strict=True)]
        sheet.append(list(table.columns))
        for row in table.astype(object).itertuples(index=False):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(path)
    return too_long


def _cell(sheet: Any, value: Any) -> Any:
    """Return a value as a cell holds it; text is always text, so that a leading = + - @ is no formula."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124
        return None
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet)
    cell._value, cell.data_type, cell.quotePrefix = ILLEGAL_CHARACTERS_RE.sub("", value), "s", True  # noqa: SLF001
    return cell


def suffix_of(fmt: str, layers: Sequence[str]) -> str:
    """Return the ending of the file that `export` writes.

    >>> suffix_of("geojson", ["areas"]), suffix_of("geojson", ["areas", "roads"]), suffix_of("xlsx", ["all"])
    ('.geojson', '.zip', '.xlsx')
    """
    return ".zip" if fmt == "geojson" and (len(layers) > 1 or EVERYTHING in layers) else SUFFIXES[fmt]
