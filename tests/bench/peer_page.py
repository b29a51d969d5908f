"""Ten thousand buildings as plain folium draws them; what is clicked is written beside the map."""

import folium
import streamlit as st
from streamlit_folium import st_folium

SIDE = 100
LON, LAT = 115.94, 36.42


@st.cache_data
def polygons() -> dict[str, object]:
    """Return 10,000 six-cornered footprints as GeoJSON."""
    features = []
    for at in range(SIDE * SIDE):
        x, y = LON + (at % SIDE) * 0.0004, LAT + (at // SIDE) * 0.0003
        corners = [(0, 0), (3, 0), (3, 1), (1, 1), (1, 2), (0, 2), (0, 0)]
        ring = [[x + 0.0001 * dx, y + 0.0001 * dy] for dx, dy in corners]
        properties = {"id": at, "name": f"building {at}"}
        features.append(
            {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    return {"type": "FeatureCollection", "features": features}


st.set_page_config(layout="wide")
canvas = st.query_params.get("canvas") == "1"
city = folium.Map([LAT + 0.015, LON + 0.02], zoom_start=14, tiles=None, prefer_canvas=canvas)
city.default_js = [("leaflet", "/assets/leaflet.js")]
city.default_css = [("leaflet_css", "/assets/leaflet.css")]
folium.GeoJson(polygons(), tooltip=folium.GeoJsonTooltip(["name"])).add_to(city)
left, right = st.columns([2, 1])
with left:
    found = st_folium(
        city, key="peer", height=620, use_container_width=True,
        returned_objects=["last_object_clicked", "last_active_drawing"],
    )  # fmt: skip
clicked = found.get("last_active_drawing")
right.header(clicked["properties"]["name"] if clicked else "nothing yet")
