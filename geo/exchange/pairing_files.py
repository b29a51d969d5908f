"""Files of the command that pairs: needs and volunteers in, the ways between them measured, pairs out."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.coverage.nearest import Within, within
from geo.coverage.network import Network
from geo.coverage.oddities import NAMED, Oddity, odd_in_network, odd_places
from geo.coverage.pairing import (
    BACKUP,
    CAUSES,
    CIRCLE_MOST,
    IDLE_CAUSES,
    ROLES,
    STATUS_WORDS,
    Needs,
    Pairing,
    Volunteers,
    Ways,
    pair,
)
from geo.coverage.snapping import MOST_M, snap
from geo.coverage.straight import DETOUR, within_straight
from geo.errors import BadInput, NotAllowed
from geo.exchange.plain_tables import GIVEN, LEFT_OUT, Column, read_plain_table
from geo.i18n import N_, _, listed

Flags = npt.NDArray[np.bool_]
HOURS_MOST = 168
PLACE = (
    Column("id", "id", required=True),
    Column("lon", "number", low=-180, high=180),
    Column("lat", "number", low=-90, high=90),
    Column("hours", "number", required=True, low=0, high=HOURS_MOST),
    Column("skills", "words"),
)
NEEDS = (
    *PLACE,
    Column("circle", "number", low=1, high=CIRCLE_MOST),
    Column("consent", "flag"),
    Column("present", "words"),
)
VOLUNTEERS = (*PLACE, Column("limit_m", "number", low=0))
HEADINGS = ("need", "volunteer", "role", "metres", "hours")
CONTINUITY_M = 300.0
METRES_DIGITS, HOURS_DIGITS = 3, 9
WHOLE_CIRCLE = N_("{file}: the circle of {id} is {value}. Give a whole number from 1 to 7.")
OFF_ROAD = N_("The place is too far from any road of the network. Check the place, or add the road.")
OVER_NETWORK = N_("Metres are walking distances over the network.")
STRAIGHT = N_("No network is given: metres are straight lines times {detour}.")
PRESENT_UNKNOWN = N_(
    "{count} volunteers who come today are not in the list, such as {names}. Add them, or correct the id."
)
PRESENT_BEYOND = N_("{count} pairs of today are too far to walk or lack a place, such as {names}: they are not kept.")
UNUSED = N_("{file}: these columns are not used: {columns}.")
UNWRITABLE = N_("{path} cannot be written. Choose another folder.")
FORMATS = N_("{path}: pairs are written to a file whose name ends in .csv or .parquet.")


@dataclass(frozen=True)
class Lists:
    """Needs and volunteers as read: a row each, and what is odd about the files, in words."""

    needs: pd.DataFrame
    volunteers: pd.DataFrame
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """Something odd: in which file (or the network), its code, what to do in words, and every place it was found at."""

    where: str
    code: str
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """The ways within the limit, which needs and volunteers are too far from any road, and what is odd, with lists."""

    ways: Ways
    needs_off_road: Flags
    volunteers_off_road: Flags
    straight: bool
    findings: tuple[Finding, ...] = ()


def read_lists(needs: Path, volunteers: Path) -> Lists:
    """Read both files (CSV, Parquet or GeoPackage); places may be missing. Raises BadInput."""
    frames = read_plain_table(needs, NEEDS), read_plain_table(volunteers, VOLUNTEERS)
    remarks = tuple(
        _(UNUSED, file=path.name, columns=listed(frame.attrs[LEFT_OUT]))
        for path, frame in zip((needs, volunteers), frames, strict=True)
        if frame.attrs[LEFT_OUT]
    )
    circles = frames[0]["circle"] = frames[0]["circle"].fillna(1)
    broken = (circles % 1 != 0).to_numpy()
    if broken.any():
        first = frames[0].iloc[int(np.argmax(broken))]
        raise BadInput(WHOLE_CIRCLE, file=needs.name, id=first["id"], value=f"{first['circle']:g}")
    return Lists(*frames, remarks)


def measured(lists: Lists, limit_m: float, network: Network | None = None) -> Measured:
    """Return the ways from volunteers to needs within the limit: on the network, else straight lines times 1.3."""
    helpers, helped = (_degrees(frame) for frame in (lists.volunteers, lists.needs))
    if network is None:
        nobody = np.zeros(len(lists.needs), dtype=np.bool_), np.zeros(len(lists.volunteers), dtype=np.bool_)
        ways = _ways(within_straight(helpers, helped, limit_m))
        return _with_present(lists, Measured(ways, nobody[0], nobody[1], straight=True))
    starts, ends = snap(network, *helpers), snap(network, *helped)
    off = [np.isinf(places.access_m) & np.isfinite(lon) for places, (lon, _lat) in ((ends, helped), (starts, helpers))]
    findings = [_finding("network", oddity) for oddity in odd_in_network(network)]
    for where, ids, degrees, places in (
        ("needs", lists.needs["id"], helped, ends), ("volunteers", lists.volunteers["id"], helpers, starts),
    ):  # fmt: skip
        odd = odd_places(network, ids.tolist(), *degrees, places, most_m=MOST_M)
        findings += [_finding(where, oddity) for oddity in odd]
    ways = _ways(within(network, starts, ends, limit_m))
    return _with_present(lists, Measured(ways, off[0], off[1], straight=False, findings=tuple(findings)))


def _finding(where: str, oddity: Oddity) -> Finding:
    return Finding(where, oddity.code, oddity.text(), oddity.names)


def _with_present(lists: Lists, found: Measured) -> Measured:
    """Return the ways with those of today marked; who comes today but is not listed, or too far away, is a finding."""
    position = {name: at for at, name in enumerate(lists.volunteers["id"])}
    today = [(at, name) for at, names in enumerate(lists.needs["present"]) for name in names]
    ways = found.ways
    known = np.array([(at, position[name]) for at, name in today if name in position], dtype=np.int64).reshape(-1, 2)
    key, wanted = ways.need * len(position) + ways.volunteer, known[:, 0] * len(position) + known[:, 1]
    unknown = [name for _at, name in today if name not in position]
    needs, volunteers = lists.needs["id"].to_numpy(), lists.volunteers["id"].to_numpy()
    beyond = [f"{needs[need]} {volunteers[who]}" for need, who in known[~np.isin(wanted, key)].tolist()]
    odd = (("present_unknown", PRESENT_UNKNOWN, unknown), ("present_beyond", PRESENT_BEYOND, beyond))
    findings = tuple(
        Finding("needs", code, _(words, count=len(names), names=listed(names[:NAMED])), tuple(names))
        for code, words, names in odd
        if names
    )
    present = np.isin(key, wanted)
    return replace(found, ways=replace(ways, present=present), findings=(*found.findings, *findings))


def _degrees(frame: pd.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lon, lat = (frame[name].to_numpy(dtype=np.float64, copy=True) for name in ("lon", "lat"))
    nowhere = ~np.isfinite(lon) | ~np.isfinite(lat)
    lon[nowhere] = lat[nowhere] = np.nan
    return lon, lat


def _ways(found: Within) -> Ways:
    metres = np.round(found.metres, METRES_DIGITS)
    return Ways(found.target.astype(np.int64), found.source().astype(np.int64), metres)


def paired(lists: Lists, found: Measured, *, continuity_m: float = CONTINUITY_M) -> Pairing:
    """Return the best pairing of the lists over the measured ways; without a column consent everybody has agreed.

    continuity_m: how many metres less a pair of today counts.
    """
    needs, volunteers = lists.needs, lists.volunteers
    limit_m = volunteers["limit_m"].fillna(np.inf).to_numpy(dtype=np.float64)
    return pair(
        Needs(
            needs["hours"].to_numpy(dtype=np.float64),
            needs["circle"].to_numpy(dtype=np.int64),
            _skills(needs),
            np.isfinite(_degrees(needs)[0]) & ~found.needs_off_road,
            needs["consent"].to_numpy(dtype=np.bool_) | ("consent" not in needs.attrs[GIVEN]),
        ),
        Volunteers(
            volunteers["hours"].to_numpy(dtype=np.float64),
            _skills(volunteers),
            limit_m,
            np.isfinite(_degrees(volunteers)[0]) & ~found.volunteers_off_road,
        ),
        found.ways,
        continuity_m=continuity_m,
    )


def _skills(frame: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word.casefold() for word in words) for words in frame["skills"])


def pairs_frame(lists: Lists, best: Pairing) -> pd.DataFrame:
    """Return the pairs with the ids of the files: need, volunteer, role, metres, hours; ordered by need and role."""
    return pd.DataFrame(
        {
            "need": lists.needs["id"].to_numpy(dtype=object)[best.need],
            "volunteer": lists.volunteers["id"].to_numpy(dtype=object)[best.volunteer],
            "role": np.array(ROLES, dtype=object)[best.role],
            "metres": best.metres,
            "hours": best.hours.round(HOURS_DIGITS),
        },
        columns=list(HEADINGS),
    )


def write_pairs(pairs: pd.DataFrame, out: Path) -> None:
    """Write pairs as CSV or Parquet, after the file's name; the file appears only when it is whole."""
    writers = {".csv": pairs.to_csv, ".parquet": pairs.to_parquet}
    if out.suffix.lower() not in writers:
        raise BadInput(FORMATS, path=out)
    part = out.with_name(f".{out.name}.part")
    try:
        writers[out.suffix.lower()](part, index=False)
        part.replace(out)
    except OSError as error:
        raise NotAllowed(UNWRITABLE, path=out) from error


