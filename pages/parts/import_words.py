"""What unknown words of a column of categories mean: word, rows, category, chosen before the file is read."""

import streamlit as st

from geo.errors import YizhanError
from geo.exchange.around import known_categories
from geo.exchange.category_words import Words, unknown_words, words_of_column
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.requests.request_reads import categories
from pages.parts.session import looking

MOST = 30
WIDTHS = [4, 1, 4]


def ask_categories(path: str, file_name: str, layer: str, column: str) -> dict[str, str]:
    """Ask what the unknown words of a column mean; return "category:word" with the code that was chosen."""
    try:
        words = _words(path, file_name, layer, column)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return {}
    with looking() as connection:
        unknown = unknown_words(words, known_categories(connection))
        labels = {one.code: one.label for one in categories(connection)}
    if not unknown:
        return {}
    chosen: dict[str, str] = {}
    with st.expander(_("Categories that are not known here: {count}", count=number(len(unknown))), expanded=True):
        st.caption(_("Say what they mean here. Those without a choice are put under Other, with a finding."))
        heads = st.columns(WIDTHS)
        for place, title in zip(heads, (_("Word in the file"), _("Rows"), _("Category")), strict=True):
            place.caption(title)
        for at, (word, count) in enumerate(unknown[:MOST]):
            said, rows, means = st.columns(WIDTHS, vertical_alignment="center")
            said.text(word)
            rows.text(number(count))
            code = means.selectbox(
                word, [None, *labels], key=f"import_means_{layer}_{column}_{at}", label_visibility="collapsed",
                placeholder=_("Other"),
                format_func=lambda one: labels[one] if one else _("Other"),
            )  # fmt: skip
            if code:
                chosen[f"category:{word}"] = code
        if len(unknown) > MOST:
            st.caption(_("The {count} most frequent words are shown.", count=number(MOST)))
    return chosen


def _words(path: str, file_name: str, layer: str, column: str) -> Words:
    """Return the words of a column; the file is read once."""
    wanted = (path, layer, column)
    kept = st.session_state.get("import_words")
    if kept is None or kept[0] != wanted:
        with st.spinner(_("Looking into the file …")):
            kept = (wanted, words_of_column(path, layer, column, file_name=file_name))
        st.session_state["import_words"] = kept
    found: Words = kept[1]
    return found
