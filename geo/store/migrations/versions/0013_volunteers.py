"""which import a care need came from, so that it can be taken back; hours are confirmed by somebody else."""

import sqlalchemy as sa
from alembic import op

from geo.store import row_security as rows

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
TAKE_BACK = f"""CREATE FUNCTION personal.take_back_import(run bigint) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE gone record; needs integer := 0;
BEGIN
    IF NOT app_runs_city() THEN PERFORM personal.refuse(); END IF;
    FOR gone IN SELECT n.community_id, count(*) AS needs, array_agg(n.helped_person_id) AS persons
        FROM care_need n WHERE n.import_id = run GROUP BY 1 ORDER BY 1
    LOOP
        DELETE FROM care_need n WHERE n.import_id = run AND n.community_id = gone.community_id;
        DELETE FROM personal.helped_person p WHERE p.id = ANY (gone.persons)
            AND NOT EXISTS (SELECT FROM care_need n WHERE n.helped_person_id = p.id);
        PERFORM personal.write_log('take_back_needs', NULL, gone.community_id, NULL,
                                   jsonb_build_object('needs', gone.needs, 'import', run));
        needs := needs + gone.needs;
    END LOOP;
    RETURN needs;
END $$"""


def upgrade() -> None:
    op.add_column("care_need", sa.Column("import_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_care_need_import_id"), "care_need", ["import_id"])
    op.create_check_constraint(op.f("ck_hours_given_confirmed_by_another"), "hours_given", "confirmed_by <> recorded_by")
    op.execute(TAKE_BACK)
    op.execute("REVOKE ALL ON FUNCTION personal.take_back_import(bigint) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION personal.take_back_import(bigint) TO {rows.APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP FUNCTION personal.take_back_import(bigint)")
    op.drop_constraint(op.f("ck_hours_given_confirmed_by_another"), "hours_given")
    op.drop_index(op.f("ix_care_need_import_id"), table_name="care_need")
    op.drop_column("care_need", "import_id")
