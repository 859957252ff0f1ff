"""${message}."""
<%
    parent = f'"{down_revision}"' if isinstance(down_revision, str) else repr(down_revision)
%>
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = "${up_revision}"
down_revision = ${parent}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
