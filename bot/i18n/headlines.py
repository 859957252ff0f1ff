"""Titles of incidents that say more than who met, in the language that is being spoken.

One that stands here nowhere is called by what its file has.
"""

from bot.i18n import _, marked

HEADLINES = (
    marked("Barrichello lets Schumacher win"), marked("Bottas, Stroll and the start"),
    marked("Gasly and 77 centimetres"), marked("Gasly and the recovery vehicle"),
    marked("Magnussen holds up the field"), marked("Renault's arranged crash"), marked("Schumacher at Rascasse"),
    marked("Six cars on the grid"),
)  # fmt: skip
"""As incidents' files have them, without where and when it was."""


def headline_said(words: str) -> str | None:
    """A title's words in the language that is spoken; None where nobody has said them in it."""
    return _(words) if words in HEADLINES else None
