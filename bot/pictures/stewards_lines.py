"""What a picture of fans against stewards shows, as values."""

from typing import NamedTuple

from bot.domain.opinions import Share


class Row(NamedTuple):
    """A ruling, the votes that contradict it, and how they are put into words: `71 % of 512`."""

    label: str
    against: Share
    told: str
