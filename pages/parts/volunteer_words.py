"""Volunteers in words: how many hours, where they live, who they are as far as the visitor may see it."""

from geo.i18n import _, number
from geo.people.volunteer_reads import VolunteerView


def hours_words(hours: float) -> str:
    """Return hours for reading, with as many digits as they need."""
    return _("{hours} h", hours=short_hours(hours))


def short_hours(hours: float) -> str:
    """Return a number of hours without its unit: whole where it is whole."""
    return number(hours, 0 if float(hours).is_integer() else 1)


def name_of(volunteer: VolunteerView) -> str:
    """Return the name of a volunteer, or their number where the visitor may not see who it is."""
    return volunteer.name or _("Volunteer {number}", number=volunteer.id)


def place_of(volunteer: VolunteerView) -> str:
    """Return where a volunteer lives, as far as it is known."""
    return volunteer.place or _("not known")
