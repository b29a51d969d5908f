"""Words for imports: statuses, outcomes, counts, what the evidence says about the datum."""

import re
from collections.abc import Mapping
from typing import Any

from geo.exchange.messages import MESSAGES
from geo.i18n import N_, _, labelled, listed, number

STATUS_WORDS = {
    "prepared": N_("waits for a decision"),
    "accepted": N_("accepted"),
    "dropped": N_("dropped"),
    "undone": N_("undone"),
}
OUTCOME_WORDS = {"accepted": N_("accepted"), "repaired": N_("repaired"), "refused": N_("refused")}
COUNT_WORDS = {
    "read": N_("Rows read"),
    "accepted": N_("Accepted"),
    "repaired": N_("Repaired"),
    "refused": N_("Refused"),
    "new": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Unchanged"),
}
PLACEHOLDER = re.compile(r"\{\w+\}")
VERDICT_WORDS = {
    "unchecked": N_("The map holds nothing to check the datum against: look at the preview."),
    "fits": N_("The datum fits what is on the map."),
    "doubtful": N_("The datum is doubtful: another one fits the map better."),
    "contradicted": N_("The map contradicts the datum; it was kept as asked."),
}

BORDER_WORDS = {
    "holds": N_("As {datum}: the outlines hold {whole} places of the map and cut through {cut}"),
    "held": N_("As {datum}: {whole} of the rows lie inside an outline of the map and {cut} across one"),
    "streets": N_("As {datum}: main roads lead past the outlines at {whole} points and through them at {cut}"),
}


def run_summary(counts: Mapping[str, Any]) -> str:
    """Return the counts of an import in one line.

    >>> run_summary({"read": 12, "refused": 2, "new": 10})
    'Rows read: 12, Refused: 2, New: 10'
    """
    return listed(labelled(_(word), number(counts[name])) for name, word in COUNT_WORDS.items() if name in counts)


def evidence_lines(evidence: Mapping[str, Any]) -> list[str]:
    """Return what the evidence says about the datum: the verdict, then the figure under each datum.

    >>> evidence_lines({"verdict": "fits", "hypotheses": {"wgs84": {"median_m": 3.2, "rows": 40}}})
    ['The datum fits what is on the map.', 'As wgs84: 3.2 m from the map (median of 40 rows)']
    >>> evidence_lines({"basis": "holds", "hypotheses": {"gcj02": {"whole": 303, "cut": 0, "rows": 303}}})
    ['As gcj02: the outlines hold 303 places of the map and cut through 0']
    """
    lines = [_(VERDICT_WORDS[evidence["verdict"]])] if evidence.get("verdict") in VERDICT_WORDS else []
    wording = BORDER_WORDS.get(evidence.get("basis", ""), "")
    for datum, figures in (evidence.get("hypotheses") or {}).items():
        if "median_m" in figures:
            median, rows = number(figures["median_m"], 1), number(figures["rows"])
            lines.append(
                _("As {datum}: {median} m from the map (median of {rows} rows)", datum=datum, median=median, rows=rows)
            )
        elif "on_road_share" in figures:
            share = number(100 * figures["on_road_share"], 1)
            lines.append(_("As {datum}: {share} % of the outlines lie on a road", datum=datum, share=share))
        elif wording:
            whole, cut = number(figures["whole"]), number(figures["cut"])
            lines.append(_(wording, datum=datum, whole=whole, cut=cut))
    return lines


def finding_title(code: str) -> str:
    """Return what a finding says, with its values left out, for a list of choices.

    >>> finding_title("sliver")
    'The outline covers only … m²: draw the whole outline.'
    """
    return PLACEHOLDER.sub("…", _(MESSAGES[code][1]))
