"""What people read about jobs."""

from collections.abc import Mapping
from typing import Any

from geo.i18n import N_, _, number

STATUS_WORDS = {
    "waiting": N_("waiting"),
    "running": N_("running"),
    "done": N_("done"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
    "lost": N_("lost"),
}
STATUS_ICONS = {
    "waiting": ":material/schedule:",
    "running": ":material/sync:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
    "cancelled": ":material/cancel:",
    "lost": ":material/help:",
}


def outcome(result: Mapping[str, Any]) -> str:
    """Return what a job's result comes to, in the current language; empty where there is nothing to count.

    >>> outcome({"counts": {"read": 9, "new": 7, "changed": 1, "refused": 1}})
    '7 new, 1 changed, 1 refused'
    >>> outcome({"rows": {"buildings": 1200, "units": 34}}), outcome({})
    ('1,234 records written', '')
    """
    counts = result.get("counts")
    if counts and "new" in counts:
        changed, refused = number(counts.get("changed", 0)), number(counts.get("refused", 0))
        return _(
            "{new} new, {changed} changed, {refused} refused",
            new=number(counts["new"]),
            changed=changed,
            refused=refused,
        )
    if counts:
        refused = number(counts.get("refused", 0))
        return _("{read} rows read, {refused} refused", read=number(counts.get("read", 0)), refused=refused)
    if "rows" in result:
        return _("{count} records written", count=number(sum(result["rows"].values())))
    if "removed" in result:
        removed, restored = number(result["removed"]), number(result.get("restored", 0))
        return _("{removed} removed, {restored} as they were before", removed=removed, restored=restored)
    if "published" in result:
        return _("{count} groups of places", count=number(sum(result["published"].values())))
    if "building" in result:
        return _("{count} buildings", count=number(result["building"]))
    return ""
