"""How names and shares are put into words in pictures and in their descriptions."""

from collections.abc import Sequence

from bot.i18n import _, formats


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row: `Latifi, Bottas and Russell`, `Latifi, Bottas and 4 others`."""
    return formats.listed(names, most)


def percent(share: float) -> str:
    """A share of 1 as people say it: `27 %`; what is more than nothing is never called nothing."""
    return formats.percent(100 * share) if round(100 * share) or not share else _("< 1 %")
