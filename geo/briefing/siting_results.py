"""Siting studies as pages show them: the answer in words, stations with names, doors with addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import text

from geo.briefing.overview import Stand
from geo.errors import NotFound
from geo.i18n import _
from geo.planning.studies import StudyView
from geo.planning.study_reads import NOT_HERE, studies, study, study_frame
from geo.siting.infeasible import Trouble
from geo.siting.plan import Plan
from geo.siting.wanted import Wanted
from geo.store.session import reading

CANDIDATES = text(
    "SELECT c.id, c.name, c.owner, c.cost_fen, k.name AS compound FROM candidate_site c "
    "LEFT JOIN compound k ON k.id = c.compound_id AND NOT k.placeholder WHERE c.closed_on IS NULL "
    "AND (CAST(:community AS bigint) IS NULL OR c.community_id = :community) ORDER BY c.name, c.id"
)
DOORS = text(
    "SELECT b.id, b.number, b.address, k.name AS compound FROM building b "
    "LEFT JOIN compound k ON k.id = b.compound_id AND NOT k.placeholder WHERE b.id = ANY (:ids)"
)
UNITS = text("SELECT id, number FROM unit WHERE id = ANY (:ids)")


@dataclass(frozen=True)
class CandidateRow:
    """A candidate site to choose, pin, ban or price; cost_fen None where nobody knows it."""

    id: int
    name: str
    compound: str | None
    owner: str | None
    cost_fen: int | None


@dataclass(frozen=True)
class SiteRow:
    """A station of a plan: what it adds, the households that have no other within the limit, and its best substitute.

    loss: what the goal loses without it, in the goal's own measure; None where that does not add up.
    """

    id: int
    name: str
    cost_fen: int | None
    new_households: int
    households: int
    only_here: int
    loss: float | None
    substitute: str | None
    substitute_loss: float | None
    lon: float
    lat: float


@dataclass(frozen=True)
class RejectedRow:
    """A candidate site that was not chosen: how much worse the plan gets with it, and which station would go for it."""

    id: int
    name: str
    loss: float
    instead_of: str


@dataclass(frozen=True)
class DoorRow:
    """A door with its walk: households None where nobody counted, metres None where no way leads to a station."""

    building_id: int
    name: str
    households: int | None
    metres: float | None


@dataclass(frozen=True)
class KeptSiting:
    """A kept siting study with what was asked and its answer."""

    view: StudyView
    wanted: Wanted
    frame: pd.DataFrame
    names: dict[int, str]

    @property
    def figures(self) -> dict[str, Any]:
        """Return the figures of the study."""
        return self.view.figures

    @property
    def plan(self) -> Plan:
        """Return the plan with its bounds, without the doors."""
        found = self.figures
        chosen = None if found["objective"] is None else np.array([row["site_id"] for row in found["sites"]])
        trouble = Trouble(*found["trouble"]) if found["trouble"] else None
        lower, upper = (np.inf if found[name] is None else found[name] for name in ("lower", "upper"))
        return Plan(
            self.wanted.goal, found["status"], chosen, found["objective"], lower, upper, found["seconds"],
            trouble=trouble,
        )  # fmt: skip

    @property
    def words(self) -> str:
        """Return how good the plan is, in words that are true."""
        return self.plan.words()

    @property
    def sites(self) -> list[SiteRow]:
        """Return the stations of the plan, those that add most first."""
        rows = [
            SiteRow(
                row["site_id"], self.name_of(row["site_id"]), row["cost_fen"], row["new_households"],
                row["households"], row["only_here"], row["loss"],
                self.name_of(row["substitute_id"]) if row["substitute_id"] else None, row["substitute_loss"],
                row["lon"], row["lat"],
            )
            for row in self.figures["sites"]
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (-row.new_households, row.name))

    @property
    def rejected(self) -> list[RejectedRow]:
        """Return the sites that were not chosen, the least loss first."""
        rows = [
            RejectedRow(row["site_id"], self.name_of(row["site_id"]), round(row["loss"], 1),
                        self.name_of(row["instead_of"]) if row["instead_of"] else "")
            for row in self.figures["rejected"]
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row.loss, row.name))

    @property
    def newly(self) -> tuple[int, ...]:
        """Return the buildings with a door that comes within the limit."""
        return tuple(int(key) for key in self.frame.loc[self.frame["newly"], "building_id"].unique())

    @property
    def titles(self) -> list[str]:
        """Return the names of the frame's columns."""
        return [str(name) for name in self.frame.columns]

    @property
    def rows(self) -> list[list[float | int | str]]:
        """Return the frame as plain rows."""
        return [list(row) for row in self.frame.itertuples(index=False)]

    def name_of(self, site_id: int) -> str:
        """Return the name of a candidate site, its number when it is not there any more."""
        return self.names.get(site_id) or _("No. {id}", id=str(site_id))


def candidates(stand: Stand, community_id: int | None) -> list[CandidateRow]:
    """Return the candidate sites of a community or the whole city, by name."""
    with reading(stand.reader) as connection:
        rows = connection.execute(CANDIDATES, {"community": community_id})
        return [CandidateRow(row.id, row.name, row.compound, row.owner, row.cost_fen) for row in rows]


def kept_sitings(stand: Stand) -> list[StudyView]:
    """Return the siting studies the actor may see, newest first."""
    with reading(stand.reader) as connection:
        return studies(connection, "siting")


def opened_siting(stand: Stand, study_id: int) -> KeptSiting:
    """Return one siting study; raises NotFound for one that is not there, not seen, or of another kind."""
    with reading(stand.reader) as connection:
        view = study(connection, study_id)
        if view.kind != "siting":
            raise NotFound(NOT_HERE)
        frame = study_frame(connection, study_id)
        rows = connection.execute(text("SELECT id, name FROM candidate_site"))
        names = {int(row.id): str(row.name) for row in rows}
    return KeptSiting(view, Wanted.read(view.asked), frame, names)


def named_doors(stand: Stand, rows: Iterable[dict[str, Any]]) -> list[DoorRow]:
    """Return doors of a study's figures with the names of their compound, building and unit."""
    listed = list(rows)
    with reading(stand.reader) as connection:
        found = connection.execute(DOORS, {"ids": [row["building_id"] for row in listed]}).all()
        units = connection.execute(UNITS, {"ids": [row["unit_id"] for row in listed]}).all()
    buildings, numbers = {row.id: row for row in found}, {row.id: row.number for row in units}
    return [
        DoorRow(row["building_id"], _door(buildings.get(row["building_id"]), numbers.get(row["unit_id"])),
                row["households"], row["metres"])
        for row in listed
    ]  # fmt: skip


def _door(building: Any, unit: str | None) -> str:
    if building is None:
        return _("A building that is not there any more")
    name = _("{compound} building {number}", compound=building.compound or "", number=building.number or "").strip()
    return _("{building}, unit {number}", building=name, number=unit) if unit else name
