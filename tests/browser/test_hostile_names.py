"""Names that try to run scripts: shown letter by letter wherever a name can end up, and nothing else happens."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection, text

from geo.maps.base_maps import BaseMap
from geo.maps.city_map import Look, Update
from geo.maps.safe_text import safe_text
from geo.store.cluster import Cluster
from geo.store.session import owner_engine
from tests.browser.conftest import look_closely, open_map, serving, visiting
from tests.browser.payloads import PAYLOADS
from tests.store.small_city import add, square
from tests.users import add_user

WEST, SOUTH, STEP = 115.9, 36.4, 0.002
USER = "wang"
POSTGRES_REFUSES = "\x00"


def spot(at: int) -> tuple[float, float]:
    return WEST + at % 7 * STEP, SOUTH + at // 7 * STEP


@pytest.fixture(scope="module")
def hostile_app(clean_store_for_module: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a city in which every name, address and number is a payload."""
    build()
    add_user(USER, "administrator")
    with serving(tmp_path_factory.mktemp("server") / "log") as address:
        yield address


def build() -> None:
    with owner_engine().begin() as owner:
        _take_names_of_any_kind(owner)
        box = square(WEST, SOUTH, 0.02)
        extent = "POLYGON" + box.removeprefix("MULTIPOLYGON(").removesuffix(")")
        add(owner, "city", id=1, name=PAYLOADS[0], metric_srid=4549, extent=extent)
        parent = add(owner, "area", level="city", code="c", name=PAYLOADS[1], geom=box)
        for at, payload in enumerate(PAYLOADS):
            lon, lat = spot(at)
            place(owner, parent, at, payload, lon, lat)
        owner.execute(text("UPDATE data_version SET version = version + 1"))


def _take_names_of_any_kind(owner: Connection) -> None:
    """The database refuses some of the payloads as names; the page has to be safe without that."""
    for table, rule in owner.execute(
        text("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE conname LIKE '%not_blank'")
    ).all():
        owner.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {rule}"))


def place(owner: object, parent: int, at: int, payload: str, lon: float, lat: float) -> None:
    shape, within = square(lon, lat, STEP * 0.9), square(lon + STEP / 3, lat + STEP / 3, STEP / 3)
    community = add(owner, "area", level="community", code=f"m{at}", name=payload, parent_id=parent, geom=shape)
    compound = add(
        owner, "compound", code=f"p{at}", name=payload, community_id=community, address=payload, geom=shape
    )
    building = add(
        owner, "building", code=f"b{at}", number=payload, name=payload, address=payload, compound_id=compound,
        community_id=community, geom=within,
    )  # fmt: skip
    owner_point = f"POINT({lon + STEP / 6} {lat + STEP / 6})"
    add(owner, "station", code=f"s{at}", name=payload, community_id=community, geom=owner_point, opening_hours=payload)
    line = f"LINESTRING({lon} {lat}, {lon + STEP} {lat})"
    street = {"from_node": at, "to_node": at + 99, "kind": "street", "length_m": 1.0}
    add(owner, "walk_edge", code=f"w{at}", name=payload, geom=line, **street)
    person = add(owner, "person", name=payload, phone_end=payload[:4], community_id=community)
    post = add(owner, "post", kind="building_head", community_id=community, building_id=building)
    add(
        owner, "holding", post_id=post, person_id=person, community_id=community, from_on="2024-01-01", how="elected"
    )


def nothing_happened(page: Page) -> None:
    assert page.evaluate("() => window.hit") is None
    for frame in page.frames:
        assert frame.evaluate("() => window.hit") is None


@pytest.fixture
def page(browser: Browser, hostile_app: str) -> Iterator[Page]:
    with visiting(browser, user=USER) as opened:
        yield opened
        nothing_happened(opened)


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 40


def test_labels_tooltips_cards_and_lists_show_every_payload_as_text(page: Page, hostile_app: str) -> None:
    frame = open_map(page, hostile_app)
    for at in range(len(PAYLOADS)):
        lon, lat = spot(at)
        look_closely(frame, lon + STEP / 2, lat + STEP / 2, 17)
        shown = frame.evaluate(
            """async () => { const map = Yizhan.map; const at = map.leaflet.getCenter();
            const settle = async gone => {
                for (let turn = 0; turn < 200 && !document.querySelector('.yz-tip-name') !== gone; turn += 1)
                    await new Promise(done => setTimeout(done, 20)); };
            await settle(true); map.leaflet.fire('mousemove', {latlng: at}); await settle(false);
            const text = document.querySelector('.yz-tip-name').textContent;
            map.leaflet.fire('mouseout'); return text; }"""
        )
        assert PAYLOADS[at].replace(POSTGRES_REFUSES, "") in shown
    nothing_happened(page)


