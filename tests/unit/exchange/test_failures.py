"""What the database refuses is said in words, and only what is lost is called lost."""

import psycopg
import pytest

from geo.errors import Conflict, NoRoom, StoreUnavailable, YizhanError
from geo.exchange.failures import in_words


@pytest.mark.parametrize(
    ("error", "said_as"),
    [
        (psycopg.errors.ProgramLimitExceeded("index row requires 10016 bytes"), Conflict),
        (psycopg.errors.NumericValueOutOfRange("integer out of range"), Conflict),
        (psycopg.errors.ExclusionViolation("conflicting key"), Conflict),
        (psycopg.errors.DiskFull("no space left"), NoRoom),
        (psycopg.OperationalError("server closed the connection"), StoreUnavailable),
    ],
    ids=lambda case: type(case).__name__ if isinstance(case, Exception) else "",
)
def test_what_the_database_refuses_is_said_with_the_file_and_the_reason(
    error: psycopg.Error, said_as: type[YizhanError]
) -> None:
    with pytest.raises(said_as, match=r"^roster\.xlsx: .*Nothing was saved"), in_words("roster.xlsx"):
        raise error


def test_a_mistake_of_our_own_is_not_dressed_up() -> None:
    with pytest.raises(KeyError), in_words("roster.xlsx"):
        raise KeyError("field")
