"""The places page: draw, correct, move, close, undo; the lists below."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.i18n import use_language
from geo.places.reads import place_card
from geo.places.writes import draw_place
from geo.settings import ROOT
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.small_city import SmallCity, add, build, square

INSIDE = [[115.93, 36.428], [115.931, 36.428], [115.931, 36.429], [115.93, 36.429], [115.93, 36.428]]


@pytest.fixture
def city(clean_store: object, administrator: Actor) -> Iterator[SmallCity]:
    yield build()
    use_language("en")


def _opened(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30)
    page.query_params["lang"] = query.pop("lang", "en")
    page.run()
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("places.py").run()
    assert not page.exception
    return page


def _deliver(page: AppTest, text_from_map: str) -> None:
    """Stand in for the browser's map, which AppTest does not run: hand over what it would have sent."""
    turn = page.session_state["turns"] + 1 if "turns" in page.session_state else 1
    page.session_state["turns"] = turn
    page.session_state["places"] = {"last_object_clicked_count": turn, "last_object_clicked_tooltip": text_from_map}
    page.run()
    assert not page.exception


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception


def _turn_to(page: AppTest, task: str) -> None:
    next(control for control in page.pills if control.label == "What to do").set_value(task).run()
    assert not page.exception


def _stored(query: str, **values: Any) -> Any:
    with reading(OPERATOR) as connection:
        return connection.scalar(text(query), values)


def _words(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.caption, *page.error, *page.warning, *page.info))


def test_an_empty_city_leads_to_the_import(clean_store: object, administrator: Actor) -> None:
    assert "There is no city here yet" in _words(_opened())


def test_a_building_is_corrected_and_the_correction_undone(city: SmallCity) -> None:
    page = _opened(place=f"building:{city['north-b1']}")
    next(field for field in page.number_input if field.label == "Floors").set_value(11)
    _press(page, "Save the correction")
    assert _stored("SELECT floors FROM building WHERE id = :id", id=city["north-b1"]) == 11
    _turn_to(page, "history")
    assert "Floors: 6 → 11" in _words(page).replace("\\", "")
    _press(page, "Undo")
    assert _stored("SELECT floors FROM building WHERE id = :id", id=city["north-b1"]) == 6


