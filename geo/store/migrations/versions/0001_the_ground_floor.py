"""the ground floor."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from geo.store import row_security as rows

revision = '0001'
down_revision = None
BY_COMMUNITY = ("compound", "gate", "building", "residents", "unit", "household", "candidate_site", "person", "post",
                "holding", "organisation", "station")
OF_ALL = ("city", "walk_edge", "ground", "parameter", "data_version")
AREA_ABOVE = "level IN ('city', 'district', 'street_office')"
IMPORT_PARTS = ("import_finding", "import_change")

branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('app_user',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('city_wide', sa.Boolean(), server_default='false', nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_app_user_name_not_blank')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_app_user'))
    )
    op.create_geospatial_table('area',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('pinyin', sa.Text(), nullable=True),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('community_id', sa.BigInteger(), nullable=True),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('placeholder', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry'), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(level = 'city') = (parent_id IS NULL)", name=op.f('ck_area_parent_exists')),
    sa.CheckConstraint("(level = 'grid') = (community_id IS NOT NULL)", name=op.f('ck_area_grid_has_community')),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_area_code_not_blank')),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_area_name_not_blank')),
    sa.CheckConstraint("level IN ('city', 'district', 'street_office', 'community', 'grid')", name=op.f('ck_area_level_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_area_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 500000', name=op.f('ck_area_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_area_geom_on_globe')),
    sa.CheckConstraint('households >= 0', name=op.f('ck_area_households_not_negative')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_area_community_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['area.id'], name=op.f('fk_area_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('level', 'code', name=op.f('uq_area_level_code'))
    )
    op.create_index(op.f('ix_area_community_id'), 'area', ['community_id'], unique=False)
    op.create_geospatial_index('ix_area_geom', 'area', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_area_import_id'), 'area', ['import_id'], unique=False)
    op.create_index(op.f('ix_area_parent_id'), 'area', ['parent_id'], unique=False)
    op.create_table('audit_entry',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.BigInteger(), nullable=True),
    sa.Column('community_id', sa.BigInteger(), nullable=True),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('after', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('job_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("btrim(action) <> ''", name=op.f('ck_audit_entry_action_not_blank')),
    sa.CheckConstraint("btrim(actor) <> ''", name=op.f('ck_audit_entry_actor_not_blank')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index('ix_audit_entry_at', 'audit_entry', ['at'], unique=False)
    op.create_index('ix_audit_entry_entity', 'audit_entry', ['entity', 'entity_id'], unique=False)
    op.create_geospatial_table('city',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('metric_srid', sa.Integer(), nullable=False),
    sa.Column('extent', Geometry(geometry_type='POLYGON', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('demo_seed', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_city_name_not_blank')),
    sa.CheckConstraint('id = 1', name=op.f('ck_city_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_city'))
    )
    op.create_table('data_version',
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('topic', name=op.f('pk_data_version'))
    )
    op.create_geospatial_table('ground',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.CheckConstraint("kind IN ('water', 'river', 'park')", name=op.f('ck_ground_kind_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_ground_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_ground_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_ground_geom_on_globe')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ground')),
    sa.UniqueConstraint('code', name=op.f('uq_ground_code'))
    )
    op.create_geospatial_index('ix_ground_geom', 'ground', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_ground_import_id'), 'ground', ['import_id'], unique=False)
    op.create_table('import_run',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('job_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Text(), server_default='prepared', nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("btrim(file_name) <> ''", name=op.f('ck_import_run_file_name_not_blank')),
    sa.CheckConstraint("btrim(kind) <> ''", name=op.f('ck_import_run_kind_not_blank')),
    sa.CheckConstraint("status IN ('prepared', 'accepted', 'dropped', 'undone')", name=op.f('ck_import_run_status_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    op.create_table('job',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('params', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('progress', sa.Double(), server_default='0', nullable=False),
    sa.Column('message', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('best', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('result', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('error', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('cancel_asked', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('pid', sa.Integer(), nullable=True),
    sa.Column('pid_started', sa.Double(), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("btrim(kind) <> ''", name=op.f('ck_job_kind_not_blank')),
    sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'lost')", name=op.f('ck_job_status_known')),
    sa.CheckConstraint('progress BETWEEN 0 AND 1', name=op.f('ck_job_progress_is_share')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    op.create_index('ix_job_status', 'job', ['status'], unique=False)
    op.create_table('membership',
    sa.Column('user_name', sa.Text(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('user_name', 'community_id', name=op.f('pk_membership'))
    )
    op.create_table('parameter',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_parameter_name_not_blank')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_parameter'))
    )
    op.create_geospatial_table('walk_edge',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('from_node', sa.BigInteger(), nullable=False),
    sa.Column('to_node', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('walkable', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('oneway', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('barrier', sa.Text(), nullable=True),
    sa.Column('length_m', sa.Double(), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='LINESTRING', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.CheckConstraint("kind IN ('road', 'street', 'path', 'stairs', 'crossing')", name=op.f('ck_walk_edge_kind_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_walk_edge_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_walk_edge_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_walk_edge_geom_on_globe')),
    sa.CheckConstraint('length_m >= 0', name=op.f('ck_walk_edge_length_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_walk_edge')),
    sa.UniqueConstraint('code', name=op.f('uq_walk_edge_code'))
    )
    op.create_geospatial_index('ix_walk_edge_geom', 'walk_edge', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_walk_edge_import_id'), 'walk_edge', ['import_id'], unique=False)
    op.create_index('ix_walk_edge_nodes', 'walk_edge', ['from_node', 'to_node'], unique=False)
    op.create_geospatial_table('compound',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('pinyin', sa.Text(), nullable=True),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='unknown', nullable=False),
    sa.Column('built_year', sa.SmallInteger(), nullable=True),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('placeholder', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry'), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_compound_code_not_blank')),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_compound_name_not_blank')),
    sa.CheckConstraint("kind IN ('commodity', 'old', 'work_unit', 'unknown')", name=op.f('ck_compound_kind_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_compound_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_compound_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_compound_geom_on_globe')),
    sa.CheckConstraint('built_year BETWEEN 1500 AND 2200', name=op.f('ck_compound_built_year_plausible')),
    sa.CheckConstraint('households >= 0', name=op.f('ck_compound_households_not_negative')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_compound_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_compound')),
    sa.UniqueConstraint('code', name=op.f('uq_compound_code')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_compound_id_community_id'))
    )
    op.create_index(op.f('ix_compound_community_id'), 'compound', ['community_id'], unique=False)
    op.create_geospatial_index('ix_compound_geom', 'compound', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_compound_import_id'), 'compound', ['import_id'], unique=False)
    op.create_table('import_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_run_id', sa.BigInteger(), nullable=False),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.BigInteger(), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['import_run_id'], ['import_run.id'], name=op.f('fk_import_change_import_run_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_change'))
    )
    op.create_index('ix_import_change_run', 'import_change', ['import_run_id'], unique=False)
    op.create_table('import_finding',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_run_id', sa.BigInteger(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('field', sa.Text(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint("outcome IN ('accepted', 'repaired', 'refused')", name=op.f('ck_import_finding_outcome_known')),
    sa.ForeignKeyConstraint(['import_run_id'], ['import_run.id'], name=op.f('fk_import_finding_import_run_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_finding'))
    )
    op.create_index('ix_import_finding_run', 'import_finding', ['import_run_id', 'row'], unique=False)
    op.create_table('person',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('pinyin', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_person_name_not_blank')),
    sa.CheckConstraint("btrim(phone) <> ''", name=op.f('ck_person_phone_not_blank')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_person_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_person_id_community_id'))
    )
    op.create_index(op.f('ix_person_import_id'), 'person', ['import_id'], unique=False)
    op.create_index('ix_person_name', 'person', ['community_id', 'name'], unique=False)
    op.create_geospatial_table('building',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('compound_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('floors', sa.SmallInteger(), nullable=True),
    sa.Column('height_m', sa.Double(), nullable=True),
    sa.Column('elevator', sa.Boolean(), nullable=True),
    sa.Column('built_year', sa.SmallInteger(), nullable=True),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='MULTIPOLYGON', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_building_code_not_blank')),
    sa.CheckConstraint("btrim(number) <> ''", name=op.f('ck_building_number_not_blank')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_building_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_building_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_building_geom_on_globe')),
    sa.CheckConstraint('built_year BETWEEN 1000 AND 2200', name=op.f('ck_building_built_year_plausible')),
    sa.CheckConstraint('floors BETWEEN 1 AND 200', name=op.f('ck_building_floors_plausible')),
    sa.CheckConstraint('height_m > 0 AND height_m < 1000', name=op.f('ck_building_height_plausible')),
    sa.CheckConstraint('households >= 0', name=op.f('ck_building_households_not_negative')),
    sa.ForeignKeyConstraint(['compound_id', 'community_id'], ['compound.id', 'compound.community_id'], name=op.f('fk_building_compound_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building')),
    sa.UniqueConstraint('code', name=op.f('uq_building_code')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_building_id_community_id'))
    )
    op.create_index(op.f('ix_building_address'), 'building', ['address'], unique=False)
    op.create_index(op.f('ix_building_community_id'), 'building', ['community_id'], unique=False)
    op.create_index(op.f('ix_building_compound_id'), 'building', ['compound_id'], unique=False)
    op.create_geospatial_index('ix_building_geom', 'building', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_building_import_id'), 'building', ['import_id'], unique=False)
    op.create_geospatial_table('candidate_site',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='other', nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('compound_id', sa.BigInteger(), nullable=True),
    sa.Column('area_m2', sa.Double(), nullable=True),
    sa.Column('cost_fen', sa.BigInteger(), nullable=True),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_candidate_site_code_not_blank')),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_candidate_site_name_not_blank')),
    sa.CheckConstraint("kind IN ('empty_room', 'gatehouse', 'bike_shed', 'other')", name=op.f('ck_candidate_site_kind_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_candidate_site_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_candidate_site_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_candidate_site_geom_on_globe')),
    sa.CheckConstraint('area_m2 > 0', name=op.f('ck_candidate_site_area_positive')),
    sa.CheckConstraint('cost_fen >= 0', name=op.f('ck_candidate_site_cost_not_negative')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_candidate_site_community_id')),
    sa.ForeignKeyConstraint(['compound_id'], ['compound.id'], name=op.f('fk_candidate_site_compound_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate_site')),
    sa.UniqueConstraint('code', name=op.f('uq_candidate_site_code'))
    )
    op.create_index(op.f('ix_candidate_site_community_id'), 'candidate_site', ['community_id'], unique=False)
    op.create_index(op.f('ix_candidate_site_compound_id'), 'candidate_site', ['compound_id'], unique=False)
    op.create_geospatial_index('ix_candidate_site_geom', 'candidate_site', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_candidate_site_import_id'), 'candidate_site', ['import_id'], unique=False)
    op.create_geospatial_table('gate',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('compound_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='main', nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind IN ('main', 'side', 'foot')", name=op.f('ck_gate_kind_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_gate_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_gate_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_gate_geom_on_globe')),
    sa.ForeignKeyConstraint(['compound_id', 'community_id'], ['compound.id', 'compound.community_id'], name=op.f('fk_gate_compound_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gate')),
    sa.UniqueConstraint('code', name=op.f('uq_gate_code'))
    )
    op.create_index(op.f('ix_gate_community_id'), 'gate', ['community_id'], unique=False)
    op.create_index(op.f('ix_gate_compound_id'), 'gate', ['compound_id'], unique=False)
    op.create_geospatial_index('ix_gate_geom', 'gate', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_gate_import_id'), 'gate', ['import_id'], unique=False)
    op.create_table('organisation',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('compound_id', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_organisation_code_not_blank')),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_organisation_name_not_blank')),
    sa.CheckConstraint("kind IN ('party_branch', 'owners_committee', 'property_company', 'volunteer_team', 'department')", name=op.f('ck_organisation_kind_known')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_organisation_community_id')),
    sa.ForeignKeyConstraint(['compound_id'], ['compound.id'], name=op.f('fk_organisation_compound_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_code'))
    )
    op.create_index(op.f('ix_organisation_community_id'), 'organisation', ['community_id'], unique=False)
    op.create_index(op.f('ix_organisation_compound_id'), 'organisation', ['compound_id'], unique=False)
    op.create_index(op.f('ix_organisation_import_id'), 'organisation', ['import_id'], unique=False)
    op.create_geospatial_table('station',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('pinyin', sa.Text(), nullable=True),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('compound_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Text(), server_default='proposed', nullable=False),
    sa.Column('phase', sa.Text(), server_default='rollout', nullable=False),
    sa.Column('floor_area_m2', sa.Double(), nullable=True),
    sa.Column('opening_hours', sa.Text(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_station_code_not_blank')),
    sa.CheckConstraint("btrim(name) <> ''", name=op.f('ck_station_name_not_blank')),
    sa.CheckConstraint("phase IN ('pilot', 'rollout')", name=op.f('ck_station_phase_known')),
    sa.CheckConstraint("status IN ('proposed', 'sited', 'funded', 'building', 'open', 'suspended', 'closed')", name=op.f('ck_station_status_known')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_station_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_station_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_station_geom_on_globe')),
    sa.CheckConstraint('floor_area_m2 > 0', name=op.f('ck_station_floor_area_positive')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_station_community_id')),
    sa.ForeignKeyConstraint(['compound_id'], ['compound.id'], name=op.f('fk_station_compound_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station')),
    sa.UniqueConstraint('code', name=op.f('uq_station_code'))
    )
    op.create_index(op.f('ix_station_community_id'), 'station', ['community_id'], unique=False)
    op.create_index(op.f('ix_station_compound_id'), 'station', ['compound_id'], unique=False)
    op.create_geospatial_index('ix_station_geom', 'station', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_station_import_id'), 'station', ['import_id'], unique=False)
    op.create_table('residents',
    sa.Column('building_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('age_0_17', sa.SmallInteger(), nullable=True),
    sa.Column('age_18_39', sa.SmallInteger(), nullable=True),
    sa.Column('age_40_59', sa.SmallInteger(), nullable=True),
    sa.Column('age_60_69', sa.SmallInteger(), nullable=True),
    sa.Column('age_70_89', sa.SmallInteger(), nullable=True),
    sa.Column('age_90_up', sa.SmallInteger(), nullable=True),
    sa.ForeignKeyConstraint(['building_id', 'community_id'], ['building.id', 'building.community_id'], name=op.f('fk_residents_building_id_community_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('building_id', name=op.f('pk_residents'))
    )
    op.create_index(op.f('ix_residents_community_id'), 'residents', ['community_id'], unique=False)
    op.create_geospatial_table('unit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('building_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry'), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_unit_code_not_blank')),
    sa.CheckConstraint("btrim(number) <> ''", name=op.f('ck_unit_number_not_blank')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_unit_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_unit_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_unit_geom_on_globe')),
    sa.CheckConstraint('households >= 0', name=op.f('ck_unit_households_not_negative')),
    sa.ForeignKeyConstraint(['building_id', 'community_id'], ['building.id', 'building.community_id'], name=op.f('fk_unit_building_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('building_id', 'number', name=op.f('uq_unit_building_id_number')),
    sa.UniqueConstraint('code', name=op.f('uq_unit_code')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_unit_id_community_id'))
    )
    op.create_index(op.f('ix_unit_community_id'), 'unit', ['community_id'], unique=False)
    op.create_geospatial_index('ix_unit_geom', 'unit', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_unit_import_id'), 'unit', ['import_id'], unique=False)
    op.create_table('household',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('floor', sa.SmallInteger(), nullable=True),
    sa.Column('room', sa.Text(), nullable=False),
    sa.Column('area_m2', sa.Numeric(), nullable=True),
    sa.Column('tenure', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("btrim(code) <> ''", name=op.f('ck_household_code_not_blank')),
    sa.CheckConstraint("btrim(room) <> ''", name=op.f('ck_household_room_not_blank')),
    sa.CheckConstraint("tenure IN ('owner', 'tenant', 'vacant')", name=op.f('ck_household_tenure_known')),
    sa.CheckConstraint('area_m2 > 0 AND area_m2 < 10000', name=op.f('ck_household_area_plausible')),
    sa.ForeignKeyConstraint(['unit_id', 'community_id'], ['unit.id', 'unit.community_id'], name=op.f('fk_household_unit_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('code', name=op.f('uq_household_code')),
    sa.UniqueConstraint('unit_id', 'room', name=op.f('uq_household_unit_id_room'))
    )
    op.create_index(op.f('ix_household_community_id'), 'household', ['community_id'], unique=False)
    op.create_index(op.f('ix_household_import_id'), 'household', ['import_id'], unique=False)
    op.create_table('post',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('station_id', sa.BigInteger(), nullable=True),
    sa.Column('building_id', sa.BigInteger(), nullable=True),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('grid_id', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.CheckConstraint("CASE kind WHEN 'building_head' THEN building_id IS NOT NULL WHEN 'unit_head' THEN unit_id IS NOT NULL WHEN 'grid_member' THEN grid_id IS NOT NULL WHEN 'committee_member' THEN organisation_id IS NOT NULL ELSE station_id IS NOT NULL END", name=op.f('ck_post_place_fits_kind')),
    sa.CheckConstraint("kind IN ('stationmaster', 'deputy_stationmaster', 'building_head', 'unit_head', 'grid_member', 'committee_member')", name=op.f('ck_post_kind_known')),
    sa.CheckConstraint('num_nonnulls(station_id, building_id, unit_id, grid_id, organisation_id) = 1', name=op.f('ck_post_one_place')),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_post_building_id')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_post_community_id')),
    sa.ForeignKeyConstraint(['grid_id'], ['area.id'], name=op.f('fk_post_grid_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_post_organisation_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_post_station_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_post_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_post_id_community_id'))
    )
    op.create_index(op.f('ix_post_community_id'), 'post', ['community_id'], unique=False)
    op.create_index(op.f('ix_post_import_id'), 'post', ['import_id'], unique=False)
    op.create_index('ix_post_station_id', 'post', ['station_id'], unique=False)
    op.create_index('uq_post_building_head', 'post', ['building_id'], unique=True, postgresql_where=sa.text("kind = 'building_head'"))
    op.create_index('uq_post_grid_member', 'post', ['grid_id'], unique=True, postgresql_where=sa.text("kind = 'grid_member'"))
    op.create_index('uq_post_stationmaster', 'post', ['station_id'], unique=True, postgresql_where=sa.text("kind = 'stationmaster'"))
    op.create_index('uq_post_unit_head', 'post', ['unit_id'], unique=True, postgresql_where=sa.text("kind = 'unit_head'"))
    op.create_table('holding',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('post_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('single_seat', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    postgresql.ExcludeConstraint((sa.text('post_id'), '='), (sa.text('daterange(from_on, to_on)'), '&&'), where=sa.text('single_seat'), using='gist', name='ex_holding_one_current'),
    sa.CheckConstraint("how IN ('elected', 'appointed')", name=op.f('ck_holding_how_known')),
    sa.CheckConstraint('to_on IS NULL OR to_on > from_on', name=op.f('ck_holding_ends_after_start')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_holding_person_id')),
    sa.ForeignKeyConstraint(['post_id', 'community_id'], ['post.id', 'post.community_id'], name=op.f('fk_holding_post_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holding'))
    )
    op.create_index(op.f('ix_holding_community_id'), 'holding', ['community_id'], unique=False)
    op.create_index(op.f('ix_holding_import_id'), 'holding', ['import_id'], unique=False)
    op.create_index('ix_holding_person_id', 'holding', ['person_id'], unique=False)
    op.create_index('ix_holding_post_id', 'holding', ['post_id'], unique=False)
    _secure()
    _grant()
    _people_of_the_demo()


def _secure() -> None:
    for statement in rows.FUNCTIONS:
        op.execute(statement)
    for table in (*BY_COMMUNITY, *OF_ALL, *IMPORT_PARTS, "area", "membership", "app_user", "audit_entry", "job", "import_run"):
        op.execute(rows.enable(table))
    for table in BY_COMMUNITY:
        op.execute(rows.community_policy(table))
    for table in OF_ALL:
        op.execute(rows.known_actor_policy(table))
    mine = f"coalesce(community_id, id) {rows.MINE}"
    op.execute(rows.policy("area", f"{rows.CITY_WIDE} OR ({rows.KNOWN} AND ({AREA_ABOVE} OR {mine}))",
                           check=f"{rows.CITY_WIDE} OR (NOT {AREA_ABOVE} AND {mine})"))
    op.execute(rows.policy("membership", f"user_name = {rows.ACTOR}", check="false"))
    op.execute(rows.policy("data_version", rows.KNOWN).replace("POLICY actor", "POLICY actor_counts"))
    own = f"{rows.KNOWN} AND (actor = {rows.ACTOR} OR {rows.CITY_WIDE})"
    op.execute(rows.policy("job", f"({own}) OR {rows.ACTOR} = '{rows.JOB_RUNNER}'"))
    op.execute(rows.policy("import_run", own))
    for table in IMPORT_PARTS:
        op.execute(rows.policy(table, "import_run_id IN (SELECT r.id FROM import_run r)"))
    op.execute(rows.policy("audit_entry", f"{rows.CITY_WIDE} OR actor = {rows.ACTOR} OR community_id {rows.MINE}",
                           check=f"{rows.KNOWN} AND actor = {rows.ACTOR}"))
    op.execute("CREATE TRIGGER audit_entry_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
               "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_final()")


def _grant() -> None:
    writable = ", ".join((*BY_COMMUNITY, *OF_ALL, *IMPORT_PARTS, "area", "job", "import_run"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {writable} TO {rows.APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON audit_entry TO {rows.APP_ROLE}")
    op.execute(f"GRANT SELECT ON membership, alembic_version TO {rows.APP_ROLE}")


def _people_of_the_demo() -> None:
    op.execute("INSERT INTO app_user (name, city_wide) VALUES ('demo-administrator', true)")


def downgrade() -> None:
    op.execute('''DO $$ DECLARE p record; BEGIN
        FOR p IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
            EXECUTE format('DROP POLICY %I ON %I', p.policyname, p.tablename); END LOOP; END $$''')
    op.drop_index('ix_holding_post_id', table_name='holding')
    op.drop_index('ix_holding_person_id', table_name='holding')
    op.drop_index(op.f('ix_holding_import_id'), table_name='holding')
    op.drop_index(op.f('ix_holding_community_id'), table_name='holding')
    op.drop_table('holding')
    op.drop_index('uq_post_unit_head', table_name='post', postgresql_where=sa.text("kind = 'unit_head'"))
    op.drop_index('uq_post_stationmaster', table_name='post', postgresql_where=sa.text("kind = 'stationmaster'"))
    op.drop_index('uq_post_grid_member', table_name='post', postgresql_where=sa.text("kind = 'grid_member'"))
    op.drop_index('uq_post_building_head', table_name='post', postgresql_where=sa.text("kind = 'building_head'"))
    op.drop_index('ix_post_station_id', table_name='post')
    op.drop_index(op.f('ix_post_import_id'), table_name='post')
    op.drop_index(op.f('ix_post_community_id'), table_name='post')
    op.drop_table('post')
    op.drop_index(op.f('ix_household_import_id'), table_name='household')
    op.drop_index(op.f('ix_household_community_id'), table_name='household')
    op.drop_table('household')
    op.drop_index(op.f('ix_unit_import_id'), table_name='unit')
    op.drop_geospatial_index('ix_unit_geom', table_name='unit', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_unit_community_id'), table_name='unit')
    op.drop_geospatial_table('unit')
    op.drop_index(op.f('ix_residents_community_id'), table_name='residents')
    op.drop_table('residents')
    op.drop_index(op.f('ix_station_import_id'), table_name='station')
    op.drop_geospatial_index('ix_station_geom', table_name='station', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_station_compound_id'), table_name='station')
    op.drop_index(op.f('ix_station_community_id'), table_name='station')
    op.drop_geospatial_table('station')
    op.drop_index(op.f('ix_organisation_import_id'), table_name='organisation')
    op.drop_index(op.f('ix_organisation_compound_id'), table_name='organisation')
    op.drop_index(op.f('ix_organisation_community_id'), table_name='organisation')
    op.drop_table('organisation')
    op.drop_index(op.f('ix_gate_import_id'), table_name='gate')
    op.drop_geospatial_index('ix_gate_geom', table_name='gate', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_gate_compound_id'), table_name='gate')
    op.drop_index(op.f('ix_gate_community_id'), table_name='gate')
    op.drop_geospatial_table('gate')
    op.drop_index(op.f('ix_candidate_site_import_id'), table_name='candidate_site')
    op.drop_geospatial_index('ix_candidate_site_geom', table_name='candidate_site', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_candidate_site_compound_id'), table_name='candidate_site')
    op.drop_index(op.f('ix_candidate_site_community_id'), table_name='candidate_site')
    op.drop_geospatial_table('candidate_site')
    op.drop_index(op.f('ix_building_import_id'), table_name='building')
    op.drop_geospatial_index('ix_building_geom', table_name='building', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_building_compound_id'), table_name='building')
    op.drop_index(op.f('ix_building_community_id'), table_name='building')
    op.drop_index(op.f('ix_building_address'), table_name='building')
    op.drop_geospatial_table('building')
    op.drop_index('ix_person_name', table_name='person')
    op.drop_index(op.f('ix_person_import_id'), table_name='person')
    op.drop_table('person')
    op.drop_index('ix_import_finding_run', table_name='import_finding')
    op.drop_table('import_finding')
    op.drop_index('ix_import_change_run', table_name='import_change')
    op.drop_table('import_change')
    op.drop_index(op.f('ix_compound_import_id'), table_name='compound')
    op.drop_geospatial_index('ix_compound_geom', table_name='compound', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_compound_community_id'), table_name='compound')
    op.drop_geospatial_table('compound')
    op.drop_index('ix_walk_edge_nodes', table_name='walk_edge')
    op.drop_index(op.f('ix_walk_edge_import_id'), table_name='walk_edge')
    op.drop_geospatial_index('ix_walk_edge_geom', table_name='walk_edge', postgresql_using='gist', column_name='geom')
    op.drop_geospatial_table('walk_edge')
    op.drop_table('parameter')
    op.drop_table('membership')
    op.drop_index('ix_job_status', table_name='job')
    op.drop_table('job')
    op.drop_table('import_run')
    op.drop_index(op.f('ix_ground_import_id'), table_name='ground')
    op.drop_geospatial_index('ix_ground_geom', table_name='ground', postgresql_using='gist', column_name='geom')
    op.drop_geospatial_table('ground')
    op.drop_table('data_version')
    op.drop_geospatial_table('city')
    op.drop_index('ix_audit_entry_entity', table_name='audit_entry')
    op.drop_index('ix_audit_entry_at', table_name='audit_entry')
    op.drop_table('audit_entry')
    op.drop_index(op.f('ix_area_parent_id'), table_name='area')
    op.drop_index(op.f('ix_area_import_id'), table_name='area')
    op.drop_geospatial_index('ix_area_geom', table_name='area', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_area_community_id'), table_name='area')
    op.drop_geospatial_table('area')
    op.drop_table('app_user')
    for function in ("audit_entry_is_final", "app_city_wide", "app_actor_known"):
        op.execute(f"DROP FUNCTION {function}()")
