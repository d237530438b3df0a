"""former_facts

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    moment = eventsys.database.UtcDateTime(timezone=True)
    op.create_table(
        "former_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_former_facts_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_facts")),
    )
    with op.batch_alter_table("former_facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_facts_event_id"), ["event_id"], unique=False)


def downgrade():
    with op.batch_alter_table("former_facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_facts_event_id"))
    op.drop_table("former_facts")
