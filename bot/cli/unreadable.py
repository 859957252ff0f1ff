"""What is said of a database that a command cannot read."""

from storage.database.base import CannotOpenError, remedy
from storage.health import MisfitError

WHERE = "It is the one that DATA_DIR or DATABASE_URL names."


def cannot_be_read(error: CannotOpenError) -> str:
    """Why a database cannot be read, and what to do."""
    if isinstance(error, MisfitError):
        return str(error)
    return f"The database cannot be read: {error}. {remedy(error) or WHERE}"
