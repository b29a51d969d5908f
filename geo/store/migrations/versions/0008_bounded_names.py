"""names and codes of bounded length that say something."""

from alembic import op
from sqlalchemy import text

from geo.errors import Conflict
from geo.i18n import N_
from geo.store.row_security import APP_ROLE

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FORBIDDEN = (r"\u0001-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069")
UNSEEN = (r"\u0020\u00A0\u00AD\u034F\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180E\u2000-\u200D\u202F\u205F-\u2064"
          r"\u206A-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB\U000E0000-\U000E0FFF")
SHOWN = 5

# Column: the most characters it holds (None: any number, in several lines).
WERE_NOT_BLANK = {
    "app_user": {"name": 200, "shown_name": 200, "email": 254},
    "area": {"code": 100, "name": 200},
    "audit_entry": {"actor": None, "action": None},
    "building": {"code": 100, "number": 100},
    "candidate_site": {"code": 100, "name": 200},
    "city": {"name": 200},
    "compound": {"code": 100, "name": 200},
    "household": {"code": 100, "room": 100},
    "import_run": {"kind": None, "file_name": 200},
    "job": {"kind": None},
    "organisation": {"code": 100, "name": 200},
    "parameter": {"name": 200},
    "person": {"name": 200, "phone": 50},
    "station": {"code": 100, "name": 200},
    "unit": {"code": 100, "number": 100},
}
WERE_ANYTHING = {
    "building": {"name": 200, "address": 300},
    "candidate_site": {"owner": 200},
    "compound": {"address": 300},
    "gate": {"code": 100, "name": 200},
    "ground": {"code": 100, "name": 200},
    "station": {"opening_hours": 300},
    "walk_edge": {"code": 100, "name": 200, "barrier": 100},
}
KEY = {"app_user": "name", "parameter": "name"}
SEARCHED = ("address", "name")
SEARCH = """CREATE FUNCTION app_buildings_called(words text, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    DECLARE is_like text := CASE WHEN words ~ '[A-Za-z]' THEN 'ILIKE' ELSE 'LIKE' END;
    BEGIN
        IF NOT app_actor_known() THEN RETURN; END IF;
        RETURN QUERY EXECUTE format('SELECT b.id FROM building b WHERE (b.address %1$s $1 OR b.name %1$s $1)'
            ' AND b.closed_on IS NULL AND ($2 OR b.community_id = ANY ($3)) LIMIT $4', is_like)
            USING words, app_city_wide(), ARRAY(SELECT m.community_id FROM membership m), most;
    END $$"""


def _condition(column: str, most: int | None) -> str:
    if most is None:
        return f"{column} ~ '[^{FORBIDDEN}{UNSEEN}]'"
    kept = f"[^{FORBIDDEN}]*"
    return f"char_length({column}) <= {most} AND {column} ~ '^{kept}[^{FORBIDDEN}{UNSEEN}]{kept}$'"


def _columns():
    for were in (WERE_NOT_BLANK, WERE_ANYTHING):
        for table, columns in were.items():
            for column, most in columns.items():
                yield table, column, most


def upgrade() -> None:
    for table, column, most in _columns():
        _refuse_bad_rows(table, column, most)
    for table, columns in WERE_NOT_BLANK.items():
        for column in columns:
            op.drop_constraint(op.f(f"ck_{table}_{column}_not_blank"), table)
    for table, column, most in _columns():
        op.create_check_constraint(op.f(f"ck_{table}_{column}_not_blank"), table, _condition(column, most))
    _make_search()


def _make_search() -> None:
    """ILIKE is not leak-proof, so under row security no index serves it: a function searches, then filters."""
    for column in SEARCHED:
        op.create_index(
            f"ix_building_{column}_words", "building", [column], postgresql_using="gin",
            postgresql_ops={column: "gin_trgm_ops"}, postgresql_where=text(f"{column} IS NOT NULL"),
        )
    op.execute(SEARCH)
    op.execute("REVOKE ALL ON FUNCTION app_buildings_called(text, integer) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app_buildings_called(text, integer) TO {APP_ROLE}")


def _refuse_bad_rows(table: str, column: str, most: int | None) -> None:
    key = KEY.get(table, "id")
    rows = op.get_bind().execute(
        text(f"SELECT {key}::text FROM {table} WHERE NOT ({_condition(column, most)}) ORDER BY {key} LIMIT {SHOWN + 1}")
    ).scalars().all()
    if not rows:
        return
    values = {"table": table, "column": column, "key": key, "rows": ", ".join(rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")}
    if most is None:
        raise Conflict(
            N_(
                "Table {table}, {key} {rows}: {column} holds nothing that can be seen. The update of the tables needs it "
                "corrected first; nothing was changed. Correct it, then run `yizhan db migrate` again."
            ),
            **values,
        )
    raise Conflict(
        N_(
            "Table {table}, {key} {rows}: {column} holds nothing that can be seen, more than {most} characters, or "
            "hidden control signs. The update of the tables needs it corrected first; nothing was changed. Correct it, "
            "then run `yizhan db migrate` again."
        ),
        most=most,
        **values,
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION app_buildings_called(text, integer)")
    for column in SEARCHED:
        op.drop_index(f"ix_building_{column}_words", "building")
    for table, column, _most in _columns():
        op.drop_constraint(op.f(f"ck_{table}_{column}_not_blank"), table)
    for table, columns in WERE_NOT_BLANK.items():
        for column in columns:
            op.create_check_constraint(op.f(f"ck_{table}_{column}_not_blank"), table, f"btrim({column}) <> ''")
