"""What races are called in the language that is being spoken.

A race's English name tells it from all others, in whatever language it is read. One that stands here nowhere, as it is
new or nobody is sure what it is called elsewhere, is called by that.
"""

from bot.i18n import _, marked

NAMES = (
    marked("Abu Dhabi Grand Prix"), marked("Argentine Grand Prix"), marked("Australian Grand Prix"),
    marked("Austrian Grand Prix"), marked("Azerbaijan Grand Prix"), marked("Bahrain Grand Prix"),
    marked("Belgian Grand Prix"), marked("Brazilian Grand Prix"), marked("British Grand Prix"),
    marked("Canadian Grand Prix"), marked("Chinese Grand Prix"), marked("Dutch Grand Prix"),
    marked("Eifel Grand Prix"), marked("Emilia Romagna Grand Prix"), marked("European Grand Prix"),
    marked("French Grand Prix"), marked("German Grand Prix"), marked("Hungarian Grand Prix"),
    marked("Indian Grand Prix"), marked("Italian Grand Prix"), marked("Japanese Grand Prix"),
    marked("Korean Grand Prix"), marked("Las Vegas Grand Prix"), marked("Luxembourg Grand Prix"),
    marked("Malaysian Grand Prix"), marked("Mexican Grand Prix"), marked("Mexico City Grand Prix"),
    marked("Miami Grand Prix"), marked("Monaco Grand Prix"), marked("Moroccan Grand Prix"),
    marked("Portuguese Grand Prix"), marked("Qatar Grand Prix"), marked("Russian Grand Prix"),
    marked("San Marino Grand Prix"), marked("São Paulo Grand Prix"), marked("Saudi Arabian Grand Prix"),
    marked("Singapore Grand Prix"), marked("South African Grand Prix"), marked("Spanish Grand Prix"),
    marked("Styrian Grand Prix"), marked("Swedish Grand Prix"), marked("Swiss Grand Prix"),
    marked("Turkish Grand Prix"), marked("Tuscan Grand Prix"), marked("United States Grand Prix"),
)  # fmt: skip
"""As results and incidents have them."""

WHAT_IT_IS = marked("Grand Prix")
"""What nearly every race is, in the words that its name has for it: `GP` where there is less room."""


def race_name(name: str) -> str:
    """A race by its English name: `Großer Preis von Österreich`. It stands by itself, in no sentence's grammar."""
    return _(name)


def short_race_name(name: str) -> str:
    """The same where there is less room: `GP von Österreich`, `Austrian GP`."""
    said = _(name)
    return said.replace(WHAT_IT_IS if said == name else _(WHAT_IT_IS), "GP")
