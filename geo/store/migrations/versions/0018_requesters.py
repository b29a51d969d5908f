"""who brought a request, sealed; counts of requests per cell; rows for a run of hotspots."""

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
