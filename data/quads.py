"""Plane geometry on arrays of quadrilaterals (n, 4, 2), corners from the south-west, counter-clockwise."""

import numpy as np


def inset(quads: np.ndarray, by_m: np.ndarray) -> np.ndarray:
    """Move the four sides (south, east, north, west) of each quad inwards by metres (n, 4); return the new corners.

    >>> inset(np.array([[[0, 0], [10, 0], [10, 10], [0, 10.0]]]), np.array([[1, 2, 3, 4.0]])).tolist()
    [[[4.0, 1.0], [8.0, 1.0], [8.0, 7.0], [4.0, 7.0]]]
    """
    ahead = np.roll(quads, -1, axis=1) - quads
    ahead = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
    inwards = np.stack([-ahead[..., 1], ahead[..., 0]], axis=-1)
    point = quads + inwards * by_m[..., None]
    before_point, before_way = np.roll(point, 1, axis=1), np.roll(ahead, 1, axis=1)
    gap = point - before_point
    turn = before_way[..., 0] * ahead[..., 1] - before_way[..., 1] * ahead[..., 0]
    along = (gap[..., 0] * ahead[..., 1] - gap[..., 1] * ahead[..., 0]) / turn
    return before_point + before_way * along[..., None]


def at(quads: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the points at shares (n, 2) of the way east and north in each quad, bilinear.

    >>> at(np.array([[[0, 0], [4, 0], [4, 2], [0, 2.0]]]), np.array([[0.5, 0.5]])).tolist()
    [[2.0, 1.0]]
    """
    east, north = share[:, :1], share[:, 1:]
    south_side = quads[:, 0] * (1 - east) + quads[:, 1] * east
    north_side = quads[:, 3] * (1 - east) + quads[:, 2] * east
    return south_side * (1 - north) + north_side * north


def part(quads: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Return the sub-quad of each quad between shares (n, 4): east from, east to, north from, north to."""
    corners = [(0, 2), (1, 2), (1, 3), (0, 3)]
    return np.stack([at(quads, bounds[:, list(corner)]) for corner in corners], axis=1)


class Axes:
    """A frame of its own for each quad: metres east (s) and north (t) of its middle, along its own sides."""

    def __init__(self, quads: np.ndarray) -> None:
        self.middle = quads.mean(axis=1)
        way = (quads[:, 1] - quads[:, 0]) + (quads[:, 2] - quads[:, 3])
        self.east = way / np.linalg.norm(way, axis=1, keepdims=True)
        self.north = np.stack([-self.east[:, 1], self.east[:, 0]], axis=1)
        off = quads - self.middle[:, None]
        self.s = (off * self.east[:, None]).sum(axis=-1)
        self.t = (off * self.north[:, None]).sum(axis=-1)

    def west_at(self, t: np.ndarray) -> np.ndarray:
        """Return s of the west side at t, one value per quad."""
        return _crossing(self.s[:, 0], self.t[:, 0], self.s[:, 3], self.t[:, 3], t)

    def east_at(self, t: np.ndarray) -> np.ndarray:
        """Return s of the east side at t, one value per quad."""
        return _crossing(self.s[:, 1], self.t[:, 1], self.s[:, 2], self.t[:, 2], t)

    def south_at(self, s: np.ndarray) -> np.ndarray:
        """Return t of the south side at s, one value per quad."""
        return _crossing(self.t[:, 0], self.s[:, 0], self.t[:, 1], self.s[:, 1], s)

    def north_at(self, s: np.ndarray) -> np.ndarray:
        """Return t of the north side at s, one value per quad."""
        return _crossing(self.t[:, 3], self.s[:, 3], self.t[:, 2], self.s[:, 2], s)

    def ground(self, owner: np.ndarray, s: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Return the points (m, 2) at s, t in the frames of the quads named by owner."""
        return self.middle[owner] + self.east[owner] * s[..., None] + self.north[owner] * t[..., None]


def _crossing(a0: np.ndarray, b0: np.ndarray, a1: np.ndarray, b1: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a0 + (a1 - a0) * (b - b0) / (b1 - b0)
