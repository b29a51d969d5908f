"""Call-backs that stand in a row of a request: reached or not, solved, satisfied; half an answer is none."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.exchange.draft import Draft
from geo.exchange.request_words import REACHED_WORDS, SATISFIED_WORDS, YES_NO_WORDS
from geo.exchange.spellings import plain

Codes = npt.NDArray[np.object_]


def answers(draft: Draft) -> None:
    """Read the answers of each row; the frame gets called_at, reached, responded, solved and satisfied.

    Who was asked whether it is solved was answered before, unless the row says otherwise. reached is NA in rows
    without a call-back.
    """
    reached = _codes(draft, "reached", REACHED_WORDS)
    solved = _codes(draft, "solved", YES_NO_WORDS)
    satisfied = _codes(draft, "satisfied", SATISFIED_WORDS)
    responded = _codes(draft, "responded", YES_NO_WORDS)
    whole = _there(solved) & _there(satisfied) & (reached != "no")
    part = ~whole & (_there(solved) | _there(satisfied) | (reached == "yes")) & (reached != "no")
    draft.note(part, "call_back_incomplete", field="reached")
    missed = reached == "no"
    draft.frame["reached"] = pd.Series(whole, dtype="boolean").mask(~whole & ~missed, pd.NA)
    for name, codes in (("responded", responded), ("solved", solved)):
        draft.frame[name] = pd.Series(codes != "no", dtype="boolean").mask(~whole, pd.NA)
    draft.frame["satisfied"] = pd.Series(satisfied, dtype="string").mask(~whole, pd.NA)
    last = draft.frame["called_at"]
    for name in ("closed_at", "resolved_at", "received_at"):
        last = last.fillna(draft.frame[name])
    draft.frame["called_at"] = last.where(whole | missed)


def _codes(draft: Draft, field: str, known: dict[str, str]) -> Codes:
    said = draft.text(field)
    meaning = {word: known.get(plain(word)) for word in set(said) if word is not None}
    return np.array([meaning.get(word) for word in said], dtype=object)


def _there(codes: Codes) -> npt.NDArray[np.bool_]:
    return np.array([code is not None for code in codes], dtype=bool)
