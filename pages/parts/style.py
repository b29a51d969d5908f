"""The few touches the theme cannot express: a compact head, thin headings, large targets on a phone."""

import streamlit as st

from geo.i18n import _, number
from geo.settings import settings

CSS = """<style>
.stMainBlockContainer { padding: 2.6rem 2rem 3rem; }
.stMainBlockContainer h1 { font-size: 1.7rem; font-weight: 400; padding: 0 0 .2rem; }
.stMainBlockContainer h2, .stMainBlockContainer h3 { font-size: 1.2rem; font-weight: 400; padding: .2rem 0; }
[data-testid="stMetricValue"] { font-size: 1.6rem; line-height: 1.3; }
[data-testid="stMetric"] { padding: 0; }
.stMainBlockContainer [data-testid="stCaptionContainer"] p { line-height: 1.35; }
.st-key-figures [data-testid="stVerticalBlock"] { gap: .1rem; }
.st-key-card > div, .st-key-card [data-testid="stVerticalBlock"] { gap: .45rem; }
[class*="st-key-card_"] [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; }
[class*="st-key-card_"] [data-testid="stColumn"] { min-width: 0; }
[class*="st-key-card_"] [data-testid="stColumn"]:last-child { flex: 0 0 auto; width: auto; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.9rem .8rem 2rem; }
  .st-key-figures, div:has(> .st-key-figures) { order: 3; }
  .st-key-controls, div:has(> .st-key-controls) { order: 1; }
  .st-key-map_and_panel, div:has(> .st-key-map_and_panel) { order: 2; }
  .st-key-below, div:has(> .st-key-below) { order: 4; }
  .st-key-controls [data-testid="stHorizontalBlock"] { gap: .4rem .6rem; }
  .st-key-controls [data-testid="stColumn"] { min-width: calc(50% - 1rem); flex: 1 1 calc(50% - 1rem); }
  .stButton button, .stDownloadButton button, [data-testid="stPopover"] button { min-height: 44px; }
  .st-key-figures [data-testid="stColumn"] { min-width: calc(50% - 1rem); flex: 1 1 calc(50% - 1rem); }
  .st-key-figures [data-testid="stMetricValue"] { font-size: 1.3rem; }
}
</style>"""


UPLOADER = """<style>
[data-testid="stFileUploaderDropzone"] button p {{ font-size: 0; }}
[data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] button p::after {{ content: "{choose}"; font-size: .875rem; }}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: "{drop}"; font-size: .875rem; }}
</style>"""


def apply_style() -> None:
    """Put the style on the page, and our words where Streamlit knows only its own language."""
    most_mb = number(settings().max_upload_mb)
    st.html(CSS)
    st.html(UPLOADER.format(choose=_("Choose a file"), drop=_("or drop it here, up to {limit} MB", limit=most_mb)))
