"""The language of a session: chosen in the address, else what the browser asks for."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.errors import StreamlitAPIException

from geo.i18n import _, current_language, preferred_language, use_language
from pages.parts.failures import telling

P = ParamSpec("P")


def speak() -> None:
    """Use the language of the session in this run of the script."""
    asked = st.query_params.get("lang") or st.session_state.get("language")
    use_language(asked or preferred_language(st.context.headers.get("Accept-Language") or ""))
    st.session_state["language"] = current_language()


def choose_language(languages: Mapping[str, str]) -> None:
    """Show the switch between the languages; the choice goes into the address."""
    codes = list(languages)
    now = current_language()
    chosen = st.segmented_control(
        _("Language"), codes, default=now, format_func=lambda code: languages[code], label_visibility="collapsed"
    )
    if chosen and chosen != now:
        st.query_params["lang"] = chosen
        st.session_state["language"] = chosen
        st.rerun()


def fragment(part: Callable[P, object]) -> Callable[P, None]:
    """Make a part of a page that reruns alone, in the language of the session; errors are told in its place."""

    @st.fragment
    @wraps(part)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        speak()
        with telling():
            part(*args, **kwargs)

    return run


def rerun_part() -> None:
    """Run the fragment again; the whole page where it is not a fragment that runs."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
