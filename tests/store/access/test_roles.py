"""What each role may do, walked completely: every role through every command and every kind of long work."""

import ast
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.access import consents, helped_persons, retention, suppression, user_writes
from geo.access.helped_persons import PersonDetails, Whereabouts
from geo.access.rules import ACTIONS, JOB_ACTIONS, LAYER_ACTIONS, MAY, PAGE_ACTIONS, ROLES, ROUTE_ACTIONS, refusal
from geo.access.user_rules import Grant, NewUser
from geo.errors import NotAllowed, YizhanError
from geo.exchange import load, undo
from geo.exchange.kinds import KINDS as LAYERS
from geo.exchange.writers import export
from geo.governance import proposal_writes
from geo.governance.writes import set_status
from geo.jobs import kinds
from geo.jobs.context import JobContext, Notes
from geo.people import candidacy_writes as candidacies
from geo.people import circle_writes as circles
from geo.people import need_writes, patch_writes, visit_writes, volunteer_hours, volunteer_writes
from geo.people import writes as people
from geo.people.rules import Term
from geo.places import writes as places
from geo.planning import scenario_writes as scenarios
from geo.planning import shift_writes as shifts
from geo.planning import study_writes
from geo.planning import writes as planning
from geo.planning.shift_rules import Turn
from geo.planning.studies import StudyDraft
from geo.store.session import Actor, writing
from tests.house.sources import product
from tests.store.access.request_commands import REQUEST_COMMANDS
from tests.store.access.roles import actor_of, peopled
from tests.store.small_city import SmallCity

Call = Callable[[Session], object]
NOBODYS = 10**9
DAY = date(2026, 11, 22)
FILE: Any = SimpleNamespace(file_name="a.csv", kind="areas")
POINT = {"type": "Point", "coordinates": [115.93, 36.43]}
HEAD = people.Seat("building_head", NOBODYS)
ONCE = people.Appointment(Term(DAY, None), "elected")
OFFER = volunteer_writes.Offer(1)
CIRCLE = circles.CircleDraft(NOBODYS, ())
VISIT = visit_writes.VisitDraft(UUID(int=1), NOBODYS, datetime(2026, 11, 22, tzinfo=UTC), result="met")
SHIFT = shifts.ShiftDraft(NOBODYS, None, Turn(DAY, 540, 600), "visit")
STUDY = StudyDraft("coverage", "x", None, {}, {})
WANG, GRANT = NewUser("wang"), Grant("leader", DAY)

