"""Results are called classifications, and the lines of a championship its entries."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _rename("sheet", "classification")
    _rewrite("rows", "entries")


def downgrade() -> None:
    _rewrite("entries", "rows")
    _rename("classification", "sheet")


def _rename(before: str, after: str) -> None:
    op.drop_index(f"ix_{before}_kind_starts_by", before)
    op.rename_table(before, after)
    op.create_index(f"ix_{after}_kind_starts_by", after, ["kind", "starts_by"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {after} RENAME CONSTRAINT pk_{before} TO pk_{after}")


def _rewrite(before: str, after: str) -> None:
    """Rename a field of the documents; they are written without blanks, and no name holds quotation marks."""
    standings = sa.table("standings", sa.column("document", sa.Text))
    document = sa.func.replace(standings.c.document, f'"{before}":[', f'"{after}":[')
    op.execute(sa.update(standings).values(document=document))
