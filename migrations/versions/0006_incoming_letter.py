"""incoming_letter

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("address_wrong", "later", "refused_us", "complaint", "auto_reply", "not_a_bounce")


def upgrade():
    moment = eventsys.database.UtcDateTime(timezone=True)
    op.create_table(
        "incoming_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("read_at", moment, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Enum(*KINDS, name="kind", native_enum=False, length=24), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_incoming_letter_delivery_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_letter")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_incoming_letter_fingerprint")),
    )
    with op.batch_alter_table("incoming_letter", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_letter_kind", ["kind", "read_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_letter_read_at"), ["read_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_letter_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_letter_applied_at"), ["applied_at"], unique=False)
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delivery_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_suppression_delivery_id"), "delivery", ["delivery_id"], ["id"], ondelete="SET NULL"
        )


def downgrade():
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_suppression_delivery_id"), type_="foreignkey")
        batch_op.drop_column("delivery_id")
    op.drop_table("incoming_letter")
