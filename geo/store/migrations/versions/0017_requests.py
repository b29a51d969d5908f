"""requests with their events, call-backs and photos, incidents, proposals, keys of the interface."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from geo.store import row_security as rows

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


WORKS = f"{rows.RUNS_CITY} OR community_id {rows.WORKS_THERE}"
OWN_DOORS = (
    "unit_id IN (SELECT app_own_units()) OR (unit_id IS NULL AND building_id IN (SELECT app_own_buildings()))"
)
OF_REQUEST = f"{WORKS} OR request_id IN (SELECT r.id FROM request r)"
SEEN_BY_MEMBERS = f"{rows.CITY_WIDE} OR community_id {rows.MEMBER}"
POLICIES = {
    "request_category": rows.Policies(rows.KNOWN, rows.RUNS_CITY),
    "incident": rows.Policies(SEEN_BY_MEMBERS, WORKS),
    "incident_door": rows.Policies(SEEN_BY_MEMBERS, WORKS),
    "proposal": rows.Policies(SEEN_BY_MEMBERS, f"{rows.PLANS_CITY} OR community_id {rows.WORKS_THERE}"),
    "request": rows.Policies(f"{WORKS} OR {OWN_DOORS}", f"{WORKS} OR {OWN_DOORS}"),
    "request_event": rows.Policies(OF_REQUEST, OF_REQUEST),
    "call_back": rows.Policies(OF_REQUEST, WORKS),
    "attachment": rows.Policies(OF_REQUEST, OF_REQUEST, WORKS),
    "api_key": rows.Policies(f"{rows.RUNS_CITY} OR {rows.AT_THE_GATE}", rows.RUNS_CITY),
}
"""Who sees a request sees its steps, its call-backs and its photos; a head sees those of their own doors."""
FINAL = {"request_event", "call_back"}
KINDS = ("coverage", "reach", "patches", "pairing", "rota", "years_ahead", "what_if", "siting")
CATEGORIES = (
    ("gas", "Gas smell or leak", "燃气泄漏", "urgent", "gas smell leak 燃气 煤气 漏气"),
    ("lift", "Lift stuck or broken", "电梯故障", "urgent", "lift elevator stuck 电梯 困人"),
    ("safety", "Danger to people", "公共安全", "urgent", "danger fire falling 危险 消防 坠物"),
    ("water", "Water supply", "供水", "utilities", "water tap pressure 停水 漏水 水压"),
    ("power", "Power supply", "供电", "utilities", "power outage electricity 停电 电路"),
    ("heating", "Heating", "供暖", "utilities", "heating cold radiator 暖气 供热"),
    ("sewage", "Drains and sewage", "排水排污", "utilities", "drain sewage blocked 下水道 堵塞 污水"),
    ("street_light", "Lighting of paths and stairs", "照明", "normal", "light lamp dark 路灯 楼道灯"),
    ("rubbish", "Rubbish and cleaning", "环境卫生", "normal", "rubbish cleaning smell 垃圾 保洁 卫生"),
    ("repair", "Repair of shared parts", "公共设施维修", "normal", "repair door wall broken 维修 门禁 破损"),
    ("parking", "Parking and vehicles", "停车秩序", "normal", "parking car blocked 停车 车位 堵车"),
    ("charging", "Charging of electric bicycles", "电动车充电", "normal", "charging bicycle 充电 电动车"),
    ("noise", "Noise", "噪声扰民", "normal", "noise loud night 噪音 扰民"),
    ("greening", "Trees and greenery", "绿化", "normal", "tree grass greenery 绿化 树"),
    ("animals", "Animals", "宠物管理", "normal", "dog cat animal 狗 宠物"),
    ("security", "Gate and security", "治安门禁", "normal", "security gate guard 保安 门卫 治安"),
    ("care", "Help for the old and the ill", "助老助残", "normal", "old ill help care 老人 照顾 助老"),
    ("property_service", "Service of the property company", "物业服务", "normal", "property service 物业 服务态度"),
    ("fees", "Fees and bills", "收费", "normal", "fee bill charge 物业费 收费"),
    ("neighbours", "Dispute between neighbours", "邻里纠纷", "hard", "dispute neighbours 邻里 纠纷 矛盾"),
    ("roof", "Leaking roof or outer wall", "屋面外墙渗漏", "hard", "roof wall leak 屋顶 外墙 渗漏"),
    ("illegal_building", "Unpermitted building", "违章搭建", "hard", "unpermitted building 违建 搭建"),
    ("renewal", "Renewal of an old compound", "老旧小区改造", "hard", "renewal renovation 改造 更新"),
    ("other", "Other", "其他", "normal", "other 其他"),
)


def upgrade() -> None:
    _tables()
    op.drop_constraint(op.f("ck_study_kind_known"), "study", type_="check")
    op.create_check_constraint(op.f("ck_study_kind_known"), "study", _kinds((*KINDS, "hotspots")))
    for table, wanted in POLICIES.items():
        op.execute(rows.enable(table))
        for statement in rows.policies(table, wanted):
            op.execute(statement)
        commands = "SELECT, INSERT" if table in FINAL else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {commands} ON {table} TO {rows.APP_ROLE}")
    columns = [sa.column(name) for name in ("code", "name", "name_zh", "class_code", "words", "position")]
    listed = [dict(zip((c.name for c in columns), (*row, 10 * n), strict=True)) for n, row in enumerate(CATEGORIES, 1)]
    op.bulk_insert(sa.table("request_category", *columns), listed)


def _kinds(kinds: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


def _tables() -> None:
    op.create_table('request_category',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('class_code', sa.Text(), nullable=False),
    sa.Column('respond_h', sa.Double(), nullable=True),
    sa.Column('solve_h', sa.Double(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('position', sa.SmallInteger(), server_default='100', nullable=False),
    sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("char_length(code) <= 100 AND code ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_request_category_code_not_blank')),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_request_category_name_not_blank')),
    sa.CheckConstraint("char_length(name_zh) <= 200 AND name_zh ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_request_category_name_zh_not_blank')),
    sa.CheckConstraint("class_code IN ('urgent', 'utilities', 'normal', 'hard')", name=op.f('ck_request_category_class_code_known')),
    sa.CheckConstraint('respond_h > 0 AND solve_h > 0', name=op.f('ck_request_category_hours_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_category')),
    sa.UniqueConstraint('code', name=op.f('uq_request_category_code'))
    )
    op.create_table('api_key',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_name', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_api_key_name_not_blank')),
    sa.ForeignKeyConstraint(['user_name'], ['app_user.name'], name=op.f('fk_api_key_user_name')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_api_key_key_hash'))
    )
    op.create_index(op.f('ix_api_key_user_name'), 'api_key', ['user_name'], unique=False)
    op.create_table('incident',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expected_end_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_by', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_incident_name_not_blank')),
    sa.CheckConstraint("kind IN ('water', 'power', 'lift', 'heating', 'gas', 'other')", name=op.f('ck_incident_kind_known')),
    sa.CheckConstraint("note ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_incident_note_not_blank')),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= started_at', name=op.f('ck_incident_ends_not_before_start')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_incident_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_incident_id_community_id'))
    )
    op.create_index('ix_incident_community_id_started_at', 'incident', ['community_id', 'started_at'], unique=False)
    op.create_table('proposal',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('link', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('status', sa.Text(), server_default='raised', nullable=False),
    sa.Column('raised_by', sa.Text(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_proposal_name_not_blank')),
    sa.CheckConstraint("note ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_proposal_note_not_blank')),
    sa.CheckConstraint("source IN ('cluster', 'forum', 'visit', 'incident')", name=op.f('ck_proposal_source_known')),
    sa.CheckConstraint("status IN ('raised', 'withdrawn')", name=op.f('ck_proposal_status_known')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_proposal_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index(op.f('ix_proposal_community_id'), 'proposal', ['community_id'], unique=False)
    op.create_table('incident_door',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('incident_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('building_id', sa.BigInteger(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_incident_door_building_id')),
    sa.ForeignKeyConstraint(['incident_id', 'community_id'], ['incident.id', 'incident.community_id'], name=op.f('fk_incident_door_incident_id_community_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_incident_door_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_door'))
    )
    op.create_index(op.f('ix_incident_door_building_id'), 'incident_door', ['building_id'], unique=False)
    op.create_index(op.f('ix_incident_door_community_id'), 'incident_door', ['community_id'], unique=False)
    op.create_index(op.f('ix_incident_door_unit_id'), 'incident_door', ['unit_id'], unique=False)
    op.create_index('uq_incident_door_place', 'incident_door', ['incident_id', 'building_id', sa.literal_column('coalesce(unit_id, 0)')], unique=True)
    op.create_geospatial_table('request',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('category_id', sa.BigInteger(), nullable=False),
    sa.Column('class_code', sa.Text(), nullable=False),
    sa.Column('respond_h', sa.Double(), nullable=False),
    sa.Column('solve_h', sa.Double(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('building_id', sa.BigInteger(), nullable=True),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('placed_by', sa.Text(), nullable=False),
    sa.Column('geom', Geometry(geometry_type='POINT', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry'), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), server_default='received', nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_s', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('paused_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiting_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_to', sa.Text(), nullable=True),
    sa.Column('returned_times', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('reopened_times', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('duplicate_of', sa.BigInteger(), nullable=True),
    sa.Column('incident_id', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', sa.BigInteger(), nullable=True),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('recorded_by', sa.Text(), nullable=False),
    sa.Column('external_system', sa.Text(), nullable=True),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(status = 'duplicate') = (duplicate_of IS NOT NULL)", name=op.f('ck_request_duplicate_names_first')),
    sa.CheckConstraint("(status = 'waiting') = (waiting_until IS NOT NULL)", name=op.f('ck_request_waiting_has_limit')),
    sa.CheckConstraint("CASE placed_by WHEN 'unit' THEN unit_id IS NOT NULL WHEN 'building' THEN building_id IS NOT NULL WHEN 'point' THEN geom IS NOT NULL ELSE true END", name=op.f('ck_request_place_fits')),
    sa.CheckConstraint("channel IN ('station_desk', 'building_head', 'visit', 'hotline_12345', 'web', 'open311')", name=op.f('ck_request_channel_known')),
    sa.CheckConstraint("char_length(address) <= 300 AND address ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_request_address_not_blank')),
    sa.CheckConstraint("char_length(number) <= 100 AND number ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_request_number_not_blank')),
    sa.CheckConstraint("class_code IN ('urgent', 'utilities', 'normal', 'hard')", name=op.f('ck_request_class_code_known')),
    sa.CheckConstraint("escalated_to IN ('street_office', 'department')", name=op.f('ck_request_escalated_to_known')),
    sa.CheckConstraint("external_id ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_request_external_id_not_blank')),
    sa.CheckConstraint("placed_by IN ('unit', 'building', 'point', 'community')", name=op.f('ck_request_placed_by_known')),
    sa.CheckConstraint("status IN ('received', 'accepted', 'dispatched', 'in_progress', 'resolved', 'called_back', 'closed', 'returned', 'duplicate', 'out_of_scope', 'waiting', 'escalated', 'reopened')", name=op.f('ck_request_status_known')),
    sa.CheckConstraint("summary ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_request_summary_not_blank')),
    sa.CheckConstraint('ST_IsValid(geom)', name=op.f('ck_request_geom_valid')),
    sa.CheckConstraint('ST_NPoints(geom) <= 50000', name=op.f('ck_request_geom_vertices')),
    sa.CheckConstraint('ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90', name=op.f('ck_request_geom_on_globe')),
    sa.CheckConstraint('accepted_at >= received_at', name=op.f('ck_request_accepted_not_before_received')),
    sa.CheckConstraint('closed_at >= received_at', name=op.f('ck_request_closed_not_before_received')),
    sa.CheckConstraint('duplicate_of <> id', name=op.f('ck_request_duplicate_of_another')),
    sa.CheckConstraint('paused_s >= 0', name=op.f('ck_request_paused_not_negative')),
    sa.CheckConstraint('reopened_times >= 0', name=op.f('ck_request_reopened_not_negative')),
    sa.CheckConstraint('resolved_at >= received_at', name=op.f('ck_request_resolved_not_before_received')),
    sa.CheckConstraint('respond_h > 0 AND solve_h > 0', name=op.f('ck_request_hours_positive')),
    sa.CheckConstraint('returned_times BETWEEN 0 AND 1', name=op.f('ck_request_returned_once')),
    sa.CheckConstraint('unit_id IS NULL OR building_id IS NOT NULL', name=op.f('ck_request_unit_has_building')),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_request_building_id')),
    sa.ForeignKeyConstraint(['category_id'], ['request_category.id'], name=op.f('fk_request_category_id')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_request_community_id')),
    sa.ForeignKeyConstraint(['duplicate_of'], ['request.id'], name=op.f('fk_request_duplicate_of')),
    sa.ForeignKeyConstraint(['incident_id', 'community_id'], ['incident.id', 'incident.community_id'], name=op.f('fk_request_incident_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_request_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_request_person_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_request_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request')),
    sa.UniqueConstraint('external_system', 'external_id', name=op.f('uq_request_external_system_external_id')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_request_id_community_id')),
    sa.UniqueConstraint('number', name=op.f('uq_request_number'))
    )
    op.create_index(op.f('ix_request_building_id'), 'request', ['building_id'], unique=False)
    op.create_index('ix_request_category_id_received_at', 'request', ['category_id', 'received_at'], unique=False)
    op.create_index('ix_request_community_id_received_at', 'request', ['community_id', 'received_at'], unique=False)
    op.create_index(op.f('ix_request_duplicate_of'), 'request', ['duplicate_of'], unique=False)
    op.create_geospatial_index('ix_request_geom', 'request', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
    op.create_index(op.f('ix_request_import_id'), 'request', ['import_id'], unique=False)
    op.create_index(op.f('ix_request_incident_id'), 'request', ['incident_id'], unique=False)
    op.create_index(op.f('ix_request_organisation_id'), 'request', ['organisation_id'], unique=False)
    op.create_index('ix_request_owner', 'request', ['owner'], unique=False, postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index(op.f('ix_request_person_id'), 'request', ['person_id'], unique=False)
    op.create_index(op.f('ix_request_unit_id'), 'request', ['unit_id'], unique=False)
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('token', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('request_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('width_px', sa.Integer(), nullable=False),
    sa.Column('height_px', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('added_by', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("char_length(file_name) <= 200 AND file_name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_attachment_file_name_not_blank')),
    sa.CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", name=op.f('ck_attachment_media_type_known')),
    sa.CheckConstraint('octet_length(content) BETWEEN 1 AND 8000000', name=op.f('ck_attachment_size_bounded')),
    sa.CheckConstraint('width_px > 0 AND height_px > 0', name=op.f('ck_attachment_pixels_positive')),
    sa.ForeignKeyConstraint(['request_id', 'community_id'], ['request.id', 'request.community_id'], name=op.f('fk_attachment_request_id_community_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('token', name=op.f('uq_attachment_token'))
    )
    op.create_index(op.f('ix_attachment_community_id'), 'attachment', ['community_id'], unique=False)
    op.create_index(op.f('ix_attachment_request_id'), 'attachment', ['request_id'], unique=False)
    op.create_table('call_back',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('request_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Text(), nullable=False),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.Column('responded', sa.Boolean(), nullable=True),
    sa.Column('solved', sa.Boolean(), nullable=True),
    sa.Column('satisfied', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.CheckConstraint("note ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_call_back_note_not_blank')),
    sa.CheckConstraint("satisfied IN ('yes', 'basically', 'no')", name=op.f('ck_call_back_satisfied_known')),
    sa.CheckConstraint('reached = (responded IS NOT NULL) AND reached = (solved IS NOT NULL) AND reached = (satisfied IS NOT NULL)', name=op.f('ck_call_back_answers_when_reached')),
    sa.ForeignKeyConstraint(['request_id', 'community_id'], ['request.id', 'request.community_id'], name=op.f('fk_call_back_request_id_community_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_back'))
    )
    op.create_index(op.f('ix_call_back_community_id'), 'call_back', ['community_id'], unique=False)
    op.create_index('ix_call_back_request_id_called_at', 'call_back', ['request_id', 'called_at'], unique=False)
    op.create_table('request_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('request_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('recorded_by', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('from_status', sa.Text(), nullable=True),
    sa.Column('to_status', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.CheckConstraint("(kind = 'status') <= (to_status IS NOT NULL)", name=op.f('ck_request_event_status_names_next')),
    sa.CheckConstraint("from_status IN ('received', 'accepted', 'dispatched', 'in_progress', 'resolved', 'called_back', 'closed', 'returned', 'duplicate', 'out_of_scope', 'waiting', 'escalated', 'reopened')", name=op.f('ck_request_event_from_status_known')),
    sa.CheckConstraint("kind IN ('status', 'note', 'assignment', 'category', 'place', 'attachment', 'incident', 'correction', 'imported')", name=op.f('ck_request_event_kind_known')),
    sa.CheckConstraint("note ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_request_event_note_not_blank')),
    sa.CheckConstraint("to_status IN ('received', 'accepted', 'dispatched', 'in_progress', 'resolved', 'called_back', 'closed', 'returned', 'duplicate', 'out_of_scope', 'waiting', 'escalated', 'reopened')", name=op.f('ck_request_event_to_status_known')),
    sa.ForeignKeyConstraint(['request_id', 'community_id'], ['request.id', 'request.community_id'], name=op.f('fk_request_event_request_id_community_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_event'))
    )
    op.create_index(op.f('ix_request_event_community_id'), 'request_event', ['community_id'], unique=False)
    op.create_index('ix_request_event_request_id_at', 'request_event', ['request_id', 'happened_at'], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM study WHERE kind = 'hotspots'")
    op.drop_constraint(op.f("ck_study_kind_known"), "study", type_="check")
    op.create_check_constraint(op.f("ck_study_kind_known"), "study", _kinds(KINDS))
    op.drop_index('ix_request_event_request_id_at', table_name='request_event')
    op.drop_index(op.f('ix_request_event_community_id'), table_name='request_event')
    op.drop_table('request_event')
    op.drop_index('ix_call_back_request_id_called_at', table_name='call_back')
    op.drop_index(op.f('ix_call_back_community_id'), table_name='call_back')
    op.drop_table('call_back')
    op.drop_index(op.f('ix_attachment_request_id'), table_name='attachment')
    op.drop_index(op.f('ix_attachment_community_id'), table_name='attachment')
    op.drop_table('attachment')
    op.drop_index(op.f('ix_request_unit_id'), table_name='request')
    op.drop_index(op.f('ix_request_person_id'), table_name='request')
    op.drop_index('ix_request_owner', table_name='request', postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index(op.f('ix_request_organisation_id'), table_name='request')
    op.drop_index(op.f('ix_request_incident_id'), table_name='request')
    op.drop_index(op.f('ix_request_import_id'), table_name='request')
    op.drop_geospatial_index('ix_request_geom', table_name='request', postgresql_using='gist', column_name='geom')
    op.drop_index(op.f('ix_request_duplicate_of'), table_name='request')
    op.drop_index('ix_request_community_id_received_at', table_name='request')
    op.drop_index('ix_request_category_id_received_at', table_name='request')
    op.drop_index(op.f('ix_request_building_id'), table_name='request')
    op.drop_geospatial_table('request')
    op.drop_index('uq_incident_door_place', table_name='incident_door')
    op.drop_index(op.f('ix_incident_door_unit_id'), table_name='incident_door')
    op.drop_index(op.f('ix_incident_door_community_id'), table_name='incident_door')
    op.drop_index(op.f('ix_incident_door_building_id'), table_name='incident_door')
    op.drop_table('incident_door')
    op.drop_index(op.f('ix_proposal_community_id'), table_name='proposal')
    op.drop_table('proposal')
    op.drop_index('ix_incident_community_id_started_at', table_name='incident')
    op.drop_table('incident')
    op.drop_index(op.f('ix_api_key_user_name'), table_name='api_key')
    op.drop_table('api_key')
    op.drop_table('request_category')
