"""What a plan does besides the figures of households, in lines of words: other weights, rules, money."""

from collections.abc import Callable
from typing import Any

from geo.i18n import _, labelled, number
from geo.siting.wanted import SOURCES, WEIGHTS


def told_amount(amount: float | None) -> str:
    """Write how much of a weight is within the limit, without telling of few people."""
    return _("fewer than 5") if amount is None else number(amount)


def weight_lines(figures: dict[str, Any]) -> list[str]:
    """Return what a plan does for everything but households that doors were weighed by."""
    return [
        labelled(
            _(WEIGHTS[name].counted),
            _("{after} with the plan, {before} today, of {total}",
              after=told_amount(one["after"]), before=told_amount(one["before"]), total=told_amount(one["total"])),
        )
        for name, one in figures.get("weights", {}).items()
        if name != "households" and name in WEIGHTS
    ]  # fmt: skip


def rule_lines(figures: dict[str, Any], yuan: Callable[[int | None], str]) -> list[str]:
    """Return what rules and money came to."""
    lines = []
    if figures.get("no_room"):
        lines.append(_("{count} households are near a station that has no room for them.",
                       count=number(figures["no_room"])))  # fmt: skip
    if figures.get("too_close"):
        lines.append(_("{count} candidate sites are too near to an open station and were left out.",
                       count=number(figures["too_close"])))  # fmt: skip
    if figures.get("without_site"):
        lines.append(_("{count} communities have neither an open station nor a candidate site.",
                       count=number(figures["without_site"])))  # fmt: skip
    limited = [one for one in figures.get("pots", []) if one["limit_fen"] or one["source"] != "community"]
    for one in limited:
        spent = labelled(_(SOURCES[one["source"]]), yuan(one["spent_fen"]))
        lines.append(_("{spent} of {limit}", spent=spent, limit=yuan(one["limit_fen"])) if one["limit_fen"] else spent)
    return lines
