"""The folium map: all files from this host, the same script on every rerun, hostile texts harmless."""

import re

from streamlit_folium import _get_map_string, generate_leaflet_string

from geo.maps.city_map import CityMap, Look, rerun_group

BOUNDS = (115.9, 36.4, 116.0, 36.5)
LOOK = Look({"base": "base1", "places": "places1"}, {"building": "/classes/building?v=1"}, "1")


def test_no_script_or_style_comes_from_another_host() -> None:
    page = CityMap(BOUNDS)
    rendered = page.get_root().render()
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", rendered)
    assert len(addresses) == 2
    assert all(address.startswith("/assets/") for address in addresses)


def test_the_maps_script_is_the_same_on_every_rerun() -> None:
    def script() -> str:
        page = CityMap(BOUNDS)
        page.get_root().render()
        return _get_map_string(page)

    assert script() == script()
    assert "Yizhan.start(map_div" in script()


def test_a_rerun_hands_over_what_changed() -> None:
    page = CityMap(BOUNDS)
    group = rerun_group(Look(LOOK.tiles, LOOK.classes, "1", selected=("building", 7)))
    group.add_to(page)
    page.get_root().render()
    script = generate_leaflet_string(group, base_id="feature_group_0")
    assert '"selected": {"kind": "building", "id": 7}' in script


def test_the_state_of_a_look_without_choices_chooses_nothing() -> None:
    state = LOOK.state()
    assert (state["selected"], state["statuses"], state["focus"], state["base_maps"]) == (None, None, None, [])
