"""A small square of a class's colour with its words beside, as in the legend of the map."""

import streamlit as st

from geo.maps.legend import PATCH_STYLES
from geo.maps.safe_text import safe_text

SQUARE = '<span style="display:inline-block;width:.8em;height:.8em;margin-right:.5em;background:{fill}"></span>{words}'


def swatch(code: int, words: str) -> None:
    """Show the colour of a patch by its class code, with words."""
    fill = next(style.fill for style in PATCH_STYLES if style.code == code)
    st.html(SQUARE.format(fill=safe_text(fill), words=safe_text(words)))