def answer(lists: Lists, found: Measured, best: Pairing) -> dict[str, Any]:
    """Return what came out, for people and machines: totals, how good it is, what is not met and who is not used.

    unmet_needs: id, hours, cause (a key of CAUSES, or off_road) and the cause in words; idle_volunteers likewise.
    """
    backups = int((best.role == BACKUP).sum())
    return {
        "total_metres": round(best.total_m, METRES_DIGITS),
        "hour_metres": round(best.walk_m, METRES_DIGITS),
        "pairs": len(best) - backups,
        "backups": backups,
        "hours_asked": best.hours_asked,
        "hours_met": round(best.hours_met, HOURS_DIGITS),
        "hours_bound": round(best.hours_bound, HOURS_DIGITS),
        "status": best.status,
        "status_text": _(STATUS_WORDS[best.status]),
        "unmet_needs": list(_unmet(lists, found, best)),
        "idle_volunteers": list(_idle(lists, found, best)),
        "measured": "straight" if found.straight else "network",
        "measured_text": _(STRAIGHT, detour=DETOUR) if found.straight else _(OVER_NETWORK),
        "findings": [asdict(finding) | {"count": len(finding.names)} for finding in found.findings],
        "remarks": list(lists.remarks),
    }


def _unmet(lists: Lists, found: Measured, best: Pairing) -> Iterator[dict[str, Any]]:
    ids = lists.needs["id"].tolist()
    for one in best.unmet:
        cause, text = _cause(one.cause, CAUSES, off_road=bool(found.needs_off_road[one.need]))
        yield {"need": ids[one.need], "hours": round(one.hours, HOURS_DIGITS), "cause": cause, "text": text}


def _idle(lists: Lists, found: Measured, best: Pairing) -> Iterator[dict[str, Any]]:
    ids = lists.volunteers["id"].tolist()
    for position, code in best.idle:
        cause, text = _cause(code, IDLE_CAUSES, off_road=bool(found.volunteers_off_road[position]))
        yield {"volunteer": ids[position], "cause": cause, "text": text}


def _cause(code: str, words: dict[str, str], *, off_road: bool) -> tuple[str, str]:
    return ("off_road", _(OFF_ROAD)) if off_road else (code, _(words[code]))
