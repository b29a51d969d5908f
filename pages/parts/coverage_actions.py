"""What can be done about the gaps of a place."""

from geo.briefing.map_state import Place
from geo.briefing.overview import Stand


def show_actions(stand: Stand, place: Place) -> None:
    """Show the actions of a place."""
