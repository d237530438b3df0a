"""programme_removed

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    for table in ('slot', 'session'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('removed_at', eventsys.database.UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table('session_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_choice_attendee_id'), ['attendee_id'], unique=False)


def downgrade():
    with op.batch_alter_table('session_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_choice_attendee_id'))
    for table in ('session', 'slot'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('removed_at')
