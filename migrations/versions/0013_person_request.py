"""person request

Revision: 0013, after 0011
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0013'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('person_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('wish', sa.Enum('extract', 'correct', 'erase', name='wish', native_enum=False, length=24), nullable=False),
    sa.Column('state', sa.Enum('asked', 'waiting', 'erasing', 'done', 'refused', name='requeststate', native_enum=False, length=24), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('begun_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('trouble', sa.String(length=300), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('handled_by', sa.String(length=120), nullable=False),
    sa.Column('handled_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_letter_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['last_letter_id'], ['delivery.id'], name=op.f('fk_person_request_last_letter_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_request')),
    sa.UniqueConstraint('token', name=op.f('uq_person_request_token'))
    )
    with op.batch_alter_table('person_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_request_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_request_state'), ['state'], unique=False)


def downgrade():
    op.drop_table('person_request')
