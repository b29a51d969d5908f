"""The few touches the theme cannot express: a compact head, thin headings, large targets on a phone."""

import streamlit as st

CSS = """<style>
.stMainBlockContainer { padding: 2.6rem 2rem 3rem; }
.stMainBlockContainer h1 { font-size: 1.7rem; font-weight: 400; padding: 0 0 .2rem; }
.stMainBlockContainer h2, .stMainBlockContainer h3 { font-size: 1.2rem; font-weight: 400; padding: .2rem 0; }
[data-testid="stMetricValue"] { font-size: 1.6rem; line-height: 1.3; }
[data-testid="stMetric"] { padding: 0; }
.stMainBlockContainer [data-testid="stCaptionContainer"] p { line-height: 1.35; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.2rem .8rem 2rem; }
  .stButton button, .stDownloadButton button, [data-testid="stPopover"] button { min-height: 44px; }
  .st-key-figures [data-testid="stColumn"] { min-width: calc(50% - 1rem); flex: 1 1 calc(50% - 1rem); }
  .st-key-figures [data-testid="stMetricValue"] { font-size: 1.3rem; }
}
</style>"""


def apply_style() -> None:
    """Put the style on the page."""
    st.html(CSS)
