"""claim_index

Revision: 0008, after 0007

With an index on (state, not_before) SQLite sorts every waiting letter for each portion, instead of reading the first
ones in order from ix_delivery_claim (seen in the query's plan).
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix_delivery_due", table_name="delivery")


def downgrade():
    op.create_index("ix_delivery_due", "delivery", ["state", "not_before"], unique=False)
