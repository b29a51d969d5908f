"""studies, volunteers, care circles, shifts, visits and who was asked to take a post."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from geo.store import row_security as rows

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


WORKS = f"{rows.RUNS_CITY} OR community_id {rows.WORKS_THERE}"
OF_PERSONS = "kind IN ('pairing', 'rota')"
POLICIES = {
    "volunteer": rows.Policies(f"{rows.PLANS_CITY} OR community_id {rows.WORKS_THERE}", WORKS),
    "availability": rows.Policies(f"{rows.PLANS_CITY} OR community_id {rows.WORKS_THERE}", WORKS),
    "hours_given": rows.Policies(WORKS, WORKS),
    "candidacy": rows.Policies(WORKS, WORKS),
    "care_circle": rows.Policies(WORKS, WORKS),
    "circle_member": rows.Policies(WORKS, WORKS),
    "shift": rows.Policies(WORKS, WORKS),
    "visit": rows.Policies(f"{WORKS} OR care_need_id IN (SELECT n.id FROM care_need n)",
                           f"{WORKS} OR care_need_id IN (SELECT n.id FROM care_need n)"),
    "study": rows.Policies(f"{WORKS} OR ({rows.CITY_WIDE} AND NOT {OF_PERSONS})",
                           f"{WORKS} OR ({rows.PLANS_CITY} AND NOT {OF_PERSONS})"),
}
"""A visit may be seen and recorded by who sees its need, a head's own doors among them."""
FINAL = {"visit"}


def upgrade() -> None:
    _tables()
    op.create_check_constraint(
        op.f("ck_care_need_skills_known"), "care_need",
        "skills <@ ARRAY['company', 'shopping', 'medicine', 'cooking', 'nursing', 'repair', 'mediation', 'policy_talk']",
    )
    op.create_check_constraint(
        op.f("ck_care_need_hours_plausible"), "care_need", "hours_week > 0 AND hours_week <= 168"
    )
    op.create_check_constraint(
        op.f("ck_care_need_cadence_plausible"), "care_need", "cadence_days BETWEEN 1 AND 730"
    )
    op.create_check_constraint(
        op.f("ck_organisation_team_kind_known"), "organisation",
        "team_kind IN ('family_mediation', 'care_4050_7080', 'repair', 'health', 'policy_talk')",
    )
    op.create_check_constraint(
        op.f("ck_organisation_team_kind_of_team"), "organisation", "team_kind IS NULL OR kind = 'volunteer_team'"
    )
    for table, wanted in POLICIES.items():
        op.execute(rows.enable(table))
        for statement in rows.policies(table, wanted):
            op.execute(statement)
        commands = "SELECT, INSERT" if table in FINAL else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {commands} ON {table} TO {rows.APP_ROLE}")


