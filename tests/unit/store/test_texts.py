import unicodedata

import pytest

from geo.store.texts import HIDDEN, has_hidden, is_blank, shown, without_hidden

BLANKS = ["", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\u200b\u3000 \u00ad", "\u2800", "\u3164", "\U000e0020"]
HIDDEN_SIGNS = ["\x00", "\x01", "\t", "\n", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\u200f", "\u061c"]


@pytest.mark.parametrize("text", BLANKS, ids=ascii)
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}金")


@pytest.mark.parametrize("sign", HIDDEN_SIGNS, ids=ascii)
def test_controls_and_turned_writing_are_hidden_signs(sign: str) -> None:
    assert has_hidden(f"3{sign}号楼")
    assert without_hidden(f"{sign}3号楼").strip() == "3号楼"
    assert not HIDDEN.search(shown(f"3{sign}号楼"))


def test_every_control_of_the_first_plane_is_hidden() -> None:
    controls = [chr(number) for number in range(0xD800) if unicodedata.category(chr(number)) == "Cc"]
    turning = [chr(n) for n in range(0xD800) if unicodedata.bidirectional(chr(n)) in
               {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}]  # fmt: skip
    assert all(has_hidden(sign) for sign in controls + turning)


NAMES = ["金桂花园", "Mill Court 3", "A座", "№ 5", "3-1-502", "𠮷野家", "ñandú", "1️⃣号", "👩\u200d🌾园"]


@pytest.mark.parametrize("text", NAMES)
def test_names_people_use_are_neither(text: str) -> None:
    assert not is_blank(text)
    assert not has_hidden(text)