COMMANDS: dict[str, tuple[str, Call]] = {
    "access.consents.record_consent": (
        "edit_needs", lambda s: consents.record_consent(s, NOBODYS, "care", given_on=DAY, how="written"),
    ),
    "access.consents.withdraw_consent": ("edit_needs", lambda s: consents.withdraw_consent(s, NOBODYS, on=DAY)),
    "access.helped_persons.record_person": (
        "edit_needs", lambda s: helped_persons.record_person(s, Whereabouts(NOBODYS), PersonDetails("王")),
    ),
    "access.helped_persons.change_person": (
        "edit_needs", lambda s: helped_persons.change_person(s, NOBODYS, {"phone": "1"}, version=1),
    ),
    "access.retention.purge": ("erase_person", lambda s: retention.purge(s, on=DAY)),
    "access.retention.erase": ("erase_person", lambda s: retention.erase(s, NOBODYS, reason="asked")),
    "access.suppression.publish": ("publish_counts", suppression.publish),
    "access.user_writes.invite": ("manage_users", lambda s: user_writes.invite(s, WANG, GRANT)),
    "access.user_writes.correct_user": (
        "manage_users", lambda s: user_writes.correct_user(s, WANG, expected_version=1),
    ),
    "access.user_writes.give_role": ("manage_users", lambda s: user_writes.give_role(s, "wang", GRANT)),
    "access.user_writes.end_role": (
        "manage_users", lambda s: user_writes.end_role(s, NOBODYS, on=DAY, reason="x", expected_version=1),
    ),
    "access.user_writes.suspend": (
        "manage_users", lambda s: user_writes.suspend(s, "wang", reason="x", expected_version=1),
    ),
    "access.user_writes.resume": ("manage_users", lambda s: user_writes.resume(s, "wang", expected_version=1)),
    "access.user_writes.reset_password": (
        "manage_users", lambda s: user_writes.reset_password(s, "wang", expected_version=1),
    ),
    "access.user_writes.sign_out_user": ("manage_users", lambda s: user_writes.sign_out_user(s, "wang")),
    "exchange.load.start_run": ("import_files", lambda s: load.start_run(s, FILE, options={})),
    "exchange.load.accept": ("import_files", lambda s: load.accept(s, NOBODYS, FILE)),
    "exchange.load.drop": ("import_files", lambda s: load.drop(s, NOBODYS)),
    "exchange.load.take_run": ("import_files", lambda s: load.take_run(s, NOBODYS, "prepared")),
    "exchange.undo.undo_import": ("import_files", lambda s: undo.undo_import(s, NOBODYS)),
    "governance.writes.set_status": (
        "edit_stations", lambda s: set_status(s, NOBODYS, "sited", on=DAY, reason="x", expected_version=1),
    ),
    "people.need_writes.open_need": (
        "edit_needs", lambda s: need_writes.open_need(s, Whereabouts(NOBODYS), ["visit"], opened_on=DAY),
    ),
    "people.need_writes.change_need": ("edit_needs", lambda s: need_writes.change_need(s, NOBODYS, version=1)),
    "people.need_writes.detail_need": ("edit_needs", lambda s: need_writes.detail_need(s, NOBODYS, {}, version=1)),
    "people.need_writes.end_need": (
        "edit_needs", lambda s: need_writes.end_need(s, NOBODYS, on=DAY, retain_days=1, version=1),
    ),
    "people.need_writes.join_person": (
        "edit_needs", lambda s: need_writes.join_person(s, NOBODYS, NOBODYS, version=1),
    ),
    "people.volunteer_writes.enrol": (
        "edit_volunteers", lambda s: volunteer_writes.enrol(s, people.Who(name="王"), NOBODYS, OFFER),
    ),
    "people.volunteer_writes.change_volunteer": (
        "edit_volunteers", lambda s: volunteer_writes.change_volunteer(s, NOBODYS, {"hours_week": 1}, version=1),
    ),
    "people.volunteer_writes.set_times": (
        "edit_volunteers", lambda s: volunteer_writes.set_times(s, NOBODYS, [], version=1),
    ),
    "people.volunteer_writes.check_in": (
        "edit_volunteers",
        lambda s: volunteer_writes.check_in(s, NOBODYS, on=DAY, hours_week=1, skills=[], version=1),
    ),
    "people.volunteer_writes.set_status": (
        "edit_volunteers",
        lambda s: volunteer_writes.set_status(s, NOBODYS, "paused", on=DAY, reason="x", version=1),
    ),
    "people.volunteer_hours.record_hours": (
        "edit_volunteers", lambda s: volunteer_hours.record_hours(s, NOBODYS, on=DAY, minutes=30),
    ),
    "people.volunteer_hours.confirm_hours": (
        "edit_volunteers", lambda s: volunteer_hours.confirm_hours(s, [NOBODYS]),
    ),
    "people.volunteer_hours.drop_hours": ("edit_volunteers", lambda s: volunteer_hours.drop_hours(s, NOBODYS)),
    "people.candidacy_writes.ask": ("ask_candidates", lambda s: candidacies.ask(s, HEAD, NOBODYS, on=DAY)),
    "people.candidacy_writes.answer": (
        "ask_candidates", lambda s: candidacies.answer(s, NOBODYS, "accepted", on=DAY, version=1),
    ),
    "people.candidacy_writes.refuse": (
        "ask_candidates", lambda s: candidacies.refuse(s, HEAD, NOBODYS, on=DAY, reason="x"),
    ),
    "people.candidacy_writes.appoint": ("ask_candidates", lambda s: candidacies.appoint(s, HEAD, NOBODYS, ONCE)),
    "people.circle_writes.propose_circle": ("edit_circles", lambda s: circles.propose_circle(s, CIRCLE, on=DAY)),
    "people.circle_writes.propose_circles": (
        "edit_circles", lambda s: circles.propose_circles(s, [CIRCLE], on=DAY, study_id=NOBODYS),
    ),
    "people.circle_writes.move_circle": (
        "edit_circles", lambda s: circles.move_circle(s, NOBODYS, "trial", on=DAY, version=1),
    ),
    "people.circle_writes.accept_circles": ("edit_circles", lambda s: circles.accept_circles(s, {NOBODYS: 1}, on=DAY)),
    "people.circle_writes.change_members": (
        "edit_circles", lambda s: circles.change_members(s, NOBODYS, [], on=DAY, version=1),
    ),
    "people.patch_writes.give_patches": (
        "assign_heads", lambda s: patch_writes.give_patches(s, [(HEAD, NOBODYS)], on=DAY, reason="x"),
    ),
    "people.visit_writes.record_visit": ("record_visits", lambda s: visit_writes.record_visit(s, VISIT)),
    "governance.proposal_writes.raise_proposal": (
        "raise_proposals", lambda s: proposal_writes.raise_proposal(s, proposal_writes.ProposalDraft(NOBODYS, "x"))
    ),
    "governance.proposal_writes.withdraw_proposal": (
        "raise_proposals", lambda s: proposal_writes.withdraw_proposal(s, NOBODYS, reason="x", version=1)
    ),
    "planning.scenario_writes.save_scenario": ("plan_sites", lambda s: scenarios.save_scenario(s, NOBODYS, "x")),
    "planning.scenario_writes.move_scenario": (
        "plan_sites", lambda s: scenarios.move_scenario(s, NOBODYS, "proposed", version=1),
    ),
    "planning.scenario_writes.approve_scenario": (
        "plan_sites",
        lambda s: scenarios.approve_scenario(s, NOBODYS, version=1, on=DAY, yearly_fen=1, first_year=2027),
    ),
    "planning.shift_writes.plan_week": ("plan_shifts", lambda s: shifts.plan_week(s, [SHIFT])),
    "planning.shift_writes.accept_plan": ("plan_shifts", lambda s: shifts.accept_plan(s, NOBODYS)),
    "planning.shift_writes.add_shift": ("plan_shifts", lambda s: shifts.add_shift(s, SHIFT)),
    "planning.shift_writes.move_shift": (
        "plan_shifts", lambda s: shifts.move_shift(s, NOBODYS, "done", version=1, on=DAY),
    ),
    "planning.shift_writes.hand_over": ("plan_shifts", lambda s: shifts.hand_over(s, NOBODYS, NOBODYS, version=1)),
    "planning.shift_writes.swap_shifts": ("plan_shifts", lambda s: shifts.swap_shifts(s, (NOBODYS, 1), (NOBODYS, 1))),
    "planning.shift_writes.send_stand_in": (
        "plan_shifts", lambda s: shifts.send_stand_in(s, NOBODYS, NOBODYS, version=1),
    ),
    "planning.study_writes.keep_study": ("run_studies", lambda s: study_writes.keep_study(s, STUDY, data_on=DAY)),
    "planning.study_writes.drop_study": ("run_studies", lambda s: study_writes.drop_study(s, NOBODYS)),
    "planning.study_writes.restore_study": ("run_studies", lambda s: study_writes.restore_study(s, NOBODYS)),
    "people.writes.assign_head": (
        "assign_heads", lambda s: people.assign_head(s, building_id=NOBODYS, name="王", from_on=DAY),
    ),
    "people.writes.assign": ("assign_heads", lambda s: people.assign(s, HEAD, people.Who(name="王"), ONCE)),
    "people.writes.end_holding": ("assign_heads", lambda s: people.end_holding(s, NOBODYS, on=DAY, reason="x")),
    "people.writes.undo_holding_change": ("assign_heads", lambda s: people.undo_holding_change(s, NOBODYS)),
    "places.writes.draw_place": ("edit_places", lambda s: places.draw_place(s, "gate", POINT, {})),
    "places.writes.move_place": (
        "edit_places", lambda s: places.move_place(s, "gate", NOBODYS, POINT, expected_version=1),
    ),
    "places.writes.correct_place": (
        "edit_places", lambda s: places.correct_place(s, "building", NOBODYS, {}, expected_version=1),
    ),
    "places.writes.close_place": (
        "edit_places", lambda s: places.close_place(s, "unit", NOBODYS, on=DAY, reason="x", expected_version=1),
    ),
    "places.writes.undo_change": ("edit_places", lambda s: places.undo_change(s, NOBODYS)),
    "planning.writes.set_parameter": (
        "change_parameters", lambda s: planning.set_parameter(s, "coverage_target", 0.9, expected_version=0),
    ),
    "planning.writes.reset_parameter": (
        "change_parameters", lambda s: planning.reset_parameter(s, "coverage_target", expected_version=0),
    ),
} | REQUEST_COMMANDS  # fmt: skip
"""Every command with the action it asks for, called about things that are not there."""

