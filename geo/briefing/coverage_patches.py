"""Fair patches of a compound while somebody plans them: the division, who would head each, and what to write."""

from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import text

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.overview import Stand
from geo.coverage.duty_inputs import UNKNOWN
from geo.coverage.patches import Division, Move, divide, fewest, move, patch_of_heads
from geo.coverage.patches_study import CompoundDoors, load_doors_of
from geo.i18n import N_
from geo.maps.legend import PATCH_CODES
from geo.people.writes import Seat
from geo.store.session import reading

MOVE_WORDS = {
    Move.SAME: N_("These doors are in that patch already."),
    Move.NOT_NEXT: N_("These doors touch no door of that patch. Choose a patch next to them."),
    Move.EMPTIES: N_("That would leave a patch without any door."),
    Move.CUTS: N_("That would cut a patch in two. Move the doors in between first."),
}


@dataclass(frozen=True)
class Plan:
    """A division being planned: the doors, the patches, and the person of each patch (None: nobody yet).

    names: by person id, as far as they are seen; too_large: nodes above the limit by themselves; fewest_heads: a lower
    bound of the number of heads when a limit was asked for.
    """

    name: str
    community_id: int
    doors: CompoundDoors
    division: Division
    heads: tuple[int | None, ...]
    names: dict[int, str]
    too_large: int = 0
    fewest_heads: int | None = None

    def marked(self) -> dict[int, int]:
        """Return the class code of every building: of the patch most of its doors are in."""
        node = self.doors.graph.row_node
        patch = self.division.patch[node]
        colours = _colours(self)
        return {int(building): colours[int(found)] for building, found in zip(self.doors.buildings, patch, strict=True)}

    def colour_of(self, patch: int) -> int:
        """Return the class code a patch is drawn in."""
        return _colours(self)[patch]

    def node_of(self, place: tuple[str, int]) -> int | None:
        """Return the node of a building or unit, None for one of another compound or one that is divided by units."""
        rows = np.flatnonzero((self.doors.units if place[0] == "unit" else self.doors.buildings) == place[1])
        nodes = np.unique(self.doors.graph.row_node[rows])
        return int(nodes[0]) if len(nodes) == 1 else None

    def next_to(self, node: int) -> list[int]:
        """Return the other patches that doors touch."""
        graph = self.doors.graph
        near = self.division.patch[graph.indices[graph.indptr[node] : graph.indptr[node + 1]]]
        return sorted({int(patch) for patch in near} - {int(self.division.patch[node])})

    def moved(self, node: int, to: int) -> tuple[Move, "Plan"]:
        """Give doors to another patch; refused moves leave the plan as it is."""
        outcome, division = move(self.doors.graph, self.division, node, to)
        return outcome, replace(self, division=division)

    def with_head(self, patch: int, person_id: int | None) -> "Plan":
        """Choose who heads a patch."""
        heads = [*self.heads]
        heads[patch] = person_id
        return replace(self, heads=tuple(heads))

    def seats(self) -> list[tuple[Seat, int | None]]:
        """Return the posts to give to whom: whole buildings to their patch's head, divided ones unit by unit.

        None: a unit's own head gives up the post, because the doors go with the building.
        """
        graph, division = self.doors.graph, self.division
        patch = division.patch[graph.row_node]
        found: dict[Seat, int | None] = {}
        for building in np.unique(self.doors.buildings):
            rows = np.flatnonzero(self.doors.buildings == building)
            counts = np.bincount(patch[rows], minlength=len(division.load))
            main = int(counts.argmax())
            self._give(found, Seat("building_head", int(building)), main)
            for row in rows[self.doors.units[rows] != UNKNOWN]:
                seat = Seat("unit_head", int(self.doors.units[row]))
                if patch[row] != main:
                    self._give(found, seat, int(patch[row]))
                elif self.heads[main] is not None:
                    found[seat] = None
        return list(found.items())

    def _give(self, found: dict[Seat, int | None], seat: Seat, patch: int) -> None:
        if self.heads[patch] is not None:
            found[seat] = self.heads[patch]


def plan_patches(stand: Stand, compound: tuple[int, str, int], *, heads: int | None, limit: int | None) -> Plan:
    """Divide a compound (id, name, community) among so many heads, or so that no patch is above a limit.

    Raises BadInput for numbers that do not fit the compound.
    """
    study = COVERAGE.study(stand.reader, stand.on)
    with reading(stand.reader) as connection:
        doors = load_doors_of(connection, study, compound[0], compound[2])
        rows = connection.execute(
            text("SELECT id, name FROM person WHERE id = ANY (:ids)"), {"ids": doors.people.tolist()}
        ).all()
    names = {row.id: row.name for row in rows}
    too_large, least = 0, None
    if heads is not None:
        division = divide(doors.graph, heads)
    else:
        found = fewest(doors.graph, limit or study.limits.alarm_households)
        division, too_large, least = found.division, len(found.too_large), found.bound
    chosen: list[int | None] = [None] * len(division.load)
    for person, patch in zip(doors.people.tolist(), patch_of_heads(doors.graph, division, doors.homes), strict=True):
        if patch != UNKNOWN:
            chosen[int(patch)] = person
    return Plan(compound[1], compound[2], doors, division, tuple(chosen), names, too_large, least)


def _colours(plan: Plan) -> list[int]:
    """Return a class code for each patch, other ones for patches that touch as far as the colours reach."""
    graph, patch = plan.doors.graph, plan.division.patch
    from_node = np.repeat(np.arange(len(graph.weight)), np.diff(graph.indptr))
    touching = {(int(a), int(b)) for a, b in zip(patch[from_node], patch[graph.indices], strict=True) if a != b}
    found: list[int] = []
    for one in range(len(plan.division.load)):
        taken = {found[other] for other in range(one) if (one, other) in touching}
        free = [code for code in PATCH_CODES if code not in taken] or list(PATCH_CODES)
        found.append(min(free, key=lambda code: (found.count(code), code)))
    return found
