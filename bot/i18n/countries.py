"""What the countries of races are called in the language that is being spoken.

A country's English name, as results and circuits have it, tells it from all others. One that stands here nowhere is
called by that.
"""

from bot.i18n import _, marked

NAMES = (
    marked("Argentina"), marked("Australia"), marked("Austria"), marked("Azerbaijan"), marked("Bahrain"),
    marked("Belgium"), marked("Brazil"), marked("Canada"), marked("China"), marked("France"), marked("Germany"),
    marked("Great Britain"), marked("Hungary"), marked("India"), marked("Italy"), marked("Japan"), marked("Korea"),
    marked("Malaysia"), marked("Mexico"), marked("Monaco"), marked("Morocco"), marked("Netherlands"),
    marked("Portugal"), marked("Qatar"), marked("Russia"), marked("Saudi Arabia"), marked("Singapore"),
    marked("South Africa"), marked("South Korea"), marked("Spain"), marked("Sweden"), marked("Switzerland"),
    marked("Turkey"), marked("UAE"), marked("UK"), marked("USA"), marked("United Arab Emirates"),
    marked("United Kingdom"), marked("United States"), marked("United States of America"),
)  # fmt: skip
"""As results and circuits have them."""


def country_name(name: str) -> str:
    """A country by its English name: „Italien“."""
    return _(name)
