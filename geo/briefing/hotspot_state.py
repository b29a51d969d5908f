"""What the hotspots page's address says, and the look of its map that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.briefing.class_arrays import KINDS
from geo.briefing.map_state import TOO_LONG
from geo.briefing.overview import Stand
from geo.errors import BadInput
from geo.hotspots.asked import Asked
from geo.i18n import N_
from geo.maps.cells import Cells
from geo.maps.city_map import Bounds, Look

VIEWS = {
    "where": N_("Where they gather"),
    "real": N_("Is it real"),
    "growing": N_("Is it growing"),
    "silence": N_("Silence"),
}
CELL = "cell"
NOTHING_DRAWN = Cells(N_("Nothing to compare"), (), ())


@dataclass(frozen=True)
class HotspotState:
    """The choices of the hotspots page: view, what is asked, the cell or cluster chosen, the search that is open or at
    work.
    """

    view: str = "where"
    asked: Asked = field(default_factory=Asked)
    cell: int | None = None
    study_id: int | None = None
    job_id: int | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "HotspotState":
        """Read the choices from an address; what makes no sense is left out.

        >>> state = HotspotState.from_address({"view": "real", "days": "90", "cell": "x"})
        >>> state.view, state.asked.days, state.cell
        ('real', 90, None)
        """
        names = {"category": "category_id", "community": "community_id", "width": "width_m"}
        given = {names.get(name, name): value for name, value in query.items()}
        try:
            asked = Asked.read(given)
        except BadInput:
            asked = Asked()
        view = query.get("view", "")
        numbers = (_number(query.get(name, "")) for name in ("cell", "study", "job"))
        return cls(view if view in VIEWS else "where", asked, *numbers)

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        usual = Asked()
        asked = {
            "category": self.asked.category_id,
            "days": self.asked.days if self.asked.days != usual.days else "",
            "places": self.asked.places if self.asked.places != usual.places else "",
            "width": self.asked.width_m,
            "least": self.asked.least if self.asked.least != usual.least else "",
            "incidents": "1" if self.asked.incidents else "",
            "community": self.asked.community_id,
        }
        found = {"view": self.view if self.view != "where" else "", **asked}
        found |= {"cell": self.cell, "study": self.study_id, "job": self.job_id}
        return {name: str(value) for name, value in found.items() if value}


def _number(words: str) -> int | None:
    return int(words) if words.isdecimal() and len(words) < TOO_LONG else None


def hotspot_look(
    state: HotspotState, stand: Stand, cells: Cells | None, focus: tuple[Bounds, int] | None = None
) -> Look:
    """Return what the map shows: the town in pale colours, and the cells of the view over it."""
    return Look(
        tiles={topic: stand.version(topic) for topic in ("base", "places")},
        classes={kind: f"/classes/{kind}?v={stand.places}.{stand.posts}.{stand.on}" for kind in KINDS},
        names_version=str(stand.places),
        few_buildings=stand.few_buildings,
        selected=(CELL, state.cell) if state.cell else None,
        statuses=(),
        focus=focus,
        cells=cells or NOTHING_DRAWN,
    )