STATION_COMMANDS: tuple[Call, ...] = (
    lambda s: places.draw_place(s, "station", POINT, {"name": "驿站"}),
    lambda s: places.draw_place(s, "candidate_site", POINT, {"name": "空房"}),
    lambda s: places.move_place(s, "station", NOBODYS, POINT, expected_version=1),
    lambda s: places.correct_place(s, "candidate_site", NOBODYS, {}, expected_version=1),
    lambda s: places.close_place(s, "station", NOBODYS, on=DAY, reason="x", expected_version=1),
)
NO_COMMANDS = {
    "access.sessions": "the sign-in and sign-out of the actor's own sessions; row security keeps others'",
    "exchange.seating": "a step of load.accept, which asks",
    "exchange.enrolling": "a step of load.accept, which asks",
    "exchange.need_opening": "a step of load.accept, which asks",
    "exchange.people_back": "a step of undo.undo_import, which asks",
    "exchange.sealed_rows": "a step of tasks.prepare_import and load.accept, which ask",
    "exchange.request_loading": "a step of accept, which asks",
    "people.seats": "a step of the commands on posts and candidates, which ask",
    "people.known_persons": "a step of the commands on posts and volunteers, which ask",
    "requests.held": "a step of the commands on requests and incidents, which ask",
    "places.parents": "a step of the commands on places, which ask",
    "places.records": "the statements below the commands, which ask",
    "store.audit": "the entry every command writes",
}
"""Modules with functions that take a session and are no commands, and why they need not ask."""


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    return peopled()


