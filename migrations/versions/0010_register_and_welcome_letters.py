"""register and welcome letters

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database
from eventsys.folding import fold
from eventsys.names import collated

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('company_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('format', sa.Enum('own', 'bolagsverket', 'scb', name='importformat', native_enum=False, length=24), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'reading', 'read', 'confirmed', 'applying', 'done', 'failed', 'cancelled', name='importstate', native_enum=False, length=24), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_key', sa.String(length=40), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('read_so_far', sa.BigInteger(), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('lease_until', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('read_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_import'))
    )
    with op.batch_alter_table('company_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_import_state'), ['state'], unique=False)

    op.create_table('postcode',
    sa.Column('digits', sa.String(length=5), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('digits', name=op.f('pk_postcode'))
    )
    op.create_table('register_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_visits', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_settings'))
    )
    op.create_table('tag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('key', name=op.f('uq_tag_key'))
    )
    op.create_table('company_import_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.Enum('new', 'changed', 'same', 'refused', 'passed_over', name='verdict', native_enum=False, length=24), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('number', sa.String(length=10), nullable=True),
    sa.Column('remark', sa.String(length=300), nullable=False),
    sa.Column('record', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['company_import.id'], name=op.f('fk_company_import_line_import_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_import_line'))
    )
    with op.batch_alter_table('company_import_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_import_line_import_id'), ['import_id'], unique=False)

    op.create_table('company_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('merged_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('undone_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['kept_id'], ['company.id'], name=op.f('fk_company_merge_kept_id')),
    sa.ForeignKeyConstraint(['merged_id'], ['company.id'], name=op.f('fk_company_merge_merged_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_merge'))
    )
    with op.batch_alter_table('company_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_merge_kept_id'), ['kept_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_company_merge_merged_id'), ['merged_id'], unique=False)

    op.create_table('company_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_company_note_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_company_note_company_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_note'))
    )
    with op.batch_alter_table('company_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_note_company_id'), ['company_id'], unique=False)

    op.create_table('company_sni',
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=4), nullable=False),
    sa.Column('code', sa.String(length=5), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_company_sni_company_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('company_id', 'version', 'code', name=op.f('pk_company_sni'))
    )
    with op.batch_alter_table('company_sni', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_sni_code'), ['code'], unique=False)

    op.create_table('company_tag',
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_company_tag_company_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_company_tag_tag_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('company_id', 'tag_id', name=op.f('pk_company_tag'))
    )
    with op.batch_alter_table('company_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_tag_tag_id'), ['tag_id'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('form', sa.Enum('on_site', 'digital', 'information', name='visitform', native_enum=False, length=24), nullable=False),
    sa.Column('who', sa.String(length=200), nullable=False),
    sa.Column('met', sa.String(length=200), nullable=False),
    sa.Column('themes', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('follow_up', sa.String(length=300), nullable=False),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('followed_up_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('added_by', sa.String(length=120), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_visit_company_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_company_id'), ['company_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_follow_up_on'), ['follow_up_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_visited_on'), ['visited_on'], unique=False)

    op.create_table('welcome_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('most_months', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('window_left', sa.Integer(), nullable=False),
    sa.Column('window_top', sa.Integer(), nullable=False),
    sa.Column('window_width', sa.Integer(), nullable=False),
    sa.Column('window_height', sa.Integer(), nullable=False),
    sa.Column('folding', sa.Enum('thirds', 'half', name='folding', native_enum=False, length=24), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_welcome_settings_series_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_welcome_settings'))
    )
    op.create_table('welcome_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'asked', 'approved', 'sent', name='roundstate', native_enum=False, length=24), nullable=False),
    sa.Column('registered_until', sa.Date(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('code_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('letter', sa.LargeBinary(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.String(length=600), nullable=False),
    sa.Column('mailing_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['approved_by'], ['account.id'], name=op.f('fk_welcome_round_approved_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_welcome_round_asked_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['changed_by'], ['account.id'], name=op.f('fk_welcome_round_changed_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['code_id'], ['sign_up_code.id'], name=op.f('fk_welcome_round_code_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_welcome_round_event_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['mailing_id'], ['mailing.id'], name=op.f('fk_welcome_round_mailing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_welcome_round')),
    sa.UniqueConstraint('mailing_id', name=op.f('uq_welcome_round_mailing_id')),
    sa.UniqueConstraint('year', 'number', name=op.f('uq_welcome_round_year_number'))
    )
    with op.batch_alter_table('welcome_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_welcome_round_state'), ['state'], unique=False)

    op.create_table('welcome_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('claim', sa.String(length=12), nullable=True),
    sa.Column('choice', sa.Enum('email', 'paper', 'struck', 'excluded', name='choice', native_enum=False, length=24), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('care_of', sa.String(length=120), nullable=False),
    sa.Column('street', sa.String(length=120), nullable=False),
    sa.Column('postcode', sa.String(length=5), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_welcome_letter_company_id')),
    sa.ForeignKeyConstraint(['round_id'], ['welcome_round.id'], name=op.f('fk_welcome_letter_round_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_welcome_letter')),
    sa.UniqueConstraint('company_id', 'claim', name=op.f('uq_welcome_letter_company_id_claim')),
    sa.UniqueConstraint('round_id', 'company_id', name=op.f('uq_welcome_letter_round_id_company_id'))
    )
    with op.batch_alter_table('welcome_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_welcome_letter_company_id'), ['company_id'], unique=False)

    op.create_table('welcome_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('is_later', sa.Boolean(), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('asked', 'making', 'ready', 'failed', name='paperstate', native_enum=False, length=24), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('lease_until', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['welcome_round.id'], name=op.f('fk_welcome_paper_round_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_welcome_paper'))
    )
    with op.batch_alter_table('welcome_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_welcome_paper_round_id'), ['round_id'], unique=False)

    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sort_key', sa.String(length=240), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('search_key', sa.String(length=300), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('kind', sa.Enum('company', 'association', 'public', name='companykind', native_enum=False, length=24), nullable=False, server_default=sa.text("'company'")))
        batch_op.add_column(sa.Column('origin', sa.Enum('registration', 'hand', 'own_list', 'bolagsverket', 'scb', name='origin', native_enum=False, length=24), nullable=False, server_default=sa.text("'registration'")))
        batch_op.add_column(sa.Column('legal_form', sa.String(length=60), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('employees', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('website', sa.String(length=200), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('registered_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('deregistered_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('procedure', sa.String(length=80), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('kept_by_hand', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column('archived_at', eventsys.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('archived_why', sa.String(length=200), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_company_archived_at'), ['archived_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_company_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_company_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_company_registered_on'), ['registered_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_company_sort_key'), ['sort_key'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_company_merged_into_id'), 'company', ['merged_into_id'], ['id'])

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.String(length=80), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('phone', sa.String(length=40), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('phone_e164', sa.String(length=20), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('search_key', sa.String(length=380), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('attached_at', eventsys.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.alter_column('email_key',
               existing_type=sa.VARCHAR(length=254),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_contact_attached_at'), ['attached_at'], unique=False)

    _fill_in()
    # What was there before has its values; from now on the program gives them.
    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.alter_column('sort_key', server_default=None)
        batch_op.alter_column('search_key', server_default=None)
        batch_op.alter_column('kind', server_default=None)
        batch_op.alter_column('origin', server_default=None)
        batch_op.alter_column('legal_form', server_default=None)
        batch_op.alter_column('website', server_default=None)
        batch_op.alter_column('procedure', server_default=None)
        batch_op.alter_column('kept_by_hand', server_default=None)
        batch_op.alter_column('archived_why', server_default=None)
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.alter_column('role', server_default=None)
        batch_op.alter_column('phone', server_default=None)
        batch_op.alter_column('phone_e164', server_default=None)
        batch_op.alter_column('search_key', server_default=None)


def _fill_in():
    """The keys that companies are sorted and found by."""
    company = sa.table(
        'company', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('number', sa.String),
        sa.column('sort_key', sa.String), sa.column('search_key', sa.String),
    )
    rows = op.get_bind().execute(sa.select(company.c.id, company.c.name, company.c.number)).all()
    for row in rows:
        keys = {'sort_key': collated(row.name)[:240], 'search_key': f"{fold(row.name)} {row.number or ''}".strip()[:300]}
        op.execute(company.update().where(company.c.id == row.id).values(**keys))
    contact = sa.table(
        'contact', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('email', sa.String),
        sa.column('search_key', sa.String),
    )
    for row in op.get_bind().execute(sa.select(contact.c.id, contact.c.name, contact.c.email)).all():
        key = f"{fold(row.name)} {fold(row.email)}".strip()[:380]
        op.execute(contact.update().where(contact.c.id == row.id).values(search_key=key))


def downgrade():
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_attached_at'))
        batch_op.alter_column('email_key',
               existing_type=sa.VARCHAR(length=254),
               nullable=False)
        batch_op.drop_column('attached_at')
        batch_op.drop_column('search_key')
        batch_op.drop_column('phone_e164')
        batch_op.drop_column('phone')
        batch_op.drop_column('role')

    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_company_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_company_sort_key'))
        batch_op.drop_index(batch_op.f('ix_company_registered_on'))
        batch_op.drop_index(batch_op.f('ix_company_merged_into_id'))
        batch_op.drop_index(batch_op.f('ix_company_kind'))
        batch_op.drop_index(batch_op.f('ix_company_archived_at'))
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('archived_why')
        batch_op.drop_column('archived_at')
        batch_op.drop_column('kept_by_hand')
        batch_op.drop_column('procedure')
        batch_op.drop_column('deregistered_on')
        batch_op.drop_column('registered_on')
        batch_op.drop_column('website')
        batch_op.drop_column('employees')
        batch_op.drop_column('legal_form')
        batch_op.drop_column('origin')
        batch_op.drop_column('kind')
        batch_op.drop_column('search_key')
        batch_op.drop_column('sort_key')

    with op.batch_alter_table('welcome_paper', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_welcome_paper_round_id'))

    op.drop_table('welcome_paper')
    with op.batch_alter_table('welcome_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_welcome_letter_company_id'))

    op.drop_table('welcome_letter')
    with op.batch_alter_table('welcome_round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_welcome_round_state'))

    op.drop_table('welcome_round')
    op.drop_table('welcome_settings')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_visited_on'))
        batch_op.drop_index(batch_op.f('ix_visit_follow_up_on'))
        batch_op.drop_index(batch_op.f('ix_visit_company_id'))

    op.drop_table('visit')
    with op.batch_alter_table('company_tag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_tag_tag_id'))

    op.drop_table('company_tag')
    with op.batch_alter_table('company_sni', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_sni_code'))

    op.drop_table('company_sni')
    with op.batch_alter_table('company_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_note_company_id'))

    op.drop_table('company_note')
    with op.batch_alter_table('company_merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_merge_merged_id'))
        batch_op.drop_index(batch_op.f('ix_company_merge_kept_id'))

    op.drop_table('company_merge')
    with op.batch_alter_table('company_import_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_import_line_import_id'))

    op.drop_table('company_import_line')
    op.drop_table('tag')
    op.drop_table('register_settings')
    op.drop_table('postcode')
    with op.batch_alter_table('company_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_company_import_state'))

    op.drop_table('company_import')
