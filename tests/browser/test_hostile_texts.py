"""Every text column of the database holds payloads, and every page is opened: they are shown, never run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import CheckConstraint, Table, Text, text

from geo.access.rules import MAY, PAGE_ACTIONS
from geo.store.cluster import Cluster
from geo.store.metadata import all_tables
from geo.store.session import owner_engine
from tests.browser.conftest import serving, visiting
from tests.browser.payloads import PAYLOADS

NOT_SHOWN = {
    "topic", "user_name", "password_hash", "transaction_id", "sha256", "attribute", "kind", "entity", "actor", "code",
    "given_by", "made_by", "recorded_by", "changed_by",
}  # fmt: skip
"""Codes and names of users: what they may be is checked where they are written, and they are compared, not told."""
KEYS = {"app_user.name", "parameter.name", "personal.sealing_key.id", "import_finding.code", "published_place.name"}
"""What rows are known by, or written by the database alone."""
PAGE_ADDRESSES = [name for name, action in PAGE_ACTIONS.items() if action in MAY["administrator"]]
PLACES = (
    "building:1", "compound:1", "community:5", "station:1", "unit:1", "candidate_site:1", "gate:1", "household:1",
)  # fmt: skip
LOOKS = {
    "demo-administrator": [
        *PAGE_ADDRESSES,
        *(f"places?place={place}" for place in PLACES),
        "users?user=demo-organiser",
        "volunteers?volunteer=1",
        "volunteers?do=new&building=1",
    ],
    "demo-organiser": [
        "care_needs",
        "my_doors",
        "?place=building:1",
        "audit",
        *(f"care_and_rota?{view}" for view in ("circle=1", "view=proposals", "view=week", "view=week&shift=1")),
    ],
}
"""Every page as who may open it, the cards of every kind of place, and what only an organiser may look at."""


def free_texts(table: Table) -> list[str]:
    """Return the columns of a table that hold whatever somebody wrote."""
    rules = [str(rule.sqltext) for rule in table.constraints if isinstance(rule, CheckConstraint)]
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, Text)
        and column.name not in NOT_SHOWN
        and f"{table.fullname}.{column.name}" not in KEYS
        and not any(f"{column.name} IN (" in rule for rule in rules)
    ]


def poison() -> int:
    """Write the payloads into every free text of the demo city in turn; return how many columns took them."""
    poisoned = 0
    with owner_engine().begin() as owner:
        for table in all_tables().sorted_tables:
            if table.name in {"audit_entry", "audit_seal"}:
                continue
            checks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = to_regclass(:table)"
            for rule in owner.scalars(text(checks), {"table": table.fullname}).all():
                owner.exec_driver_sql(f'ALTER TABLE {table.fullname} DROP CONSTRAINT "{rule}"')
            for column in free_texts(table):
                once = any(column in unique.columns for unique in table.constraints if hasattr(unique, "columns"))
                owner.execute(
                    text(
                        f"UPDATE {table.fullname} t SET {column} = (CAST(:payloads AS text[]))[1 + r.n % :count] "
                        f"|| CASE WHEN :once THEN ' ' || r.n ELSE '' END "
                        f"FROM (SELECT ctid AS place, row_number() OVER () AS n FROM {table.fullname}) r "
                        "WHERE t.ctid = r.place"
                    ),
                    {"payloads": list(PAYLOADS), "count": len(PAYLOADS), "once": once or column == "email"},
                )
                poisoned += 1
        for payload in PAYLOADS:
            owner.execute(
                text(
                    "INSERT INTO audit_entry (actor, action, entity, note, before, after) "
                    "SELECT t, t, t, t, jsonb_build_object('name', t), jsonb_build_object('name', t) "
                    "FROM (SELECT CAST(:text AS text) AS t) given"
                ),
                {"text": payload},
            )
        owner.exec_driver_sql("UPDATE data_version SET version = version + 1")
    return poisoned


@pytest.fixture(scope="module")
def hostile_app(demo_store_for_module: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a demo city that says nothing but payloads."""
    assert poison() > 30
    with serving(tmp_path_factory.mktemp("server") / "log") as address:
        yield address


def look_at(page: Page, address: str) -> None:
    """Open a page, wait until it has settled, and see that nothing ran."""
    page.goto(address)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning] h1").first.wait_for()
    for frame in page.frames:
        assert frame.evaluate("() => window.hit") is None, address
    assert page.evaluate("() => window.hit") is None, address
    assert page.locator("[data-testid=stException]").count() == 0, address


def test_every_page_is_looked_at_by_somebody() -> None:
    seen = {address.partition("?")[0] for looks in LOOKS.values() for address in looks}
    assert set(PAGE_ACTIONS) <= seen


@pytest.mark.parametrize("user", LOOKS)
def test_no_page_runs_what_any_text_field_holds(browser: Browser, hostile_app: str, user: str) -> None:
    with visiting(browser, user=user) as page:
        for address in LOOKS[user]:
            look_at(page, f"{hostile_app}/{address}")