class _Enough(Exception):
    """Ends a transaction so that nothing of it stays."""


def _put_back() -> None:
    raise _Enough


def refused(actor: Actor, action: str, call: Call) -> bool:
    """Tell whether a command refuses an actor for want of an action; whatever else it says is not asked here."""
    said = ""
    try:
        with writing(actor) as session:
            call(session)
            _put_back()
    except NotAllowed as error:
        said = str(error)
    except (YizhanError, DBAPIError, _Enough, AttributeError) as error:
        said = f"{type(error)}"
    return said == str(refusal(action))


def test_every_function_that_takes_a_session_is_a_command_of_the_table_or_says_why_not() -> None:
    found = set()
    for source in product():
        module = source.name.removeprefix("geo/").removesuffix(".py").replace("/", ".")
        if not source.name.startswith("geo/") or module in NO_COMMANDS:
            continue
        for node in source.tree.body:
            first = node.args.args[:1] if isinstance(node, ast.FunctionDef) else []
            takes = [one for one in first if one.annotation and ast.unparse(one.annotation) == "Session"]
            if isinstance(node, ast.FunctionDef) and takes and not node.name.startswith("_"):
                found.add(f"{module}.{node.name}")
    assert found == set(COMMANDS)


def test_every_public_function_of_a_room_of_writes_asks_the_table() -> None:
    silent = []
    rooms = [source for source in product() if Path(source.name).name.endswith("writes.py")]
    assert len(rooms) >= 6
    for source in rooms:
        functions = {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}
        asking = {name for name, node in functions.items() if "require" in _called(node)}
        for name, node in functions.items():
            if not name.startswith("_") and name not in asking and not (_called(node) & asking):
                silent.append(f"{source.name} {name}")
    assert silent == []


