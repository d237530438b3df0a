"""seeing: which workers live, and what is the matter

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

KINDS = ('clock', 'workers', 'letters', 'relay', 'mailings', 'imports', 'erasing', 'retention', 'disk')


def moment(name, nullable=False):
    return sa.Column(name, eventsys.database.UtcDateTime(timezone=True), nullable=nullable)


def upgrade():
    op.create_table(
        'worker',
        sa.Column('holder', sa.String(length=20), nullable=False),
        moment('begun_at'),
        moment('seen_at'),
        sa.PrimaryKeyConstraint('holder', name=op.f('pk_worker')),
    )
    op.create_table(
        'trouble',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum(*KINDS, name='kind', native_enum=False, length=24), nullable=False),
        sa.Column('detail', sa.String(length=300), nullable=False),
        moment('begun_at'),
        moment('noticed_at'),
        moment('seen_at'),
        moment('told_at', nullable=True),
        moment('over_at', nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_trouble')),
    )
    with op.batch_alter_table('trouble', schema=None) as batch_op:
        batch_op.create_index(
            'uq_trouble_kind_open', ['kind'], unique=True,
            sqlite_where=sa.text('over_at IS NULL'), postgresql_where=sa.text('over_at IS NULL'),
        )


def downgrade():
    op.drop_table('trouble')
    op.drop_table('worker')
