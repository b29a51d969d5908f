"""The words of a column of categories with how often they stand there, for who gives the unknown ones a meaning."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from geo.exchange.findings import Findings
from geo.exchange.kinds import KINDS
from geo.exchange.readers import opened, read_layer
from geo.exchange.request_words import CategoryWords
from geo.exchange.spellings import plain
from geo.exchange.values import typed_column

Words = tuple[tuple[str, int], ...]
FIELD = next(field for field in KINDS["requests"].fields if field.name == "category")


def words_of_column(path: Path | str, layer: str, column: str, *, file_name: str) -> Words:
    """Return the words of a column of a file with how many rows say each, the most frequent first.

    Words that only case, width and punctuation tell apart are one. Raises BadInput for a file that cannot be read.
    """
    with opened(Path(path), file_name) as layers:
        content = read_layer(next(one for one in layers if one.name == layer))
    raw = content.columns
    raw.columns = [str(name) for name in raw.columns]
    told = typed_column(raw[column].reset_index(drop=True), FIELD, column, content.rows, Findings()).dropna()
    counted = Counter(str(word) for word in told)
    first: dict[str, str] = {}
    for word, _count in counted.most_common():
        first.setdefault(plain(word), word)
    together: Counter[str] = Counter()
    for word, count in counted.items():
        together[first[plain(word)]] += count
    return tuple(together.most_common())


def unknown_words(words: Iterable[tuple[str, int]], known: CategoryWords) -> Words:
    """Return those words that are no category and no part of one.

    >>> known = CategoryWords(frozenset({"rubbish"}), {"rubbish": "rubbish"})
    >>> unknown_words([("Bulky Items", 7), ("rubbish", 3)], known)
    (('Bulky Items', 7),)
    """
    return tuple((word, count) for word, count in words if known.code_of(word) is None)
