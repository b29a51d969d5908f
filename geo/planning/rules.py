"""The numbers a city may set for itself: each with its default, unit and allowed range."""

from typing import NamedTuple

from geo.errors import BadInput, NotFound
from geo.i18n import N_, _


class Parameter(NamedTuple):
    """A number with its default; low and high are included; whole numbers stay whole."""

    name: str
    label: str
    default: float
    unit: str
    low: float
    high: float
    whole: bool = True


METRES, METRES_PER_SECOND, DAYS, HOURS = N_("m"), N_("m/s"), N_("days"), N_("hours")
HOUSEHOLDS, YEARS, SHARE, REQUESTS = N_("households"), N_("years"), N_("share (0 to 1)"), N_("requests")
PEOPLE = N_("people")

PARAMETERS = (
    Parameter("walk_5_minutes_m", N_("Walking limit, 5-minute life circle"), 300, METRES, 50, 5000),
    Parameter("walk_10_minutes_m", N_("Walking limit, 10-minute life circle"), 500, METRES, 50, 5000),
    Parameter("walk_15_minutes_m", N_("Walking limit, 15-minute life circle"), 1000, METRES, 50, 5000),
    Parameter("walking_speed_m_s", N_("Walking speed"), 1.2, METRES_PER_SECOND, 0.3, 2.5, whole=False),
    Parameter("old_walking_speed_m_s", N_("Walking speed, over 70"), 0.8, METRES_PER_SECOND, 0.2, 2.0, whole=False),
    Parameter("old_walk_5_minutes_m", N_("Walking limit over 70, 5 minutes"), 240, METRES, 50, 5000),
    Parameter("old_walk_10_minutes_m", N_("Walking limit over 70, 10 minutes"), 480, METRES, 50, 5000),
    Parameter("old_walk_15_minutes_m", N_("Walking limit over 70, 15 minutes"), 720, METRES, 50, 5000),
    Parameter("head_households", N_("Households per building head"), 20, HOUSEHOLDS, 1, 1000),
    Parameter("head_alarm_households", N_("A head is overloaded above"), 40, HOUSEHOLDS, 1, 1000),
    Parameter("term_ending_days", N_("A term counts as ending within"), 60, DAYS, 1, 730),
    Parameter("grid_households_least", N_("Households per grid, at least"), 300, HOUSEHOLDS, 1, 10_000),
    Parameter("grid_households_most", N_("Households per grid, at most"), 500, HOUSEHOLDS, 1, 10_000),
    Parameter("coverage_target", N_("Coverage target, first"), 0.85, SHARE, 0, 1, whole=False),
    Parameter("coverage_target_later", N_("Coverage target, later"), 0.99, SHARE, 0, 1, whole=False),
    Parameter("service_m2_per_100", N_("Service floor area per 100 households"), 30, N_("m²"), 1, 1000),
    Parameter("respond_urgent_h", N_("Respond within, urgent requests"), 1, HOURS, 1, 8760),
    Parameter("respond_utilities_h", N_("Respond within, utilities"), 2, HOURS, 1, 8760),
    Parameter("respond_normal_h", N_("Respond within, normal requests"), 24, HOURS, 1, 8760),
    Parameter("respond_hard_h", N_("Respond within, hard requests"), 24, HOURS, 1, 8760),
    Parameter("solve_urgent_h", N_("Solve within, urgent requests"), 2, HOURS, 1, 8760),
    Parameter("solve_utilities_h", N_("Solve within, utilities"), 24, HOURS, 1, 8760),
    Parameter("solve_normal_h", N_("Solve within, normal requests"), 168, HOURS, 1, 8760),
    Parameter("solve_hard_h", N_("Solve within, hard requests"), 360, HOURS, 1, 8760),
    Parameter("basically_satisfied", N_("“Basically satisfied” counts as"), 0.9, SHARE, 0, 1, whole=False),
    Parameter("weight_response", N_("Weight of the response rate"), 0.1, SHARE, 0, 1, whole=False),
    Parameter("weight_resolution", N_("Weight of the resolution rate"), 0.5, SHARE, 0, 1, whole=False),
    Parameter("weight_satisfaction", N_("Weight of the satisfaction rate"), 0.4, SHARE, 0, 1, whole=False),
    Parameter("rank_least_count", N_("No rank below this number of requests"), 20, REQUESTS, 1, 10_000),
    Parameter("waiting_limit_days", N_("A request may wait, at most"), 30, DAYS, 1, 365),
    Parameter("duplicate_near_m", N_("Requests may be the same within"), 100, METRES, 5, 2000),
    Parameter("duplicate_within_h", N_("Requests may be the same when they come within"), 72, HOURS, 1, 2160),
    Parameter("visit_high_risk_days", N_("Visit households at high risk every"), 7, DAYS, 1, 365),
    Parameter("visit_key_days", N_("Visit key households every"), 30, DAYS, 1, 365),
    Parameter("visit_general_days", N_("Visit other households every"), 90, DAYS, 1, 730),
    Parameter("helper_age_least", N_("Helpers of 4050助7080, youngest"), 40, YEARS, 16, 100),
    Parameter("helper_age_most", N_("Helpers of 4050助7080, oldest"), 59, YEARS, 16, 100),
    Parameter("helped_age_least", N_("Helped by 4050助7080, youngest"), 70, YEARS, 16, 120),
    Parameter("helped_age_most", N_("Helped by 4050助7080, oldest"), 89, YEARS, 16, 120),
    Parameter("circle_size", N_("Volunteers in a care circle, at most"), 7, PEOPLE, 1, 7),
    Parameter("need_hours_week", N_("Hours a week of a need that names none"), 2, HOURS, 0.25, 40, whole=False),
    Parameter("shift_minutes", N_("Length of a shift"), 60, N_("minutes"), 15, 480),
    Parameter("volunteer_limit_m", N_("Walking limit of volunteers who name none"), 1000, METRES, 50, 5000),
    Parameter(
        "straight_line_factor",
        N_("Walked metres per straight metre, without roads"),
        1.3,
        N_("times"),
        1,
        3,
        whole=False,
    ),
    Parameter("snap_limit_m", N_("An entrance farther from any road counts as cut off"), 200, METRES, 10, 5000),
    Parameter("person_retention_days", N_("Helped persons are kept after their last need"), 365, DAYS, 1, 3650),
    Parameter("suppress_below", N_("Counts of people are shown from"), 5, PEOPLE, 5, 1000),
    Parameter("suppress_below_alone", N_("Counts of people living alone are shown from"), 10, PEOPLE, 10, 1000),
    Parameter("guarantee_fen", N_("Service money per community"), 30_000_000, N_("fen"), 0, 10**12),
)
BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


def parameter_named(name: str) -> Parameter:
    """Return a parameter by name; raises NotFound for another name.

    >>> parameter_named("head_alarm_households").default
    40
    """
    if name not in BY_NAME:
        raise NotFound(N_("There is no parameter {name}."), name=name)
    return BY_NAME[name]


def checked_value(name: str, value: object) -> float:
    """Return a value as it is stored; raises BadInput when it is no number, out of range or not whole where it must be.

    >>> checked_value("head_alarm_households", "45"), checked_value("coverage_target", 0.9)
    (45, 0.9)
    """
    parameter = parameter_named(name)
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not parameter.low <= number <= parameter.high or (parameter.whole and number != int(number)):
        raise BadInput(
            N_("{parameter} is a number from {low} to {high} ({unit}). Correct it, then save again."),
            parameter=_(parameter.label),
            low=parameter.low,
            high=parameter.high,
            unit=_(parameter.unit),
        )
    return int(number) if parameter.whole else number
