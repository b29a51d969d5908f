"""Links to other pages, for whom they are open."""

from pathlib import Path

import streamlit as st

from geo.access.rules import PAGE_ACTIONS
from pages.parts.session import may

PAGES = Path(__file__).parents[1]


def is_open(page: str) -> bool:
    """Tell whether who is signed in may open a page of pages/, by the name of its file."""
    return (PAGES / f"{page}.py").exists() and may(PAGE_ACTIONS[page])


def link_to(page: str, label: str, *, icon: str | None = None, query: dict[str, str] | None = None) -> None:
    """Show a link to a page; nothing to whom it is closed."""
    if is_open(page):
        st.page_link(f"{page}.py", label=label, icon=icon, query_params=query)