def _tables() -> None:
    op.create_unique_constraint(op.f('uq_care_need_id_community_id'), 'care_need', ['id', 'community_id'])
    op.create_table('study',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=True),
    sa.Column('asked', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('parameters', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('data_versions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('frame', sa.LargeBinary(), nullable=True),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('data_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("char_length(name) <= 200 AND name ~ '^[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF][^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]*$'", name=op.f('ck_study_name_not_blank')),
    sa.CheckConstraint("kind IN ('coverage', 'reach', 'patches', 'pairing', 'rota', 'years_ahead', 'what_if', 'siting')", name=op.f('ck_study_kind_known')),
    sa.CheckConstraint("note ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_study_note_not_blank')),
    sa.ForeignKeyConstraint(['community_id'], ['area.id'], name=op.f('fk_study_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_study'))
    )
    op.create_index(op.f('ix_study_community_id'), 'study', ['community_id'], unique=False)
    op.create_index('ix_study_kind_made_at', 'study', ['kind', 'made_at'], unique=False)
    op.create_table('volunteer',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=True),
    sa.Column('building_id', sa.BigInteger(), nullable=True),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('skills', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('hours_week', sa.Numeric(), nullable=False),
    sa.Column('limit_m', sa.Integer(), nullable=True),
    sa.Column('birth_year', sa.SmallInteger(), nullable=True),
    sa.Column('party_member', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('checked_in_on', sa.Date(), nullable=True),
    sa.Column('status', sa.Text(), server_default='active', nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("skills <@ ARRAY['company', 'shopping', 'medicine', 'cooking', 'nursing', 'repair', 'mediation', 'policy_talk']", name=op.f('ck_volunteer_skills_known')),
    sa.CheckConstraint("status IN ('active', 'paused', 'ended')", name=op.f('ck_volunteer_status_known')),
    sa.CheckConstraint('birth_year BETWEEN 1890 AND 2200', name=op.f('ck_volunteer_birth_year_plausible')),
    sa.CheckConstraint('hours_week >= 0 AND hours_week <= 168', name=op.f('ck_volunteer_hours_plausible')),
    sa.CheckConstraint('limit_m BETWEEN 50 AND 20000', name=op.f('ck_volunteer_limit_plausible')),
    sa.CheckConstraint('unit_id IS NULL OR building_id IS NOT NULL', name=op.f('ck_volunteer_unit_has_building')),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_volunteer_building_id')),
    sa.ForeignKeyConstraint(['person_id', 'community_id'], ['person.id', 'person.community_id'], name=op.f('fk_volunteer_person_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['organisation.id'], name=op.f('fk_volunteer_team_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_volunteer_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_volunteer_id_community_id')),
    sa.UniqueConstraint('person_id', name=op.f('uq_volunteer_person_id'))
    )
    op.create_index(op.f('ix_volunteer_building_id'), 'volunteer', ['building_id'], unique=False)
    op.create_index(op.f('ix_volunteer_community_id'), 'volunteer', ['community_id'], unique=False)
    op.create_index(op.f('ix_volunteer_import_id'), 'volunteer', ['import_id'], unique=False)
    op.create_index(op.f('ix_volunteer_team_id'), 'volunteer', ['team_id'], unique=False)
    op.create_index(op.f('ix_volunteer_unit_id'), 'volunteer', ['unit_id'], unique=False)
    op.create_table('availability',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('from_minute', sa.Integer(), nullable=False),
    sa.Column('to_minute', sa.Integer(), nullable=False),
    postgresql.ExcludeConstraint((sa.text('volunteer_id'), '='), (sa.text('weekday'), '='), (sa.text('int4range(from_minute, to_minute)'), '&&'), using='gist', name='ex_availability_no_overlap'),
    sa.CheckConstraint('from_minute >= 0 AND to_minute <= 1440 AND from_minute < to_minute', name=op.f('ck_availability_minutes_of_a_day')),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_availability_weekday_known')),
    sa.ForeignKeyConstraint(['volunteer_id', 'community_id'], ['volunteer.id', 'volunteer.community_id'], name=op.f('fk_availability_volunteer_id_community_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_availability'))
    )
    op.create_index(op.f('ix_availability_community_id'), 'availability', ['community_id'], unique=False)
    op.create_index(op.f('ix_availability_volunteer_id'), 'availability', ['volunteer_id'], unique=False)
    op.create_table('candidacy',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('post_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Text(), server_default='asked', nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(status = 'asked') = (decided_on IS NULL)", name=op.f('ck_candidacy_decided_has_day')),
    sa.CheckConstraint("reason ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_candidacy_reason_not_blank')),
    sa.CheckConstraint("status IN ('asked', 'accepted', 'declined', 'appointed', 'refused', 'withdrawn')", name=op.f('ck_candidacy_status_known')),
    sa.CheckConstraint("status NOT IN ('declined', 'refused') OR reason IS NOT NULL", name=op.f('ck_candidacy_no_has_reason')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_candidacy_person_id')),
    sa.ForeignKeyConstraint(['post_id', 'community_id'], ['post.id', 'post.community_id'], name=op.f('fk_candidacy_post_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidacy'))
    )
    op.create_index(op.f('ix_candidacy_community_id'), 'candidacy', ['community_id'], unique=False)
    op.create_index(op.f('ix_candidacy_person_id'), 'candidacy', ['person_id'], unique=False)
    op.create_index(op.f('ix_candidacy_post_id'), 'candidacy', ['post_id'], unique=False)
    op.create_index('uq_candidacy_open', 'candidacy', ['post_id', 'person_id'], unique=True, postgresql_where=sa.text("status = 'asked'"))
    op.create_table('hours_given',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=True),
    sa.Column('recorded_by', sa.Text(), nullable=False),
    sa.Column('confirmed_by', sa.Text(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_hours_given_purpose_not_blank')),
    sa.CheckConstraint('(confirmed_by IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_hours_given_confirmed_whole')),
    sa.CheckConstraint('minutes > 0 AND minutes <= 1440', name=op.f('ck_hours_given_minutes_plausible')),
    sa.ForeignKeyConstraint(['volunteer_id', 'community_id'], ['volunteer.id', 'volunteer.community_id'], name=op.f('fk_hours_given_volunteer_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hours_given'))
    )
    op.create_index(op.f('ix_hours_given_community_id'), 'hours_given', ['community_id'], unique=False)
    op.create_index(op.f('ix_hours_given_volunteer_id'), 'hours_given', ['volunteer_id'], unique=False)
    op.create_table('care_circle',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('care_need_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Text(), server_default='proposed', nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('study_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name=op.f('ck_care_circle_ended_has_day')),
    sa.CheckConstraint("reason ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_care_circle_reason_not_blank')),
    sa.CheckConstraint("status IN ('proposed', 'trial', 'active', 'paused', 'ended')", name=op.f('ck_care_circle_status_known')),
    sa.ForeignKeyConstraint(['care_need_id', 'community_id'], ['care_need.id', 'care_need.community_id'], name=op.f('fk_care_circle_care_need_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['team_id'], ['organisation.id'], name=op.f('fk_care_circle_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_circle')),
    sa.UniqueConstraint('id', 'community_id', name=op.f('uq_care_circle_id_community_id'))
    )
    op.create_index(op.f('ix_care_circle_care_need_id'), 'care_circle', ['care_need_id'], unique=False)
    op.create_index(op.f('ix_care_circle_community_id'), 'care_circle', ['community_id'], unique=False)
    op.create_index(op.f('ix_care_circle_team_id'), 'care_circle', ['team_id'], unique=False)
    op.create_index('uq_care_circle_current', 'care_circle', ['care_need_id'], unique=True, postgresql_where=sa.text("status <> 'ended'"))
    op.create_table('visit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('care_need_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('building_id', sa.BigInteger(), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=True),
    sa.Column('visited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('recorded_by', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='care', nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('findings', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.CheckConstraint("findings <@ ARRAY['all_well', 'unwell', 'fell', 'lonely', 'needs_medicine', 'needs_shopping', 'repair', 'wants_call']", name=op.f('ck_visit_findings_known')),
    sa.CheckConstraint("kind IN ('care', 'first', 'after_change', 'phone')", name=op.f('ck_visit_kind_known')),
    sa.CheckConstraint("result = 'met' OR findings = '{}'", name=op.f('ck_visit_findings_when_met')),
    sa.CheckConstraint("result IN ('met', 'absent', 'refused')", name=op.f('ck_visit_result_known')),
    sa.CheckConstraint("visited_at <= recorded_at + interval '1 hour'", name=op.f('ck_visit_not_in_the_future')),
    sa.CheckConstraint('minutes > 0 AND minutes <= 1440', name=op.f('ck_visit_minutes_plausible')),
    sa.ForeignKeyConstraint(['building_id', 'community_id'], ['building.id', 'building.community_id'], name=op.f('fk_visit_building_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['care_need_id', 'community_id'], ['care_need.id', 'care_need.community_id'], name=op.f('fk_visit_care_need_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['volunteer_id'], ['volunteer.id'], name=op.f('fk_visit_volunteer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('key', name=op.f('uq_visit_key'))
    )
    op.create_index(op.f('ix_visit_building_id'), 'visit', ['building_id'], unique=False)
    op.create_index('ix_visit_care_need_id_visited_at', 'visit', ['care_need_id', 'visited_at'], unique=False)
    op.create_index(op.f('ix_visit_community_id'), 'visit', ['community_id'], unique=False)
    op.create_index(op.f('ix_visit_volunteer_id'), 'visit', ['volunteer_id'], unique=False)
    op.create_table('circle_member',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('circle_id', sa.BigInteger(), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=False),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('tasks', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('weekdays', postgresql.ARRAY(sa.SmallInteger()), server_default='{}', nullable=False),
    sa.Column('hours_week', sa.Numeric(), nullable=False),
    sa.Column('distance_m', sa.Double(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("reason ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_circle_member_reason_not_blank')),
    sa.CheckConstraint("role IN ('primary', 'turn', 'backup')", name=op.f('ck_circle_member_role_known')),
    sa.CheckConstraint("tasks <@ ARRAY['visit', 'shopping', 'medicine', 'meal']", name=op.f('ck_circle_member_tasks_known')),
    sa.CheckConstraint('distance_m >= 0', name=op.f('ck_circle_member_distance_not_negative')),
    sa.CheckConstraint('hours_week >= 0 AND hours_week <= 168', name=op.f('ck_circle_member_hours_plausible')),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_circle_member_ends_not_before_start')),
    sa.CheckConstraint('weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[]', name=op.f('ck_circle_member_weekdays_known')),
    sa.ForeignKeyConstraint(['circle_id', 'community_id'], ['care_circle.id', 'care_circle.community_id'], name=op.f('fk_circle_member_circle_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['volunteer_id', 'community_id'], ['volunteer.id', 'volunteer.community_id'], name=op.f('fk_circle_member_volunteer_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_member'))
    )
    op.create_index(op.f('ix_circle_member_circle_id'), 'circle_member', ['circle_id'], unique=False)
    op.create_index(op.f('ix_circle_member_community_id'), 'circle_member', ['community_id'], unique=False)
    op.create_index(op.f('ix_circle_member_volunteer_id'), 'circle_member', ['volunteer_id'], unique=False)
    op.create_index('uq_circle_member_current', 'circle_member', ['circle_id', 'volunteer_id'], unique=True, postgresql_where=sa.text('to_on IS NULL'))
    op.create_table('shift',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('circle_id', sa.BigInteger(), nullable=False),
    sa.Column('volunteer_id', sa.BigInteger(), nullable=True),
    sa.Column('community_id', sa.BigInteger(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('from_minute', sa.Integer(), nullable=False),
    sa.Column('to_minute', sa.Integer(), nullable=False),
    sa.Column('task', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('replaces_id', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("(status = 'open') = (volunteer_id IS NULL)", name=op.f('ck_shift_open_has_nobody')),
    sa.CheckConstraint("reason ~ '[^\\u0001-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\u0020\\u00A0\\u00AD\\u034F\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180E\\u2000-\\u200D\\u202F\\u205F-\\u2064\\u206A-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\U000E0000-\\U000E0FFF]'", name=op.f('ck_shift_reason_not_blank')),
    sa.CheckConstraint("status IN ('open', 'offered', 'accepted', 'done', 'missed', 'replaced', 'cancelled')", name=op.f('ck_shift_status_known')),
    sa.CheckConstraint("task IN ('visit', 'shopping', 'medicine', 'meal')", name=op.f('ck_shift_task_known')),
    sa.CheckConstraint('from_minute >= 0 AND to_minute <= 1440 AND from_minute < to_minute', name=op.f('ck_shift_minutes_of_a_day')),
    sa.ForeignKeyConstraint(['circle_id', 'community_id'], ['care_circle.id', 'care_circle.community_id'], name=op.f('fk_shift_circle_id_community_id'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['replaces_id'], ['shift.id'], name=op.f('fk_shift_replaces_id')),
    sa.ForeignKeyConstraint(['volunteer_id', 'community_id'], ['volunteer.id', 'volunteer.community_id'], name=op.f('fk_shift_volunteer_id_community_id'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift'))
    )
    op.create_index(op.f('ix_shift_circle_id'), 'shift', ['circle_id'], unique=False)
    op.create_index('ix_shift_community_id_on_day', 'shift', ['community_id', 'on_day'], unique=False)
    op.create_index(op.f('ix_shift_replaces_id'), 'shift', ['replaces_id'], unique=False)
    op.create_index('ix_shift_volunteer_id_on_day', 'shift', ['volunteer_id', 'on_day'], unique=False)
    op.add_column('care_need', sa.Column('skills', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False))
    op.add_column('care_need', sa.Column('hours_week', sa.Numeric(), nullable=True))
    op.add_column('care_need', sa.Column('cadence_days', sa.SmallInteger(), nullable=True))
    op.add_column('organisation', sa.Column('team_kind', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_constraint(op.f("ck_organisation_team_kind_of_team"), "organisation")
    for name in ("skills_known", "hours_plausible", "cadence_plausible"):
        op.drop_constraint(op.f(f"ck_care_need_{name}"), "care_need")
    op.drop_column('organisation', 'team_kind')
    op.drop_column('care_need', 'cadence_days')
    op.drop_column('care_need', 'hours_week')
    op.drop_column('care_need', 'skills')
    op.drop_index('ix_shift_volunteer_id_on_day', table_name='shift')
    op.drop_index(op.f('ix_shift_replaces_id'), table_name='shift')
    op.drop_index('ix_shift_community_id_on_day', table_name='shift')
    op.drop_index(op.f('ix_shift_circle_id'), table_name='shift')
    op.drop_table('shift')
    op.drop_index('uq_circle_member_current', table_name='circle_member', postgresql_where=sa.text('to_on IS NULL'))
    op.drop_index(op.f('ix_circle_member_volunteer_id'), table_name='circle_member')
    op.drop_index(op.f('ix_circle_member_community_id'), table_name='circle_member')
    op.drop_index(op.f('ix_circle_member_circle_id'), table_name='circle_member')
    op.drop_table('circle_member')
    op.drop_index(op.f('ix_visit_volunteer_id'), table_name='visit')
    op.drop_index(op.f('ix_visit_community_id'), table_name='visit')
    op.drop_index('ix_visit_care_need_id_visited_at', table_name='visit')
    op.drop_index(op.f('ix_visit_building_id'), table_name='visit')
    op.drop_table('visit')
    op.drop_index('uq_care_circle_current', table_name='care_circle', postgresql_where=sa.text("status <> 'ended'"))
    op.drop_index(op.f('ix_care_circle_team_id'), table_name='care_circle')
    op.drop_index(op.f('ix_care_circle_community_id'), table_name='care_circle')
    op.drop_index(op.f('ix_care_circle_care_need_id'), table_name='care_circle')
    op.drop_table('care_circle')
    op.drop_index(op.f('ix_hours_given_volunteer_id'), table_name='hours_given')
    op.drop_index(op.f('ix_hours_given_community_id'), table_name='hours_given')
    op.drop_table('hours_given')
    op.drop_index('uq_candidacy_open', table_name='candidacy', postgresql_where=sa.text("status = 'asked'"))
    op.drop_index(op.f('ix_candidacy_post_id'), table_name='candidacy')
    op.drop_index(op.f('ix_candidacy_person_id'), table_name='candidacy')
    op.drop_index(op.f('ix_candidacy_community_id'), table_name='candidacy')
    op.drop_table('candidacy')
    op.drop_index(op.f('ix_availability_volunteer_id'), table_name='availability')
    op.drop_index(op.f('ix_availability_community_id'), table_name='availability')
    op.drop_table('availability')
    op.drop_index(op.f('ix_volunteer_unit_id'), table_name='volunteer')
    op.drop_index(op.f('ix_volunteer_team_id'), table_name='volunteer')
    op.drop_index(op.f('ix_volunteer_import_id'), table_name='volunteer')
    op.drop_index(op.f('ix_volunteer_community_id'), table_name='volunteer')
    op.drop_index(op.f('ix_volunteer_building_id'), table_name='volunteer')
    op.drop_table('volunteer')
    op.drop_index('ix_study_kind_made_at', table_name='study')
    op.drop_index(op.f('ix_study_community_id'), table_name='study')
    op.drop_table('study')
    op.drop_constraint(op.f('uq_care_need_id_community_id'), 'care_need', type_='unique')
