"""Counts of people on cards and below the map."""

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.store.session import Actor, owner_engine

PLACE = "from pages.parts.residents import show_residents\nshow_residents({place})\n"
CITY = "from pages.parts.residents import show_residents_of_city\nshow_residents_of_city()\n"


def _shown(script: str) -> AppTest:
    page = AppTest.from_string(script, default_timeout=60).run()
    assert not page.exception
    return page


def test_the_city_shows_both_families_with_date_records_and_unknown(demo_store: object, administrator: Actor) -> None:
    page = _shown(CITY)
    assert [part.label for part in page.expander] == ["Residents by age", "People who need care"]
    said = " ".join(caption.value for caption in page.caption)
    assert "As of" in said
    assert "buildings with numbers" in said
    assert "from 5 people up" in said
    ages = page.dataframe[0].value
    assert "70 to 89" in list(ages["Age"])
    assert min(ages["People"]) >= 5
    assert not page.button


def test_a_compound_with_few_says_with_whom_it_is_counted(demo_store: object, administrator: Actor) -> None:
    with owner_engine().connect() as owner:
        place = owner.scalar(
            text(
                "SELECT s.place_id FROM published_place s JOIN published_count c ON c.id = s.count_id "
                "WHERE s.kind = 'compound' AND c.attribute = 'age' AND EXISTS (SELECT FROM published_place o "
                "WHERE o.count_id = c.id AND o.place_id <> s.place_id) ORDER BY 1 LIMIT 1"
            )
        )
    page = _shown(PLACE.format(place=("compound", place)))
    assert any("are counted together" in caption.value for caption in page.caption)


@pytest.mark.usefixtures("demo_store")
def test_an_administrator_is_offered_the_next_publication_and_only_then(administrator: Actor) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM publication"))
    page = _shown(CITY)
    assert any("none are published yet" in caption.value for caption in page.caption)
    assert [button.label for button in page.button] == ["Publish new counts of people"]
