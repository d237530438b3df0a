"""signing_in

Revision: 0016, after 0015

A second factor for passwords, with recovery codes, and whom an issuer of OpenID Connect knows an account by.
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

COUNTS = ("second_factor_step", "failed_codes")


def upgrade():
    op.create_table(
        'recovery_code',
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('mark', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('account_id', 'mark', name=op.f('pk_recovery_code')),
    )
    with op.batch_alter_table('account') as batch_op:
        batch_op.add_column(sa.Column('second_factor', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('second_factor_at', eventsys.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('codes_locked_until', eventsys.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('oidc_issuer', sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column('oidc_subject', sa.String(length=255), nullable=True))
        for name in COUNTS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_unique_constraint(op.f('uq_account_oidc_issuer_oidc_subject'), ['oidc_issuer', 'oidc_subject'])
    with op.batch_alter_table('account') as batch_op:
        for name in COUNTS:
            batch_op.alter_column(name, existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade():
    with op.batch_alter_table('account') as batch_op:
        batch_op.drop_constraint(op.f('uq_account_oidc_issuer_oidc_subject'), type_='unique')
        for name in (*COUNTS, 'oidc_subject', 'oidc_issuer', 'codes_locked_until', 'second_factor_at', 'second_factor'):
            batch_op.drop_column(name)
    op.drop_table('recovery_code')
