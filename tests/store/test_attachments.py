"""Photos of requests: kept without metadata, seen by who sees the request, at an address nobody guesses."""

import io
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from geo.errors import BadInput, NotFound
from geo.requests.attachment_reads import attachments_of
from geo.requests.attachment_writes import MOST_PHOTOS, add_attachment, remove_attachment
from geo.store.session import reading, writing
from tests.store.access.roles import actor_of, peopled
from tests.store.exchanging import asked
from tests.store.requesting import add_request, photo_with_place
from tests.store.small_city import SmallCity
from tests.store.test_guard import Browser, browse

ORGANISER = actor_of("organiser")


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    made = peopled()
    made.ids["request"] = add_request(made)
    made.ids["elsewhere"] = add_request(made, "south")
    with writing(ORGANISER) as session:
        add_attachment(session, made["request"], "漏水.jpg", photo_with_place())
    return made


def addresses(request_id: int) -> list[str]:
    with reading(ORGANISER) as connection:
        return [photo.address for photo in attachments_of(connection, request_id)]


def test_a_photo_is_kept_without_its_place_and_the_history_tells_who_added_it(city: SmallCity) -> None:
    [(content, name, who)] = asked("SELECT content, file_name, added_by FROM attachment")
    assert not Image.open(io.BytesIO(content)).getexif()
    assert (name, who) == ("漏水.jpg", ORGANISER.name)
    events = asked("SELECT kind, recorded_by FROM request_event WHERE request_id = :id", id=city["request"])
    assert events == [("attachment", ORGANISER.name)]
    assert asked("SELECT action FROM audit_entry WHERE entity = 'request'") == ["change_photos"]


def test_the_address_answers_with_the_picture_as_a_picture_for_the_browser_of_who_asked(city: SmallCity) -> None:
    async def visit(browser: Browser) -> httpx.Response:
        return await browser.get(addresses(city["request"])[0])

    answer = browse(visit, user=ORGANISER.name)
    assert Image.open(io.BytesIO(answer.content)).size == (30, 20)
    told = {name: answer.headers[name] for name in ("content-type", "x-content-type-options", "cache-control")}
    assert told == {
        "content-type": "image/jpeg", "x-content-type-options": "nosniff", "cache-control": "private, max-age=3600",
    }  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("building_head", 404), ("leader", 403), ("planner", 403), (None, 401)])
def test_who_does_not_see_the_request_does_not_see_its_photo(role: str | None, status: int, city: SmallCity) -> None:
    [address] = addresses(city["request"])

    async def visit(browser: Browser) -> httpx.Response:
        return await browser.get(address)

    assert browse(visit, user=actor_of(role).name if role else None).status_code == status


def test_an_address_that_is_guessed_or_no_token_leads_nowhere(city: SmallCity) -> None:
    async def visit(browser: Browser) -> list[int]:
        paths = [f"/attachments/{uuid4()}", "/attachments/1", "/attachments/../request"]
        return [(await browser.get(path)).status_code for path in paths]

    assert browse(visit, user=ORGANISER.name)[0] == 404
    assert city


def test_a_photo_of_a_request_elsewhere_can_neither_be_added_nor_listed(city: SmallCity) -> None:
    with pytest.raises(NotFound), writing(ORGANISER) as session:
        add_attachment(session, city["elsewhere"], "a.jpg", photo_with_place())
    assert addresses(city["elsewhere"]) == []


def test_no_more_photos_than_a_request_holds_and_one_can_be_taken_away(city: SmallCity) -> None:
    full = add_request(city)
    with writing(ORGANISER) as session:
        added = [add_attachment(session, full, "a.jpg", photo_with_place()) for _ in range(MOST_PHOTOS)]
    with pytest.raises(BadInput, match="12 photos"), writing(ORGANISER) as session:
        add_attachment(session, full, "a.jpg", photo_with_place())
    with writing(ORGANISER) as session:
        remove_attachment(session, added[0].attachment_id)
    assert len(addresses(full)) == MOST_PHOTOS - 1
    last = asked("SELECT details FROM request_event WHERE request_id = :id ORDER BY id DESC LIMIT 1", id=full)
    assert last == [{"removed": added[0].attachment_id}]
    with pytest.raises(NotFound), writing(ORGANISER) as session:
        remove_attachment(session, added[0].attachment_id)
