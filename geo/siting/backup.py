"""Two stations in reach: plans by exchange of stations, a bound of its own by values of pairs, and HiGHS for the rest.

The bound: give every site a value for every demand it reaches. A demand that has two stations in reach is worth no more
than what it is worth above its two least values, and those two, which its stations bring. So for any values all that is
worth above is never less than the weight of any plan, with the stations of most value.
"""

from time import monotonic

import numpy as np
from numba import njit

from geo.siting.bound import choose
from geo.siting.changes import twice_changes
from geo.siting.cover import twice, twice_covered, within
from geo.siting.limits import FREE, IN, OUT, Rows, States, activity_of, fits, propagate
from geo.siting.merging import merged
from geo.siting.neighbours import Flags, Floats, Ints, Lists
from geo.siting.question import Manner, Question

ONCE, MOVES, TRIED = 0.35, 2_000, 500
ROUND, ROUNDS, PATIENCE, PACE, DEAD_PACE, KEEP = 50, 200, 12, 0.8, 2e-2, 0.8
WORTH = 0.03
PAIRS_OF_A_MODEL = 150_000


def best_backup(question: Question, manner: Manner, began: float) -> tuple[Flags | None, float, float, bool]:
    """Find the plan with the most weight that has two stations within the limit.

    Returns a plan (None: none was found), its weight, the most any plan can have, and whether it was stopped before
    these met.
    """
    state, until = question.sites.states(), began + manner.seconds
    most = min(question.most(), int((state != OUT).sum()))
    if not propagate(question.rows(), state, most):
        return None, -np.inf, -np.inf, False
    lists = _reached_twice(question, state)
    chosen = _exchanged(question, lists, state, most)
    best = (chosen, -np.inf if chosen is None else twice_covered(question, chosen))
    upper, stopped = _bounded(question, lists, best, manner, until)
    stopped = stopped or (chosen is None and lists.site.size > PAIRS_OF_A_MODEL)
    if not (stopped or upper <= best[1] + manner.gap * upper) and lists.site.size <= PAIRS_OF_A_MODEL:
        solved = twice(question, manner, began)
        if solved.values is not None:
            other = solved.values[: state.size] > 0.5
            best = max(best, (other, twice_covered(question, other)), key=lambda one: one[1])
        upper, stopped = min(upper, _whole(lists, solved.bound)), solved.stopped
    chosen, value = best
    return chosen, value, max(upper, value), stopped or upper - value > manner.gap * upper * (1 + 1e-9)


def _whole(lists: Lists, upper: float) -> float:
    """Return a bound, cut to a whole number where weights are whole."""
    if np.isfinite(upper) and bool((lists.weight == np.floor(lists.weight)).all()):
        return float(np.floor(upper + 1e-6))
    return upper if np.isfinite(upper) else float(lists.weight.sum())


def _reached_twice(question: Question, state: States) -> Lists:
    """Return the lists of demands, merged, that have two usable sites within the limit."""
    lists = within(question.pairs, float(question.limit or 0), question.weight(), state != OUT)
    length = np.diff(lists.start)
    keep = length >= 2
    start = np.concatenate(([0], np.cumsum(length[keep]))).astype(np.int64)
    pairs = np.repeat(keep, length)
    few = Lists(start, lists.site[pairs], lists.cost[pairs], lists.weight[keep], lists.far[keep])
    return merged(few, state.size)[0]


def _exchanged(question: Question, lists: Lists, state: States, most: int) -> Flags | None:
    """Return a plan made by opening and exchanging stations while that helps; None where it breaks a row."""
    rows, chosen = question.rows(), np.flatnonzero(state == IN)
    for once in (ONCE, 0.0):
        for _move in range(MOVES):
            seat = np.full(state.size, -1, np.int32)
            seat[chosen] = np.arange(chosen.size)
            leave, gain, overlap = twice_changes(lists, seat, chosen.size, once)
            worth = np.full((state.size, chosen.size + 1), -np.inf)
            free = (state == FREE) & (seat < 0)
            worth[free, :-1] = gain[free, None] - leave[None, :] + overlap[free]
            worth[:, :-1][:, state[chosen] == IN] = -np.inf
            worth[free, -1] = gain[free] if chosen.size < most else -np.inf
            change = _best_that_fits(rows, worth, chosen)
            if change is None:
                break
            come, go = change
            chosen = np.append(np.delete(chosen, go) if go < chosen.size else chosen, come)
    flags = np.zeros(state.size, np.bool_)
    flags[chosen] = True
    broken = bool((activity_of(rows, flags) > rows.limit + 1e-7).any())
    return None if broken else flags


