"""The document of roles says what the table of roles says."""

from tests.house.roles_table import TARGET, document


def test_the_document_of_roles_is_written_from_the_table() -> None:
    assert TARGET.read_text(encoding="utf-8") == document(), "run: python -m tests.house.roles_table"
