"""newsletters

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('newsletter_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seeds', sa.Text(), nullable=False),
    sa.Column('hold_minutes', sa.Integer(), nullable=False),
    sa.Column('goal_new', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_newsletter_settings'))
    )
    op.create_table('picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('content_type', sa.String(length=40), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_by', sa.String(length=120), nullable=False),
    sa.Column('uploaded_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_picture')),
    sa.UniqueConstraint('token', name=op.f('uq_picture_token'))
    )
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_picture_sha256'), ['sha256'], unique=False)

    op.create_table('segment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('base', sa.String(length=40), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment')),
    sa.UniqueConstraint('name', name=op.f('uq_segment_name'))
    )
    op.create_table('sign_up_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_up_code')),
    sa.UniqueConstraint('code', name=op.f('uq_sign_up_code_code'))
    )
    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_contact_company_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('company_id', 'email_key', name=op.f('uq_contact_company_id_email_key'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_email_key'), ['email_key'], unique=False)

    op.create_table('issue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'scheduled', 'leaving', 'cancelled', name='issuestate', native_enum=False, length=24), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('preheader', sa.String(length=200), nullable=False),
    sa.Column('meeting_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('manuscript_on', sa.Date(), nullable=True),
    sa.Column('proof_on', sa.Date(), nullable=True),
    sa.Column('send_on', sa.Date(), nullable=True),
    sa.Column('audience', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sends_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('hold_minutes', sa.Integer(), nullable=False),
    sa.Column('trouble', sa.String(length=300), nullable=False),
    sa.Column('mailing_id', sa.Integer(), nullable=True),
    sa.Column('published_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_issue_changed_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['mailing_id'], ['mailing.id'], name=op.f('fk_issue_mailing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue')),
    sa.UniqueConstraint('mailing_id', name=op.f('uq_issue_mailing_id')),
    sa.UniqueConstraint('year', 'number', name=op.f('uq_issue_year_number'))
    )
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_state'), ['state'], unique=False)

    op.create_table('reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=True),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('added_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('refused_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_reader_company_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader')),
    sa.UniqueConstraint('address', name=op.f('uq_reader_address')),
    sa.UniqueConstraint('token', name=op.f('uq_reader_token'))
    )
    with op.batch_alter_table('reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reader_company_id'), ['company_id'], unique=False)

    op.create_table('article',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=True),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.Enum('article', 'event', 'event_list', 'procurement', name='articlekind', native_enum=False, length=24), nullable=False),
    sa.Column('state', sa.Enum('idea', 'draft', 'ready', name='articlestate', native_enum=False, length=24), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('heading', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=600), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('link_url', sa.String(length=500), nullable=False),
    sa.Column('link_text', sa.String(length=80), nullable=False),
    sa.Column('picture_id', sa.Integer(), nullable=True),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('buyer', sa.String(length=120), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_article_event_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_article_issue_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_article_owner_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_article_picture_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('token', name=op.f('uq_article_token'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_issue_id'), ['issue_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_article_owner_id'), ['owner_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('list', sa.String(length=40), nullable=False),
    sa.Column('act', sa.Enum('given', 'imported', 'withdrawn', 'complained', name='consentact', native_enum=False, length=24), nullable=False),
    sa.Column('at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('way', sa.Enum('page', 'code', 'registration', 'import', 'staff', name='way', native_enum=False, length=24), nullable=False),
    sa.Column('code_id', sa.Integer(), nullable=True),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('ground', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['sign_up_code.id'], name=op.f('fk_consent_code_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reader_id'], ['reader.id'], name=op.f('fk_consent_reader_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_reader_id'), ['reader_id'], unique=False)

    op.create_table('proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('issue_id', sa.Integer(), nullable=False),
    sa.Column('issue_version', sa.Integer(), nullable=False),
    sa.Column('letter', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('judged_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('returned_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.String(length=600), nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_proof_asked_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['issue_id'], ['issue.id'], name=op.f('fk_proof_issue_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['judged_by'], ['account.id'], name=op.f('fk_proof_judged_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proof'))
    )
    with op.batch_alter_table('proof', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proof_issue_id'), ['issue_id'], unique=False)

    op.create_table('subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('list', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('active', 'ended', name='subscriptionstate', native_enum=False, length=24), nullable=False),
    sa.Column('way', sa.Enum('page', 'code', 'registration', 'import', 'staff', name='way', native_enum=False, length=24), nullable=False),
    sa.Column('code_id', sa.Integer(), nullable=True),
    sa.Column('began_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('why_ended', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['sign_up_code.id'], name=op.f('fk_subscription_code_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reader_id'], ['reader.id'], name=op.f('fk_subscription_reader_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('reader_id', 'list', name=op.f('uq_subscription_reader_id_list'))
    )
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_list'), ['list'], unique=False)

    op.create_table('article_response',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('is_useful', sa.Boolean(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('none', 'new', 'read', 'hidden', name='commentstate', native_enum=False, length=24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_response_article_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_response')),
    sqlite_with_rowid=False,
    )
    with op.batch_alter_table('article_response', schema=None) as batch_op:
        batch_op.create_index('ix_article_response_article_id', ['article_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_article_response_state'), ['state'], unique=False)

    op.create_table('article_used_link',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_used_link_article_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_used_link')),
    sa.UniqueConstraint('article_id', 'mark', name=op.f('uq_article_used_link_article_id_mark')),
    sqlite_with_rowid=False,
    )
    op.create_table('sign_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('lists', sa.JSON(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('way', sa.Enum('page', 'code', 'registration', 'import', 'staff', name='way', native_enum=False, length=24), nullable=False),
    sa.Column('code_id', sa.Integer(), nullable=True),
    sa.Column('reader_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['code_id'], ['sign_up_code.id'], name=op.f('fk_sign_up_code_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reader_id'], ['reader.id'], name=op.f('fk_sign_up_reader_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_sign_up_registration_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_up')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_sign_up_registration_id')),
    sa.UniqueConstraint('token', name=op.f('uq_sign_up_token'))
    )
    with op.batch_alter_table('sign_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_up_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_up_created_at'), ['created_at'], unique=False)

    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.add_column(sa.Column('care_of', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('street', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('postcode', sa.String(length=5), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('place', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('refuses_advertising', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f('ix_company_postcode'), ['postcode'], unique=False)
    with op.batch_alter_table('company', schema=None) as batch_op:
        for name in ('care_of', 'street', 'postcode', 'place'):
            batch_op.alter_column(name, existing_type=sa.String(), existing_nullable=False, server_default=None)
        batch_op.alter_column('refuses_advertising', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wants_letters_at', eventsys.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_registration_wants_letters_at'), ['wants_letters_at'], unique=False)


def downgrade():
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_wants_letters_at'))
        batch_op.drop_column('wants_letters_at')
    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_postcode'))
        batch_op.drop_column('refuses_advertising')
        batch_op.drop_column('place')
        batch_op.drop_column('postcode')
        batch_op.drop_column('street')
        batch_op.drop_column('care_of')

    with op.batch_alter_table('sign_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_up_created_at'))
        batch_op.drop_index(batch_op.f('ix_sign_up_address'))

    op.drop_table('sign_up')
    op.drop_table('article_used_link')
    with op.batch_alter_table('article_response', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_response_state'))
        batch_op.drop_index('ix_article_response_article_id')

    op.drop_table('article_response')
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subscription_list'))

    op.drop_table('subscription')
    with op.batch_alter_table('proof', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proof_issue_id'))

    op.drop_table('proof')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_reader_id'))
        batch_op.drop_index(batch_op.f('ix_consent_at'))

    op.drop_table('consent')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_article_owner_id'))
        batch_op.drop_index(batch_op.f('ix_article_issue_id'))

    op.drop_table('article')
    with op.batch_alter_table('reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reader_company_id'))

    op.drop_table('reader')
    with op.batch_alter_table('issue', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_issue_state'))

    op.drop_table('issue')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_email_key'))

    op.drop_table('contact')
    op.drop_table('sign_up_code')
    op.drop_table('segment')
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_picture_sha256'))

    op.drop_table('picture')
    op.drop_table('newsletter_settings')