def test_a_building_is_given_to_another_compound_nearby(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        add(
            owner, "compound", code="next", name="凤凰苑", community_id=city["north"],
            geom=square(115.934, 36.424, 0.002),
        )  # fmt: skip
    page = _opened(place=f"building:{city['north-b1']}")
    choice = next(box for box in page.selectbox if box.label == "Belongs to")
    assert choice.options == ["金桂花园", "凤凰苑"]
    choice.set_value(_stored("SELECT id FROM compound WHERE code = 'next'"))
    _press(page, "Save the correction")
    with reading(OPERATOR) as connection:
        card = place_card(connection, "building", city["north-b1"])
    assert card.name == "凤凰苑1号楼"
    assert [(row.field, row.before, row.after) for row in card.history[0].changes] == [
        ("Compound", "金桂花园", "凤凰苑")
    ]


def test_a_mistake_in_a_form_is_said_and_nothing_is_saved(city: SmallCity) -> None:
    page = _opened(place=f"building:{city['north-b1']}")
    next(field for field in page.number_input if field.label == "Floors").set_value(999)
    _press(page, "Save the correction")
    assert "from 1 to 200" in _words(page)
    assert _stored("SELECT floors FROM building WHERE id = :id", id=city["north-b1"]) == 6


def test_a_place_is_closed_with_a_reason(city: SmallCity) -> None:
    page = _opened(place=f"building:{city['north-b3']}")
    _turn_to(page, "close")
    next(field for field in page.text_input if field.label == "Reason").set_value("demolished")
    _press(page, "Close this place")
    assert _stored("SELECT closed_on IS NOT NULL FROM building WHERE id = :id", id=city["north-b3"])
    assert "Closed on" in _words(page)


def test_a_building_drawn_on_the_map_is_saved_with_its_form(city: SmallCity) -> None:
    page = _opened()
    next(box for box in page.selectbox if box.label == "New place").set_value("building").run()
    save = next(button for button in page.button if button.label == "Save the new place")
    assert save.disabled
    _deliver(page, "draw:" + json.dumps({"type": "Polygon", "coordinates": [INSIDE]}))
    next(field for field in page.text_input if field.label == "Number").set_value("9")
    _press(page, "Save the new place")
    place_id = _stored("SELECT id FROM building WHERE number = '9'")
    with reading(OPERATOR) as connection:
        assert place_card(connection, "building", place_id).parent == ("compound", city["north-c"], "金桂花园")


def test_a_building_is_moved_to_what_was_drawn(city: SmallCity) -> None:
    page = _opened(place=f"building:{city['north-b1']}")
    _turn_to(page, "move")
    _deliver(page, "draw:" + json.dumps({"type": "Polygon", "coordinates": [INSIDE]}))
    _press(page, "Save the new shape")
    assert _stored("SELECT ST_XMin(geom) FROM building WHERE id = :id", id=city["north-b1"]) == pytest.approx(115.93)


def test_an_area_without_boundary_is_drawn(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        west = add(owner, "area", level="community", code="west", name="西湖社区", parent_id=city["371500"])
    page = _opened(place=f"community:{west}")
    _turn_to(page, "move")
    _deliver(page, "draw:" + json.dumps({"type": "Polygon", "coordinates": [INSIDE]}))
    _press(page, "Save the new shape")
    assert _stored("SELECT ST_XMin(geom) FROM area WHERE id = :id", id=west) == pytest.approx(115.93)


def test_a_click_on_the_map_opens_the_place(city: SmallCity) -> None:
    page = _opened()
    _deliver(page, f"compound:{city['south-c']}")
    assert [title.value for title in page.subheader] == ["银杏小区 · Compound"]


def test_lists_show_what_lacks_a_boundary_and_what_lies_outside(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("INSERT INTO area (level, code, name, parent_id) VALUES ('community', 'west', '西湖社区', :city)"),
            {"city": city["371500"]},
        )
        owner.execute(
            text("UPDATE building SET geom = ST_Translate(geom, 0.0035, 0) WHERE id = :id"), {"id": city["south-b3"]}
        )
    page = _opened()
    assert "Areas with a code and no boundary yet, never drawn: 1" in _words(page)
    _press(page, "Look for them")
    assert [list(frame.value.iloc[0])[1] for frame in page.dataframe] == ["west", "银杏小区3号楼"]


def test_a_place_that_is_not_there_is_said(city: SmallCity) -> None:
    assert "does not exist" in _words(_opened(place="building:999999"))


def test_the_page_speaks_chinese(city: SmallCity) -> None:
    assert not _opened(lang="zh_CN", place=f"building:{city['north-b1']}").exception


def test_a_station_is_taken_to_its_next_status(city: SmallCity) -> None:
    with writing(OPERATOR) as session:
        station = draw_place(
            session, "station", {"type": "Point", "coordinates": [115.93, 36.43]}, {"name": "红旗驿站"}
        )
    page = _opened(place=f"station:{station}")
    _turn_to(page, "status")
    assert "Staffing is not complete" in _words(page)
    next(field for field in page.text_input if field.label == "Reason").set_value("site found")
    _press(page, "Take this step")
    assert _stored("SELECT status FROM station") == "sited"


def test_organisations_are_listed_with_where_they_belong(city: SmallCity) -> None:
    assert "No organisation is known yet" in _words(_opened())
    with owner_engine().begin() as owner:
        add(
            owner, "organisation", code="o1", name="金桂业委会", kind="owners_committee", community_id=city["north"],
            compound_id=city["north-c"],
        )  # fmt: skip
    [frame] = _opened().dataframe
    assert list(frame.value.iloc[0]) == ["Owners' committee", "金桂业委会", "o1", "金桂社区", "金桂花园"]
