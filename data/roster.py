"""Posts, persons and terms as they are filled room by room, with keys that go on from one room to the next."""

from dataclasses import dataclass

import numpy as np

from data import names
from data.frames import Frame, masked, texts

END_REASONS = ("任期届满", "搬离小区", "个人辞任", "身体原因", "工作调动")
TERM_DAYS = 1096
NO_DAY = np.datetime64("NaT", "D")
PLACES = ("station_id", "building_id", "unit_id", "grid_id", "organisation_id")


@dataclass
class Keys:
    """The last key given so far in each of the three tables."""

    post: int = 0
    person: int = 0
    holding: int = 0


@dataclass(frozen=True)
class Terms:
    """Terms of a post each: ``post`` and ``person`` are places in the room's own lists, days are datetime64[D]."""

    post: np.ndarray
    person: np.ndarray
    from_on: np.ndarray
    to_on: np.ndarray
    ended: np.ndarray

    @staticmethod
    def together(parts: list["Terms"]) -> "Terms":
        """Return all terms as one."""
        return Terms(*(np.concatenate([getattr(p, name) for p in parts]) for name in Terms.__dataclass_fields__))


@dataclass(frozen=True)
class Posts:
    """Posts of one room: kind, community (area id) and the one place each belongs to."""

    kind: np.ndarray
    community: np.ndarray
    place: str
    place_id: np.ndarray
    single_seat: bool = True

    def frame(self, first: int) -> Frame:
        """Return the rows of the table of posts."""
        ids = np.arange(first, first + len(self.kind))
        return Frame("post", {"id": ids, "kind": self.kind, "community_id": self.community, self.place: self.place_id})


def current_terms(
    rng: np.random.Generator, post: np.ndarray, person: np.ndarray, today: np.datetime64, ending: np.ndarray
) -> Terms:
    """Return terms that run today: those of ``ending`` posts end within 60 days, the others later or open-ended."""
    size = len(post)
    started = today - rng.integers(20, 1000, size)
    to_on = np.where(rng.random(size) < 0.35, NO_DAY, started + TERM_DAYS)
    soon = today + rng.integers(1, 60, size)
    from_on = np.where(ending, soon - TERM_DAYS, started)
    return Terms(post, person, from_on, np.where(ending, soon, to_on), np.zeros(size, dtype=bool))


def ended_terms(rng: np.random.Generator, post: np.ndarray, person: np.ndarray, until: np.ndarray) -> Terms:
    """Return terms that ended on given days."""
    from_on = until - rng.integers(200, TERM_DAYS, len(post))
    return Terms(post, person, from_on, until, np.ones(len(post), dtype=bool))


def frames(
    rng: np.random.Generator, keys: Keys, posts: Posts, terms: Terms, persons: int, known: np.ndarray | None = None
) -> list[Frame]:
    """Return the rows of persons, posts and holdings of one room and move the keys on.

    Persons belong to the community they serve. ``known`` names for each term a person who is there already, or 0.
    """
    order = np.lexsort((terms.from_on, terms.post))
    terms = Terms(*(getattr(terms, name)[order] for name in Terms.__dataclass_fields__))
    known = np.zeros(len(order), dtype=np.int64) if known is None else known[order]
    new = known == 0
    home = np.zeros(persons, dtype=np.int64)
    home[terms.person[new]] = posts.community[terms.post[new]]
    name, pinyin = names.persons(rng, persons)
    phone = np.where(rng.random(persons) < 0.06, b"", names.phones(rng, persons))
    person_ids = np.arange(1, persons + 1) + keys.person
    size = len(terms.post)
    reason = np.where(terms.ended, texts(END_REASONS)[_reasons(rng, size)], b"")
    holdings = {
        "id": np.arange(1, size + 1) + keys.holding,
        "post_id": terms.post + keys.post + 1,
        "person_id": np.where(new, terms.person + keys.person + 1, known),
        "community_id": posts.community[terms.post],
        "from_on": terms.from_on,
        "to_on": masked(terms.to_on, np.isnat(terms.to_on)),
        "how": texts(("elected", "appointed"))[(rng.random(size) < 0.28).astype(int)],
        "single_seat": np.full(size, posts.single_seat),
        "end_reason": reason,
    }
    person = {"id": person_ids, "name": name, "pinyin": pinyin, "phone": phone, "community_id": home}
    result = [Frame("person", person), posts.frame(keys.post + 1), Frame("holding", holdings)]
    keys.post += len(posts.kind)
    keys.person += persons
    keys.holding += size
    return result


def _reasons(rng: np.random.Generator, size: int) -> np.ndarray:
    return np.searchsorted([0.55, 0.75, 0.87, 0.95], rng.random(size))
