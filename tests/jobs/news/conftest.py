"""News are told right on either database."""

from tests.storage.conftest import database, url

__all__ = ["database", "url"]
