"""Which role may do what: the one table that pages, routes and writes ask."""

from collections.abc import Iterable

from geo.errors import NotAllowed
from geo.i18n import N_, _, listed

ROLE_LABELS = {
    "administrator": N_("Administrator"),
    "leader": N_("Leader"),
    "planner": N_("Planner"),
    "organiser": N_("Organiser"),
    "station_staff": N_("Station staff"),
    "building_head": N_("Building head"),
    "auditor": N_("Auditor"),
}
ROLES = tuple(ROLE_LABELS)

ACTION_LABELS = {
    "use_account": N_("use an own account"),
    "see_map": N_("see the map"),
    "see_places": N_("see places and their cards"),
    "edit_places": N_("draw, move, correct and close places"),
    "edit_stations": N_("propose stations and change their status"),
    "see_holders": N_("see who holds a post"),
    "find_holders": N_("search for people who hold posts"),
    "assign_heads": N_("assign and end heads"),
    "see_doors": N_("see the doors a head looks after"),
    "import_files": N_("import files"),
    "export_files": N_("export layers"),
    "see_jobs": N_("see running work"),
    "load_demo": N_("load a demo city"),
    "see_parameters": N_("see the city's numbers"),
    "change_parameters": N_("change the city's numbers"),
    "see_residents": N_("see how many residents there are by age"),
    "publish_counts": N_("publish counts of residents and needs"),
    "see_needs": N_("see care needs by number"),
    "edit_needs": N_("record and change care needs"),
    "reveal_persons": N_("look at a helped person's name, phone or notes"),
    "export_person": N_("hand a person everything stored about them"),
    "erase_person": N_("erase a person"),
    "run_with_persons": N_("let a run read needs under made-up names"),
    "see_coverage": N_("see which doors are covered"),
    "run_studies": N_("run studies of coverage and keep them"),
    "ask_candidates": N_("ask somebody to take a post"),
    "see_volunteers": N_("see volunteers and what they offer"),
    "edit_volunteers": N_("record volunteers, their times and hours"),
    "see_circles": N_("see care circles and the rota"),
    "edit_circles": N_("pair volunteers with needs"),
    "plan_shifts": N_("plan the rota and change shifts"),
    "record_visits": N_("record visits"),
    "see_scenarios": N_("see where the next stations may go"),
    "plan_sites": N_("plan where the next stations go"),
    "see_requests": N_("see requests and their history"),
    "record_requests": N_("record requests"),
    "work_requests": N_("hand on, solve, call back and close requests"),
    "edit_incidents": N_("record incidents and whom they affect"),
    "edit_categories": N_("change categories of requests and their hours"),
    "manage_interfaces": N_("give other systems keys to hand in requests"),
    "see_rates": N_("see how well requests are answered"),
    "see_hotspots": N_("see where requests gather"),
    "run_hotspots": N_("look for hotspots of requests"),
    "raise_proposals": N_("raise proposals for deliberation"),
    "manage_users": N_("manage users and roles"),
    "read_log": N_("read the log"),
    "read_own_log": N_("read the log of their communities"),
}
ACTIONS = tuple(ACTION_LABELS)

_EVERYBODY = frozenset({"use_account"})
_LOOKING = _EVERYBODY | {"see_map", "see_places", "see_parameters", "see_residents"}
_WORKING = (
    _LOOKING
    | {"see_holders", "find_holders", "see_doors", "see_needs", "see_jobs", "export_files", "see_coverage"}
    | {"see_volunteers", "edit_volunteers", "see_circles", "plan_shifts", "record_visits", "ask_candidates"}
    | {"see_requests", "record_requests", "work_requests", "edit_incidents", "see_rates", "see_hotspots"}
    | {"raise_proposals"}
)
_OF_PERSONS = frozenset({"reveal_persons", "export_person"})

