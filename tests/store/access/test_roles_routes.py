"""Every role through every route of the server: a route answers whom the table lets in, and nobody else."""

import pytest

from geo.access.rules import MAY, ROLES, ROUTE_ACTIONS
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.requests.attachment_writes import add_attachment
from geo.siting.wanted import Wanted
from geo.store.clock import today
from geo.store.session import owner_engine, writing
from geo.web.guard import OPEN, OPEN_FILES, action_of
from geo.web.server import Server
from tests.store.access.roles import actor_of, peopled
from tests.store.requesting import add_request, photo_with_place
from tests.store.small_city import SmallCity, add
from tests.store.test_guard import Browser, browse

SAMPLES = {
    "/tiles/": "/tiles/building+station/15/26932/12746.mvt",
    "/classes/": "/classes/building",
    "/names/": "/names/building/{building}",
    "/visit-form/": "/visit-form/due",
    "/what-if/": "/what-if/?wishes=head:building:{building}:new",
    "/siting/": "/siting/?study={study}&lon=115.93&lat=36.425",
    "/attachments/": "/attachments/{photo}",
    "/open311/": "/open311/v2/requests.json",
    "/request-form/": "/request-form/places?typed=x",
}
"""An address below each prefix of the table."""


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    made = peopled()
    with owner_engine().begin() as owner:
        add(owner, "candidate_site", code="room", name="空房", community_id=made["north"], geom="POINT(115.926 36.425)")
    with writing(actor_of("planner")) as session:
        asked = Wanted("cover", made["north"], number=1).plain()
        made.ids["study"] = keep_study(
            session, StudyDraft("siting", "a study", made["north"], asked, {"sites": []}), data_on=today()
        )
    with writing(actor_of("organiser")) as session:
        request_id = add_request(made, building_id=made["north-b1"], placed_by="building")
        made.ids["photo"] = add_attachment(session, request_id, "a.jpg", photo_with_place()).token  # type: ignore[assignment]
    return made


def test_every_route_is_in_the_table_or_open_to_anybody() -> None:
    paths = [route.path for route in Server().routes()]  # type: ignore[attr-defined]
    assert len(paths) >= 6
    assert [
        path for path in paths if path not in OPEN and not path.startswith(OPEN_FILES) and not action_of(path)
    ] == []
    assert set(SAMPLES) == set(ROUTE_ACTIONS)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_a_role_gets_answers_from_its_routes_and_is_refused_at_the_others(role: str | None, city: SmallCity) -> None:
    async def ask_all(browser: Browser) -> dict[str, int]:
        known = {"building": city["north-b1"], "study": city["study"], "photo": city["photo"]}
        asked = {prefix: path.format(**known) for prefix, path in SAMPLES.items()}
        return {prefix: (await browser.get(path)).status_code for prefix, path in asked.items()}

    told = browse(ask_all, user=actor_of(role).name if role else None)
    for prefix, action in ROUTE_ACTIONS.items():
        wanted = 401 if role is None else 200 if action in MAY[role] else 403
        assert told[prefix] == wanted, prefix


@pytest.mark.parametrize("role", ["organiser", "station_staff", "building_head"])
def test_what_lies_elsewhere_is_not_found_by_its_number(role: str, city: SmallCity) -> None:
    async def guess(browser: Browser) -> list[int]:
        codes = ("south-b1", "south-c", "south")
        kinds = ("building", "compound", "community")
        paths = [f"/names/{kind}/{city[code]}" for kind, code in zip(kinds, codes, strict=True)]
        return [(await browser.get(path)).status_code for path in paths]

    assert browse(guess, user=actor_of(role).name) == [404, 404, 404]
