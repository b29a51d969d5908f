"""Compiles what a scan has compiled, so that nobody waits for it in the middle of a question."""

import numpy as np

from geo.hotspots.scan import ScanOptions, scan


def warm() -> None:
    """Call every compiled function of a scan once on a tiny town; the machine keeps what it compiled."""
    cases = np.array([[2, 3], [0, 1]])
    places = np.array([[0.0, 0.0], [1.0, 0.0]])
    for scale in (1, 10_000):
        scan(cases * scale, np.ones((2, 2)), places, ScanOptions(max_duration=1, replicates=1))
