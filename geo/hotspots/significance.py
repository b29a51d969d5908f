"""What is significant when many places are tested at once: false discovery rate, and the classes of the map."""

import numpy as np
from numpy.typing import NDArray

from geo.hotspots.cells import Floats
from geo.i18n import N_

Classes = NDArray[np.int8]

LEVELS = (0.10, 0.05, 0.01)
"""The share of false ones among the marked that 90, 95 and 99 % stand for."""
CLASSES = {3: "hot_99", 2: "hot_95", 1: "hot_90", 0: "none", -1: "cold_90", -2: "cold_95", -3: "cold_99"}
LABELS = {
    "hot_99": N_("Hot spot, 99 %"),
    "hot_95": N_("Hot spot, 95 %"),
    "hot_90": N_("Hot spot, 90 %"),
    "none": N_("Neither hot nor cold"),
    "cold_90": N_("Cold spot, 90 %"),
    "cold_95": N_("Cold spot, 95 %"),
    "cold_99": N_("Cold spot, 99 %"),
}


def false_discovery(p: Floats) -> Floats:
    """Return q (n,) of p (n,): the smallest false discovery rate at which each test would be marked.

    Benjamini & Hochberg (1995), step-up; it holds under the positive dependence of overlapping neighbourhoods, too
    (Benjamini & Yekutieli 2001). The same as scipy.stats.false_discovery_control.

    >>> false_discovery(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    n = len(p)
    order = np.argsort(p)
    risen = p[order] * n / np.arange(1, n + 1)
    q = np.empty(n)
    q[order] = np.minimum(np.minimum.accumulate(risen[::-1])[::-1], 1.0)
    return q


def classes(z: Floats, q: Floats) -> Classes:
    """Return the class of each place, (n,) int8: 3, 2, 1 hot at 99, 95, 90 %, -3, -2, -1 cold, 0 neither.

    >>> classes(np.array([4.0, -2.5, 1.0]), np.array([0.004, 0.07, 0.6])).tolist()
    [3, -1, 0]
    """
    strong = sum((q <= level).astype(np.int8) for level in LEVELS)
    return (np.sign(z) * strong).astype(np.int8)
