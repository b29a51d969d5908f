"""The ASGI app: Streamlit's pages and our own routes behind one guard. Serve it with ``yizhan serve``."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from geo.web.guard import Guard
from geo.web.server import Server
from pages.parts.single_sign_on import StreamlitSignOn

server = Server(StreamlitSignOn())
app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    routes=server.routes(),
    middleware=[Middleware(Guard, server.visitors), Middleware(server.shortcut)],
    lifespan=server.lifespan,
)
