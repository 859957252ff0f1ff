"""What somebody said, as a picture shows it."""

from typing import NamedTuple


class Words(NamedTuple):
    """What somebody said, word for word, who it was, and when and where it was said."""

    said: str
    by: str
    occasion: str
