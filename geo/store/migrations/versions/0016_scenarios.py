"""siting scenarios and what they say of each candidate site."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from geo.store import row_security as rows

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


POLICIES = {
    "scenario": rows.Policies(f"{rows.CITY_WIDE} OR community_id {rows.WORKS_THERE}", rows.PLANS_CITY),
    "scenario_site": rows.Policies("scenario_id IN (SELECT s.id FROM scenario s)", rows.PLANS_CITY),
}
"""Who sees a scenario sees its sites: the policy of scenario holds inside that of its sites."""


def upgrade() -> None:
    _tables()
    for table, wanted in POLICIES.items():
        op.execute(rows.enable(table))
        for statement in rows.policies(table, wanted):
            op.execute(statement)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {rows.APP_ROLE}")


def _tables() -> None:
    op.create_table('scenario',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Text(), server_default='draft', nullable=False),
    sa.Column('asked', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('study_id', sa.BigInteger(), nullable=True),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('data_on', sa.Date(), nullable=False),
    sa.Column('approved_by', sa.Text(), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(status = 'approved') = (approved_on IS NOT NULL)", name=op.f('ck_scenario_approved_has_day')),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_scenario_name_not_blank')),
    sa.CheckConstraint("note ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_scenario_note_not_blank')),
    sa.CheckConstraint("status IN ('draft', 'proposed', 'approved', 'dropped')", name=op.f('ck_scenario_status_known')),
    sa.CheckConstraint('(approved_by IS NULL) = (approved_on IS NULL)', name=op.f('ck_scenario_approved_whole')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_scenario_community_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_scenario_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario'))
    )
    op.create_index(op.f('ix_scenario_community_id'), 'scenario', ['community_id'], unique=False)
    op.create_index(op.f('ix_scenario_study_id'), 'scenario', ['study_id'], unique=False)
    op.create_geospatial_table('scenario_site',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('scenario_id', sa.BigInteger(), nullable=False),
    sa.Column('candidate_site_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('cost_fen', sa.BigInteger(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('pinned', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('banned', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('chosen', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('phase_year', sa.SmallInteger(), nullable=True),
    sa.Column('station_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_scenario_site_name_not_blank')),
    sa.CheckConstraint('NOT (pinned AND banned)', name=op.f('ck_scenario_site_pinned_or_banned')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_scenario_site_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_scenario_site_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_scenario_site_geom_on_globe')),
    sa.CheckConstraint('capacity > 0', name=op.f('ck_scenario_site_capacity_positive')),
    sa.CheckConstraint('cost_fen >= 0', name=op.f('ck_scenario_site_cost_not_negative')),
    sa.CheckConstraint('phase_year BETWEEN 2000 AND 2200', name=op.f('ck_scenario_site_year_plausible')),
    sa.ForeignKeyConstraint(['candidate_site_id'], ['candidate_site.id'], name=op.f('fk_scenario_site_candidate_site_id')),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], name=op.f('fk_scenario_site_scenario_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_scenario_site_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario_site')),
    sa.UniqueConstraint('scenario_id', 'candidate_site_id', name=op.f('uq_scenario_site_scenario_id_candidate_site_id'))
    )
    op.create_index(op.f('ix_scenario_site_candidate_site_id'), 'scenario_site', ['candidate_site_id'], unique=False)
    op.create_geospatial_index('ix_scenario_site_geom', 'scenario_site', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_scenario_site_station_id'), 'scenario_site', ['station_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_scenario_site_station_id'), table_name='scenario_site')
    op.drop_geospatial_index('ix_scenario_site_geom', table_name='scenario_site', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_scenario_site_candidate_site_id'), table_name='scenario_site')
    op.drop_geospatial_table('scenario_site')
    op.drop_index(op.f('ix_scenario_study_id'), table_name='scenario')
    op.drop_index(op.f('ix_scenario_community_id'), table_name='scenario')
    op.drop_table('scenario')
