import re
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.findings import Findings, finding_text
from geo.exchange.messages import MESSAGES
from geo.exchange.tables import OUTCOMES
from geo.settings import ROOT


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_has_an_outcome_and_reads_as_a_sentence(code: str) -> None:
    outcome, message = MESSAGES[code]
    assert outcome in OUTCOMES
    assert message.endswith(".")
    assert all(name.isidentifier() for _text, name, _spec, _conversion in string.Formatter().parse(message) if name)


def test_every_finding_that_is_noted_has_its_message_and_no_message_is_idle() -> None:
    others = {"messages.py", "calendars.py"}
    sources = [path for path in (ROOT / "geo" / "exchange").glob("*.py") if path.name not in others]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    noted = set(re.findall(r"(?:add|note|take_out|_noted)\(\s*(?:[^\"()]*,\s*)?\"([a-z_0-9]+)\"", text))
    assert noted <= set(MESSAGES)
    assert all(f'"{code}"' in text for code in MESSAGES)


CODES = st.sampled_from(["sliver", "z_dropped", "code_not_key"])


@given(
    st.lists(st.tuples(CODES, st.lists(st.integers(1, 30), min_size=1, unique=True)), max_size=8), st.integers(0, 30)
)
def test_every_row_ends_in_exactly_one_outcome(batches: list[tuple[str, list[int]]], read: int) -> None:
    findings = Findings()
    for code, rows in batches:
        findings.add(code, rows)
    counts = findings.counts(np.arange(1, read + 1))
    assert counts["accepted"] + counts["repaired"] + counts["refused"] == counts["read"] == read


def test_findings_survive_being_stored() -> None:
    findings = Findings()
    findings.add("sliver", [4, 2], field="geom", area_m2=np.array([0.1, 0.2]))
    findings.add("not_a_number", [3], field="floors", value=np.array(["多层"], dtype=object))
    findings.note("datum_unchecked", datum="gcj02")
    again = Findings.load(findings.dump())
    assert [finding.text() for finding in again] == [finding.text() for finding in findings]
    assert again.frame().equals(findings.frame())


def test_a_frame_of_findings_is_in_row_order_and_bounded() -> None:
    findings = Findings()
    findings.add("sliver", np.arange(1000, 0, -1), area_m2=np.arange(1000, 0, -1) / 1000)
    frame = findings.frame(3)
    assert frame["row"].tolist() == [1, 2, 3]
    assert frame["detail"].tolist()[0] == {"area_m2": 0.001}


def test_geometry_words_are_said_as_people_say_them() -> None:
    findings = Findings()
    findings.add("ring_repaired", [1], field="geom", reason="Self-intersection", area_m2=1234.0)
    assert (
        next(iter(findings)).text() == "The outline was invalid (its sides cross); it was repaired and covers 1,234 m²."
    )


def test_nothing_found_is_an_empty_frame() -> None:
    assert Findings().frame().empty
    assert Findings().counts(np.array([1, 2])) == {"read": 2, "accepted": 2, "repaired": 0, "refused": 0}


def test_what_could_not_be_checked_and_who_is_not_named_claim_nothing_about_the_map() -> None:
    assert finding_text("datum_unchecked", None, {"datum": "gcj02"}).startswith("The map holds nothing to check")
    assert finding_text("post_vacant", "name", {}).endswith("the post stays as it is, held or vacant.")
