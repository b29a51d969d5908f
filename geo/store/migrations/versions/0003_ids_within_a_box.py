"""ids within a box, for databases whose overlap operator is not leak-proof."""

from alembic import op

from geo.store.row_security import APP_ROLE

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

BY_COMMUNITY = ("compound", "gate", "building", "unit", "candidate_site", "station")
OF_ALL = ("ground", "walk_edge")


def _listed(tables: tuple[str, ...]) -> str:
    return ", ".join(f"'{table}'" for table in tables)


def upgrade() -> None:
    op.execute(f"""CREATE FUNCTION app_within(layer text, box geometry) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2000 SET search_path = public, pg_temp AS $$
    DECLARE allowed text := 'false';
    BEGIN
        IF NOT app_actor_known() THEN RETURN; END IF;
        IF app_city_wide() OR layer IN ({_listed(OF_ALL)}) THEN allowed := 'true';
        ELSIF layer IN ({_listed(BY_COMMUNITY)}) THEN allowed := 't.community_id = ANY ($2)';
        ELSIF layer = 'area' THEN allowed := 't.level IN (''city'', ''district'', ''street_office'')'
            ' OR coalesce(t.community_id, t.id) = ANY ($2)';
        END IF;
        IF layer NOT IN ({_listed((*BY_COMMUNITY, *OF_ALL, "area"))}) THEN
            RAISE EXCEPTION 'there is no layer %', layer USING ERRCODE = '22023';
        END IF;
        RETURN QUERY EXECUTE format('SELECT t.id FROM %I t WHERE t.geom && $1 AND (%s)', layer, allowed)
            USING box, ARRAY(SELECT m.community_id FROM membership m
                             WHERE m.user_name = current_setting('app.user_name', true));
    END $$""")
    op.execute("REVOKE ALL ON FUNCTION app_within(text, geometry) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app_within(text, geometry) TO {APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP FUNCTION app_within(text, geometry)")