@pytest.mark.parametrize("kind", ["building", "compound", "community", "station"])
def test_the_card_of_a_place_shows_its_names_as_text(page: Page, hostile_app: str, kind: str) -> None:
    for number in range(1, len(PAYLOADS) + 1, 9):
        place_id = number + 1 if kind == "community" else number
        page.goto(f"{hostile_app}/?place={kind}:{place_id}")
        expect(page.locator(f".st-key-card_{kind}_{place_id} h3")).to_contain_text(
            " ".join(PAYLOADS[number - 1].split())[:20]
        )
        nothing_happened(page)


def test_search_shows_what_it_finds_as_text(page: Page, hostile_app: str) -> None:
    open_map(page, hostile_app)
    box = page.locator(".st-key-neighbourhood_map_search input")
    for wanted in ("script", "img", "http", "top.hit", "$"):
        box.fill(wanted)
        box.press("Enter")
        page.locator("[class*=st-key-neighbourhood_map_hit]").first.wait_for()
        nothing_happened(page)


def test_legend_layers_and_base_maps_show_their_texts_as_text(page: Page, hostile_app: str) -> None:
    frame = open_map(page, hostile_app)
    for payload in PAYLOADS:
        update = Update(hostile_look(payload)).state
        frame.evaluate("script => window.eval(script)", f"Yizhan.update({update})")
        frame.wait_for_function(
            "payload => [...document.querySelectorAll('.yz-layers span')].some(one => one.textContent === payload)",
            arg=payload,
        )
        frame.evaluate("() => Yizhan.map.useBaseMap(Yizhan.map.state.base_maps[0])")
    nothing_happened(page)


class HostileLook(Look):
    """A look in which every text is a payload."""

    def state(self) -> dict[str, object]:
        payload = self.names_version
        state = replace(Look(self.tiles, self.classes, "1")).state()
        base = BaseMap(payload, ("/tiles/none/{z}/{x}/{y}.png",), payload, 18)
        described = {"name": base.name, "urls": list(base.urls), "attribution": safe_text(base.attribution)}
        texts = {name: payload for name in state["texts"] if name != "numbers"}
        layers = [{"name": layer["name"], "label": payload} for layer in state["layers"]]
        styles = {
            group: [{**style, "label": payload} for style in listed] for group, listed in state["styles"].items()
        }
        return {
            **state,
            "texts": {**state["texts"], **texts},
            "layers": layers,
            "styles": styles,
            "base_maps": [{**described, "deepest": 18, "gcj02": False}],
        }


def hostile_look(payload: str) -> Look:
    return HostileLook({"base": "base1", "places": "places1"}, {}, payload)


def test_popups_tooltips_and_layer_names_of_folium_show_safe_texts_as_text(
    page: Page, hostile_app: str, tmp_path: Path
) -> None:
    drawn = folium.Map([SOUTH, WEST], zoom_start=14, tiles=None)
    drawn.default_js, drawn.default_css = [("leaflet", "/assets/leaflet.js")], [("css", "/assets/leaflet.css")]
    drawn.get_root().header.add_child(folium.Element("<script>window.$ = markup => [markup && plainElement(markup)];"
        "function plainElement(markup) { const box = document.createElement('div'); box.innerHTML = markup;"
        "return box.firstElementChild; }</script>"), name="dollar")
    for at, payload in enumerate(PAYLOADS):
        lon, lat = spot(at)
        group = folium.FeatureGroup(name=safe_text(payload)).add_to(drawn)
        marker = folium.CircleMarker(
            [lat, lon], popup=folium.Popup(safe_text(payload), show=False), tooltip=folium.Tooltip(safe_text(payload))
        )
        marker.add_to(group)
        folium.Marker([lat, lon], icon=folium.DivIcon(html=safe_text(payload))).add_to(group)
    feature = {
        "type": "Feature",
        "properties": {"name": safe_text(PAYLOADS[2])},
        "geometry": {"type": "Point", "coordinates": [WEST, SOUTH]},
    }
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]},
        marker=folium.CircleMarker(),
        popup=folium.GeoJsonPopup(["name"]),
        tooltip=folium.GeoJsonTooltip(["name"]),
    ).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    content = drawn.get_root().render()
    page.route("**/drawn.html", lambda route: route.fulfill(body=content, content_type="text/html"))
    page.goto(f"{hostile_app}/drawn.html")
    page.locator(".leaflet-control-layers-overlays label").nth(len(PAYLOADS) - 1).wait_for()
    names = page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
    assert " ".join(PAYLOADS[0].split()) in " ".join(names)
    opened = page.evaluate(
        """() => { const markers = Object.values(window).filter(value => value instanceof L.CircleMarker);
            for (const marker of markers) { marker.openPopup(); marker.openTooltip(); } return markers.length; }"""
    )
    assert opened >= len(PAYLOADS)
    nothing_happened(page)


def test_the_payloads_do_act_where_nothing_makes_them_safe(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<html><body></body></html>")
    acted = 0
    for payload in (one for one in PAYLOADS if "refresh" not in one):
        page.evaluate("html => { delete window.hit; document.body.innerHTML = html; }", payload)
        page.wait_for_timeout(30)
        acted += page.evaluate("() => window.hit === 1")
    context.close()
    assert acted >= 5, json.dumps(acted)
