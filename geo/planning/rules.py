"""Default numbers of the city's rules; a city may store its own."""

DEFAULTS: dict[str, int] = {
    "term_ending_days": 60,
    "head_households": 20,
    "head_alarm_households": 40,
}
"""Days before its end from which a term counts as ending; households a building head looks after; alarm above."""


def with_defaults(stored: dict[str, object]) -> dict[str, int]:
    """Return every parameter: the stored value where it is a whole number above 0, else the default.

    >>> with_defaults({"term_ending_days": 90})["term_ending_days"], with_defaults({})["head_alarm_households"]
    (90, 40)
    """
    usable = {name: value for name, value in stored.items() if isinstance(value, int) and value > 0}
    return {name: usable.get(name, default) for name, default in DEFAULTS.items()}
