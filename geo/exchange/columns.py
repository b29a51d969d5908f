"""Which column of a file is which field of a kind: guessed from names, overruled by the user."""

from collections.abc import Iterable, Mapping

from geo.errors import BadInput
from geo.exchange.fields import Kind
from geo.exchange.located import POSITION_COLUMNS
from geo.exchange.spellings import plain
from geo.i18n import N_


def guess_mapping(kind: Kind, columns: Iterable[str]) -> dict[str, str]:
    """Return field -> column for every field whose name or synonym is a column; a column serves one field only.

    >>> from geo.exchange.kinds import KINDS
    >>> guess_mapping(KINDS["buildings"], ["Id", "Floor", "height", "x", "y"])
    {'code': 'Id', 'floors': 'Floor', 'height_m': 'height'}
    """
    listed = list(columns)
    by_plain = {plain(name): name for name in reversed(listed)}
    taken: set[str] = set()
    mapping: dict[str, str] = {}
    for item in kind.fields:
        for word in (item.name, *item.synonyms):
            column = by_plain.get(plain(word))
            if column is not None and column not in taken:
                mapping[item.name] = column
                taken.add(column)
                break
    return mapping


def doubled(columns: Iterable[str], used: Iterable[str]) -> list[tuple[str, str]]:
    """Return each used column with another of the same name (but for case and punctuation) that is not used.

    >>> doubled(["floors", "code", "Floors", "code (4)"], ["floors", "code"])
    [('floors', 'Floors'), ('code', 'code (4)')]
    """
    chosen = set(used)
    found: dict[str, str] = {}
    pairs = []
    for place, column in enumerate(columns, start=1):
        first = found.setdefault(plain(column.removesuffix(f" ({place})")), column)
        if first in chosen and column not in chosen:
            pairs.append((first, column))
    return pairs


def checked_mapping(kind: Kind, columns: Iterable[str], asked: Mapping[str, str] | None, name: str) -> dict[str, str]:
    """Return the guess with the user's choices put over it (an empty column means: not used).

    `asked` may also name lon, lat, lonlat and wkt. Raises BadInput for a field or column that does not exist.
    """
    listed = list(columns)
    mapping = guess_mapping(kind, listed)
    for field_name, column in (asked or {}).items():
        if field_name not in kind.field_names and field_name not in POSITION_COLUMNS:
            raise BadInput(
                N_("{kind} have no field {field}. Choose one of: {choices}."),
                kind=kind.name,
                field=field_name,
                choices=", ".join((*kind.field_names, *POSITION_COLUMNS)),
            )
        if column and not column.startswith("=") and column not in listed:
            raise BadInput(
                N_("{file} has no column {column} for the field {field}. Its columns are: {choices}."),
                file=name,
                column=column,
                field=field_name,
                choices=", ".join(listed),
            )
        mapping = {key: value for key, value in mapping.items() if key != field_name and value != column}
        if column:
            mapping[field_name] = column
    return mapping


def fit(kind: Kind, columns: Iterable[str], layer_name: str, *, has_geometry: bool) -> int:
    """Return how well a layer fits a kind: a point per recognised column, more for its name and its geometry."""
    score = len(guess_mapping(kind, columns))
    score += 3 * any(plain(word) in plain(layer_name) for word in kind.layer_words)
    return score + 2 * (has_geometry and kind.geometry != "none")
