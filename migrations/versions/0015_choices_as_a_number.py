"""choices_as_a_number

Revision: 0015, after 0014

What somebody chose of several options stands as one number, which the index of answers holds: counting a hundred thousand
answers then reads the index alone, where each row was looked up for its list before.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

answer = sa.table(
    "survey_answer", sa.column("response_id", sa.String), sa.column("question_id", sa.Integer),
    sa.column("number", sa.Integer), sa.column("places", sa.JSON),
)  # fmt: skip
question = sa.table("survey_question", sa.column("id", sa.Integer), sa.column("kind", sa.String))
THIS_ROW = (answer.c.response_id == sa.bindparam("response"), answer.c.question_id == sa.bindparam("question"))


def of_choices():
    of_kind = sa.select(question.c.id).where(question.c.kind == "choices")
    rows = op.get_bind().execute(sa.select(answer).where(answer.c.question_id.in_(of_kind))).mappings().all()
    return [(row, {"response": row["response_id"], "question": row["question_id"]}) for row in rows]


def upgrade():
    rows = [{**key, "chosen": sum(1 << place for place in set(row["places"] or ()))} for row, key in of_choices()]
    if rows:
        op.get_bind().execute(sa.update(answer).where(*THIS_ROW).values(number=sa.bindparam("chosen")), rows)
    op.drop_column("survey_answer", "places")


def downgrade():
    op.add_column("survey_answer", sa.Column("places", sa.JSON(), nullable=True))
    rows = [
        {**key, "chosen": [place for place in range(31) if (row["number"] or 0) >> place & 1]}
        for row, key in of_choices()
    ]
    if rows:
        chosen = sa.bindparam("chosen", type_=sa.JSON)
        op.get_bind().execute(sa.update(answer).where(*THIS_ROW).values(number=None, places=chosen), rows)
