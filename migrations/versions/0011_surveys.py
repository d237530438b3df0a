"""surveys

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

import eventsys.database

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('survey_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('goal', sa.Integer(), nullable=False),
    sa.Column('bands', sa.JSON(), nullable=False),
    sa.Column('opens_after_hours', sa.Integer(), nullable=False),
    sa.Column('closes_after_days', sa.Integer(), nullable=False),
    sa.Column('reminder_days', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_settings'))
    )
    op.create_table('survey_template',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('is_automatic', sa.Boolean(), nullable=False),
    sa.Column('asks_no_shows', sa.Boolean(), nullable=False),
    sa.Column('reminder_days', sa.JSON(), nullable=False),
    sa.Column('intro', sa.Text(), nullable=False),
    sa.Column('intro_en', sa.Text(), nullable=False),
    sa.Column('thanks', sa.Text(), nullable=False),
    sa.Column('thanks_en', sa.Text(), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_survey_template_series_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('series_id', name=op.f('pk_survey_template'))
    )
    op.create_table('survey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'ready', 'open', 'closed', name='surveystate', native_enum=False, length=24), nullable=False),
    sa.Column('opens_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closes_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('opened_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reminder_days', sa.JSON(), nullable=False),
    sa.Column('reminders_sent', sa.Integer(), nullable=False),
    sa.Column('asks_no_shows', sa.Boolean(), nullable=False),
    sa.Column('intro', sa.Text(), nullable=False),
    sa.Column('intro_en', sa.Text(), nullable=False),
    sa.Column('thanks', sa.Text(), nullable=False),
    sa.Column('thanks_en', sa.Text(), nullable=False),
    sa.Column('open_code', sa.String(length=20), nullable=True),
    sa.Column('frozen_at', sa.Date(), nullable=True),
    sa.Column('invited', sa.Integer(), nullable=False),
    sa.Column('shown_publicly_at', eventsys.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_survey_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
    sa.UniqueConstraint('event_id', name=op.f('uq_survey_event_id')),
    sa.UniqueConstraint('open_code', name=op.f('uq_survey_open_code'))
    )
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_opens_at'), ['opens_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_survey_state'), ['state'], unique=False)

    op.create_table('survey_response',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.Enum('personal', 'open', 'no_show', 'session', name='way', native_enum=False, length=24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('satisfied', sa.Integer(), nullable=True),
    sa.Column('expectations', sa.Integer(), nullable=True),
    sa.Column('ideal', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_response_survey_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_response')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_response', schema=None) as batch_op:
        batch_op.create_index('ix_survey_response_counting', ['survey_id', 'way', 'satisfied', 'expectations', 'ideal', 'day'], unique=False)

    op.create_table('survey_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Enum('attended', 'no_show', name='asked', native_enum=False, length=24), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('has_answered', sa.Boolean(), nullable=False),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('invited_at', eventsys.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendee.id'], name=op.f('fk_survey_invitation_attendee_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_invitation_survey_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_invitation')),
    sa.UniqueConstraint('survey_id', 'attendee_id', name=op.f('uq_survey_invitation_survey_id_attendee_id')),
    sa.UniqueConstraint('token', name=op.f('uq_survey_invitation_token'))
    )
    with op.batch_alter_table('survey_invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_invitation_attendee_id'), ['attendee_id'], unique=False)

    op.create_table('survey_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=True),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('satisfied', 'expectations', 'ideal', 'scale', 'choice', 'choices', 'text', name='questionkind', native_enum=False, length=24), nullable=False),
    sa.Column('asked', sa.Enum('attended', 'no_show', name='asked', native_enum=False, length=24), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('text_en', sa.String(length=300), nullable=False),
    sa.Column('low', sa.String(length=80), nullable=False),
    sa.Column('low_en', sa.String(length=80), nullable=False),
    sa.Column('high', sa.String(length=80), nullable=False),
    sa.Column('high_en', sa.String(length=80), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(survey_id IS NULL) <> (series_id IS NULL)', name=op.f('ck_survey_question_one_owner')),
    sa.ForeignKeyConstraint(['series_id'], ['survey_template.series_id'], name=op.f('fk_survey_question_series_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_survey_question_session_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_question_survey_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_question'))
    )
    with op.batch_alter_table('survey_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_question_series_id'), ['series_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_survey_question_survey_id'), ['survey_id'], unique=False)

    op.create_table('survey_answer',
    sa.Column('response_id', sa.String(length=24), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('places', sa.JSON(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('hidden_why', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['survey_question.id'], name=op.f('fk_survey_answer_question_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['response_id'], ['survey_response.id'], name=op.f('fk_survey_answer_response_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('response_id', 'question_id', name=op.f('pk_survey_answer')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.create_index('ix_survey_answer_question', ['question_id', 'number'], unique=False)


def downgrade():
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_survey_answer_question')

    op.drop_table('survey_answer')
    with op.batch_alter_table('survey_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_question_survey_id'))
        batch_op.drop_index(batch_op.f('ix_survey_question_series_id'))

    op.drop_table('survey_question')
    with op.batch_alter_table('survey_invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_invitation_attendee_id'))

    op.drop_table('survey_invitation')
    with op.batch_alter_table('survey_response', schema=None) as batch_op:
        batch_op.drop_index('ix_survey_response_counting')

    op.drop_table('survey_response')
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_state'))
        batch_op.drop_index(batch_op.f('ix_survey_opens_at'))

    op.drop_table('survey')
    op.drop_table('survey_template')
    op.drop_table('survey_settings')