MAY: dict[str, frozenset[str]] = {
    "administrator": frozenset(ACTIONS) - _OF_PERSONS,
    "leader": _LOOKING | {"see_jobs", "export_files", "see_coverage", "see_scenarios", "see_rates", "see_hotspots"},
    "planner": _LOOKING
    | {"edit_stations", "see_jobs", "export_files", "run_with_persons", "see_coverage", "run_studies"}
    | {"see_scenarios", "plan_sites", "see_rates", "see_hotspots", "run_hotspots", "raise_proposals"},
    "organiser": _WORKING
    | _OF_PERSONS
    | {"edit_places", "edit_stations", "assign_heads", "edit_needs", "erase_person", "run_with_persons"}
    | {"read_own_log", "run_studies", "edit_circles", "see_scenarios", "run_hotspots"},
    "station_staff": _WORKING | {"assign_heads", "edit_needs", "reveal_persons"},
    "building_head": _LOOKING
    | {"see_holders", "see_doors", "see_needs", "record_visits", "see_requests", "record_requests"},
    "auditor": _EVERYBODY | {"read_log", "read_own_log"},
}

PAGE_ACTIONS = {
    "neighbourhood_map": "see_map",
    "my_doors": "see_doors",
    "care_needs": "see_needs",
    "coverage": "see_coverage",
    "care_and_rota": "see_circles",
    "visits": "record_visits",
    "volunteers": "see_volunteers",
    "requests": "see_requests",
    "take_request": "record_requests",
    "incidents": "edit_incidents",
    "answer_rates": "see_rates",
    "hotspots": "see_hotspots",
    "request_categories": "edit_categories",
    "interfaces": "manage_interfaces",
    "siting": "plan_sites",
    "scenarios": "see_scenarios",
    "places": "see_places",
    "import_files": "import_files",
    "export": "export_files",
    "parameters": "see_parameters",
    "jobs": "see_jobs",
    "users": "manage_users",
    "audit": "read_own_log",
    "my_account": "use_account",
}
"""What a page of pages/ asks for before it shows anything."""

JOB_ACTIONS = {
    "demo": "load_demo",
    "export": "export_files",
    "publish_counts": "publish_counts",
    "import_prepare": "import_files",
    "import_accept": "import_files",
    "import_file": "import_files",
    "import_undo": "import_files",
    "coverage_study": "run_studies",
    "pairing": "edit_circles",
    "rota": "plan_shifts",
    "siting": "plan_sites",
    "hotspots": "run_hotspots",
}
"""What long work asks for, by its kind: when it is handed in and again when it begins."""

LAYER_ACTIONS = {
    "households": "see_holders",
    "volunteers": "see_volunteers",
    "care_needs": "see_needs",
    "requests": "see_requests",
}
"""What an exported layer asks for beyond export_files; layers that are not named ask for nothing more."""

ROUTE_ACTIONS = {
    "/tiles/": "see_map",
    "/classes/": "see_map",
    "/names/": "see_map",
    "/visit-form/": "record_visits",
    "/what-if/": "see_coverage",
    "/siting/": "plan_sites",
    "/attachments/": "see_requests",
    "/open311/": "see_requests",
    "/request-form/": "record_requests",
}
"""What our own routes ask for, by the beginning of their path."""


def allows(roles: Iterable[str], action: str) -> bool:
    """Tell whether one of the roles may do an action; KeyError for an action the table does not know.

    >>> allows(["leader"], "see_map"), allows(["leader"], "see_holders"), allows([], "see_map")
    (True, False, False)
    """
    if action not in ACTION_LABELS:
        raise KeyError(action)
    return any(action in MAY[role] for role in roles)


def home_page(roles: Iterable[str]) -> str:
    """Return the page the work of some roles begins on: a head's own doors, else the first that is open to them.

    >>> home_page(["building_head"]), home_page(["building_head", "organiser"]), home_page(["auditor"])
    ('my_doors', 'neighbourhood_map', 'audit')
    """
    held = set(roles)
    if held == {"building_head"}:
        return "my_doors"
    return next((page for page in ("neighbourhood_map", "audit") if allows(held, PAGE_ACTIONS[page])), "my_account")


def refusal(action: str) -> NotAllowed:
    """Return the error of a role that may not do an action: who may, and whom to ask."""
    who = [role for role in ROLES if action in MAY[role]]
    return NotAllowed(
        N_("Your role does not let you {action}. These roles may: {roles}. Ask an administrator."),
        action=_(ACTION_LABELS[action]),
        roles=listed(_(ROLE_LABELS[role]) for role in who),
    )
