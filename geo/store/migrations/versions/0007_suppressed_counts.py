"""counts of personal attributes, merged upwards until nobody can be found in them."""

from alembic import op

from geo.store.statements import statement

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CORE = {
    "suppressed_tree": "int[], bigint[]",
    "suppressed_standing": "int[], int[], int[], bigint[], int[], bigint[]",
    "suppressed_groups": "bigint[], int[], int[], bigint",
    "suppressed_counts": "int[], bigint[], bigint[], bigint[], bigint[], int[], bigint",
}


def upgrade() -> None:
    for name, takes in CORE.items():
        op.execute(statement("access", name))
        op.execute(f"REVOKE ALL ON FUNCTION {name}({takes}) FROM PUBLIC")


def downgrade() -> None:
    for name, takes in CORE.items():
        op.execute(f"DROP FUNCTION {name}({takes})")
