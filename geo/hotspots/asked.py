"""What is asked of hotspots: which requests, over which time, in which places (pure)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from geo.errors import BadInput
from geo.i18n import N_

Places = Literal["hexagons", "compounds", "buildings"]
PLACES: dict[Places, str] = {
    "hexagons": N_("Hexagons"), "compounds": N_("Compounds"), "buildings": N_("Buildings"),
}  # fmt: skip
PERIODS = {90: N_("Last 90 days"), 180: N_("Last half year"), 365: N_("Last year"), 730: N_("Last two years")}
WIDTHS_M = (0, 100, 150, 200, 300, 400, 500, 800, 1000)
"""Widths of hexagons to choose from; 0: as the data say."""
LEASTS = (1, 2, 5, 10, 20)
ODD = N_("{name} cannot be {value} in a search for hotspots. Choose one of {offered}.")


@dataclass(frozen=True)
class Asked:
    """Which requests and places: category by id (None: all), the last so many days, places, width of hexagons in metres
    (0: chosen by the data), the fewest requests a place has to be coloured, incidents counted too, one community.
    """

    category_id: int | None = None
    days: int = 365
    places: Places = "hexagons"
    width_m: int = 0
    least: int = 1
    incidents: bool = False
    community_id: int | None = None

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Asked":
        """Read what a page or command asks; raises BadInput for a choice there is not.

        >>> Asked.read({"days": "90", "places": "compounds"})
        Asked(category_id=None, days=90, places='compounds', width_m=0, least=1, incidents=False, community_id=None)
        """

        def chosen(name: str, usual: Any, offered: tuple[Any, ...]) -> Any:
            value = plain.get(name) or usual
            value = int(value) if isinstance(usual, int) and str(value).isdecimal() else value
            if value not in offered:
                raise BadInput(ODD, name=name, value=value, offered=", ".join(map(str, offered)))
            return value

        return cls(
            category_id=_number(plain.get("category_id")),
            days=chosen("days", 365, tuple(PERIODS)),
            places=cast("Places", chosen("places", "hexagons", tuple(PLACES))),
            width_m=chosen("width_m", 0, WIDTHS_M),
            least=chosen("least", 1, LEASTS),
            incidents=str(plain.get("incidents") or "") in {"1", "True"},
            community_id=_number(plain.get("community_id")),
        )

    def plain(self) -> dict[str, Any]:
        """Return the choices as plain values, as a study keeps them."""
        return asdict(self)


def _number(value: Any) -> int | None:
    return int(value) if value and str(value).isdecimal() else None
