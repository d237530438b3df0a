"""ended_session

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'ended_session',
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('ended_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_ended_session')),
    )
    op.create_index(op.f('ix_ended_session_ended_at'), 'ended_session', ['ended_at'])


def downgrade():
    op.drop_index(op.f('ix_ended_session_ended_at'), table_name='ended_session')
    op.drop_table('ended_session')