def _called(function: ast.FunctionDef) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name)}


def test_the_tables_name_only_actions_there_are() -> None:
    named = {*PAGE_ACTIONS.values(), *JOB_ACTIONS.values(), *ROUTE_ACTIONS.values(), *LAYER_ACTIONS.values()}
    named |= {action for action, _call in COMMANDS.values()}
    assert named <= set(ACTIONS)
    assert set(MAY) == set(ROLES)
    assert set(JOB_ACTIONS) == set(kinds.KINDS)
    assert set(LAYER_ACTIONS) <= set(LAYERS)


def test_every_action_is_open_to_some_role_and_none_but_their_own_account_to_all() -> None:
    for action in ACTIONS:
        who = {role for role in ROLES if action in MAY[role]}
        assert who, action
        assert (who == set(ROLES)) == (action == "use_account"), action


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_a_role_gets_through_the_commands_it_may_and_no_others(role: str, city: SmallCity) -> None:
    allowed = MAY.get(role, frozenset())
    for name, (action, call) in COMMANDS.items():
        assert refused(actor_of(role), action, call) == (action not in allowed), name
    for call in STATION_COMMANDS:
        assert refused(actor_of(role), "edit_stations", call) == ("edit_stations" not in allowed)


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_long_work_a_role_may_not_do_ends_before_it_begins(role: str, city: SmallCity, tmp_path: Path) -> None:
    arguments: dict[str, dict[str, Any]] = {
        "demo": {"size": "small", "seed": 1},
        "export": {"layers": ["areas"], "fmt": "gpkg"},
        "import_prepare": {"path": "no such file", "kind": "areas", "datum": "wgs84"},
        "import_accept": {"run_id": NOBODYS, "prepared_by": NOBODYS},
        "import_file": {"path": "no such file", "kind": "areas", "datum": "wgs84"},
        "import_undo": {"run_id": NOBODYS},
        "publish_counts": {},
        "coverage_study": {"name": "x"},
        "pairing": {"community_id": NOBODYS},
        "rota": {"community_id": NOBODYS, "monday": "2999-12-30"},
        "siting": {"name": "x"},
        "hotspots": {"name": "x"},
    }
    assert set(arguments) == set(JOB_ACTIONS)
    context = JobContext(NOBODYS, actor_of(role), tmp_path, Notes())
    closed = [kind for kind, action in JOB_ACTIONS.items() if action not in MAY.get(role, frozenset())]
    for kind in closed:
        with pytest.raises(NotAllowed, match="Your role does not let you"):
            kinds.task_of(kind)(context, **arguments[kind])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_layer_leaves_only_by_a_role_that_may_see_all_of_it(role: str, city: SmallCity, tmp_path: Path) -> None:
    for layer in LAYERS:
        wanted = {"export_files", LAYER_ACTIONS.get(layer, "export_files")}
        if wanted <= MAY[role]:
            assert export(actor_of(role), [layer], "gpkg", tmp_path / layer).rows.keys() == {layer}
        else:
            with pytest.raises(NotAllowed):
                export(actor_of(role), [layer], "gpkg", tmp_path / layer)