def _best_that_fits(rows: Rows, worth: Floats, chosen: Ints) -> tuple[int, int] | None:
    """Return the site and the seat of the change that is worth most and keeps to the rows; None where none helps."""
    flags = np.zeros(worth.shape[0], np.bool_)
    flags[chosen] = True
    activity = activity_of(rows, flags)
    best = np.argsort(-worth, axis=None)[:TRIED] if rows.limit.size else np.array([np.argmax(worth)])
    for at in best:
        come, go = divmod(int(at), worth.shape[1])
        if worth[come, go] <= 1e-9:
            return None
        if fits(rows, activity, come, int(chosen[go]) if go < chosen.size else -1):
            return come, go
    return None


def _bounded(
    question: Question, lists: Lists, best: tuple[Flags | None, float], manner: Manner, until: float
) -> tuple[float, bool]:  # fmt: skip
    """Return a bound on every plan's weight, and whether time or somebody ended the climb."""
    state, most = question.sites.states(), question.most()
    chosen, value = best
    values, turn = np.full(lists.site.size, 0.5), np.zeros(lists.site.size)
    upper, pace = _whole(lists, float(lists.weight.sum())), PACE
    before = upper
    for _round in range(ROUNDS):
        found, pace = _lowered(lists, state, (values, turn), (most, max(value, 0.0)), pace)
        upper = min(upper, _whole(lists, found))
        told = manner.watch is not None and chosen is not None and manner.watch(chosen, value, upper)
        if told or monotonic() >= until:
            return upper, True
        if upper <= value + manner.gap * upper or (pace < DEAD_PACE and before - upper < WORTH * (upper - value)):
            break
        if pace < DEAD_PACE:
            pace, before = PACE / 2, upper
    return upper, False


@njit(cache=True)
def _lowered(
    lists: Lists, state: States, values: tuple[Floats, Floats], aim: tuple[int, float], pace: float
) -> tuple[float, float]:  # fmt: skip
    """Lower the bound by some steps from the best values, which are kept; return the best bound and the pace."""
    kept, turn = values
    now, score, chosen = kept.copy(), np.zeros(state.size), np.zeros(state.size, np.bool_)
    best, idle = np.inf, 0
    turn[:] = 0.0
    for _step in range(ROUND):
        score[:] = 0.0
        bound = 0.0
        for i in range(lists.weight.size):
            one, other = np.inf, np.inf
            for k in range(lists.start[i], lists.start[i + 1]):
                score[lists.site[k]] -= lists.weight[i] * now[k]
                one, other = min(one, now[k]), min(other, max(one, now[k]))
            bound += lists.weight[i] * max(0.0, 1.0 - one - other)
        bound -= choose(score, state, aim[0], chosen)
        idle += 1
        if bound < best:
            if bound < best - 1e-4 * (best - aim[1]) or best == np.inf:
                idle = 0
            best = bound
            kept[:] = now
        if idle >= PATIENCE:
            pace, idle = pace * 0.7, 0
            now[:] = kept
            turn[:] = 0.0
        length = _turned(lists, now, turn, chosen)
        if length <= 0:
            break
        step = pace * max(bound - aim[1], 1e-6 * bound) / length
        for k in range(now.size):
            now[k] = min(max(now[k] - step * turn[k], 0.0), 1.0)
    return best, pace


@njit(cache=True)
def _turned(lists: Lists, now: Floats, turn: Floats, chosen: Flags) -> float:
    """Turn the direction toward the present slope; return its squared length."""
    length = 0.0
    for i in range(lists.weight.size):
        first, second = -1, -1
        for k in range(lists.start[i], lists.start[i + 1]):
            if first < 0 or now[k] < now[first]:
                first, second = k, first
            elif second < 0 or now[k] < now[second]:
                second = k
        active = now[first] + now[second] < 1.0
        for k in range(lists.start[i], lists.start[i + 1]):
            slope = 1.0 if chosen[lists.site[k]] else 0.0
            if active and k in (first, second):
                slope -= 1.0
            if (slope > 0 and now[k] <= 0.0) or (slope < 0 and now[k] >= 1.0):
                slope, turn[k] = 0.0, 0.0
            turn[k] = slope + KEEP * turn[k]
            length += lists.weight[i] * turn[k] * turn[k]
    return length
