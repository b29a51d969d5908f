"""The peer of the map: folium.GeoJson of 10,000 polygons through streamlit-folium, its scripts from this host too."""

from pathlib import Path

import streamlit as st

from geo.web import assets

app = st.App(Path(__file__).parent / "peer_page.py", routes=[assets.route()])
