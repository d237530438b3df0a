"""mailings

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    moment = eventsys.database.UtcDateTime(timezone=True)
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reason", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("letter", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=False, server_default=""))
        for name in ("prepared_at", "starts_at", "begun_at", "moved_at", "held_until", "finished_at"):
            batch_op.add_column(sa.Column(name, moment, nullable=True))
        for name in ("hold_seconds", "refusals"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_mailing_state"), ["state"], unique=False)
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        for name in ("about", "reason", "sha256"):
            batch_op.alter_column(name, existing_type=sa.String(), existing_nullable=False, server_default=None)
        for name in ("hold_seconds", "refusals"):
            batch_op.alter_column(name, existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    op.execute("UPDATE mailing SET state = 'sending' WHERE state = 'running'")
    op.create_table(
        "mailing_exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_mailing_exclusion_mailing_id_mailing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_exclusion")),
    )
    with op.batch_alter_table("mailing_exclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailing_exclusion_mailing_id"), ["mailing_id"], unique=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation", sa.String(length=200), nullable=False, server_default=""))
        batch_op.drop_index("ix_delivery_claim")
        batch_op.create_index("ix_delivery_claim", ["mailing_id", "state", "priority", "id"], unique=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column(
            "organisation", existing_type=sa.String(length=200), existing_nullable=False, server_default=None
        )


def downgrade():
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_claim")
        batch_op.create_index("ix_delivery_claim", ["state", "priority", "id"], unique=False)
        batch_op.drop_column("organisation")
    op.drop_table("mailing_exclusion")
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailing_state"))
        for name in (
            "about", "reason", "letter", "sha256", "prepared_at", "starts_at", "begun_at", "moved_at", "held_until",
            "finished_at", "hold_seconds", "refusals",
        ):  # fmt: skip
            batch_op.drop_column(name)
