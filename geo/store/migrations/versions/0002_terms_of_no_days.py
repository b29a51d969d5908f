"""a term may end on the day it begins: replaced or called off before it counted."""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f('ck_holding_ends_after_start'), 'holding')
    op.create_check_constraint(op.f('ck_holding_ends_not_before_start'), 'holding', 'to_on IS NULL OR to_on >= from_on')


def downgrade() -> None:
    op.execute('DELETE FROM holding WHERE to_on = from_on')
    op.drop_constraint(op.f('ck_holding_ends_not_before_start'), 'holding')
    op.create_check_constraint(op.f('ck_holding_ends_after_start'), 'holding', 'to_on IS NULL OR to_on > from_on')
