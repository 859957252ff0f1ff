"""How names and shares are put into words in pictures and in their descriptions."""

from collections.abc import Sequence

from bot.i18n import _, formats


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row: `Latifi, Bottas and Russell`, `Latifi, Bottas and 4 others`."""
    return formats.listed(names, most)


def percent(votes: int, hundredths: int) -> str:
    """So many votes, which are so many hundredths of all: `27 %`; what is more than nothing is never called nothing."""
    return _("< 1 %") if votes and not hundredths else formats.percent(hundredths)
