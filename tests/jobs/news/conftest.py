"""News are told right on either database."""

from tests.storage.conftest import database, sqlite_url, url

__all__ = ["database", "sqlite_url", "url"]
