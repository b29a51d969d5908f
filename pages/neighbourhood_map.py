"""The neighbourhood map."""
import streamlit as st
from geo.maps.city_map import CityMap, Look, rerun_group
from geo.web.assets import FILES, fingerprint
from streamlit_folium import st_folium
from pages.parts.language import fragment

@fragment
def show():
    left, right = st.columns([2,1])
    with left:
        m = CityMap((115.9,36.4,116.3,36.7), {n: fingerprint(n) for n in FILES})
        sel = st.session_state.get("sel")
        look = Look({"base":"base1","places":"places1"}, {k: f"/classes/{k}?v=1" for k in ("building","compound","community")}, "1", selected=sel)
        r = st_folium(m, key="map", height=620, use_container_width=True, returned_objects=["last_object_clicked_count","last_object_clicked_tooltip"], feature_group_to_add=rerun_group(look))
    v = (r or {}).get("last_object_clicked_tooltip")
    c = (r or {}).get("last_object_clicked_count")
    if c and st.session_state.get("c") != c:
        st.session_state["c"]=c
        k,i=v.split(":"); st.session_state["sel"]=(k,int(i)); st.rerun(scope="fragment")
    right.write(st.session_state.get("sel"))
show()
