"""An outage of the database in the log: that writing failed, and that it works again and how many items that cost."""

import structlog

from storage.database.base import in_words
from storage.database.faults import is_the_databases

log = structlog.get_logger(__name__)


class Losses:
    """Told by one writer or several of the same items what failed and what was written; each outage is two lines."""

    def __init__(self, what: str) -> None:
        """`what` are the items, as in "votes"."""
        self._what = what
        self._lost = 0

    def failed(self, error: Exception, items: int) -> None:
        """Log that items were not written; where the database is at fault, once until something is written again."""
        if not is_the_databases(error):
            log.error("write.failed", what=self._what, items=items, exc_info=error)
            return
        if not self._lost:
            log.error("write.failed", what=self._what, items=items, error=in_words(error))
        self._lost += items

    def written(self) -> None:
        """Take note that something was written: an outage, if there was one, is over."""
        if self._lost:
            log.warning("write.recovered", what=self._what, failed=self._lost)
            self._lost = 0
