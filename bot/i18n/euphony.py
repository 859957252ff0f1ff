"""How two things are put together in languages whose joints change before some sounds: «choques e incidentes»."""

import re

from bot.i18n import spoken_code

_BEFORE_SOUNDS = {
    "es": (
        ("y", "e", re.compile(r"[IiÍí](?![aeouáéóú])|hi(?![aeo])")),
        ("o", "u", re.compile(r"[OoÓó]|ho")),
    )
}
"""By language: a joint, what it is before a word that begins so, and how such words begin. Hill is said with its H."""


def put_together(joint: str, first: str, second: str) -> str:
    """Two things by a joint such as `{first} and {second}`, so that it can be spoken."""
    said = joint.format(first=first, second=second)
    for word, other, sounds in _BEFORE_SOUNDS.get(spoken_code(), ()):
        if said.endswith(f" {word} {second}") and sounds.match(second):
            return f"{said.removesuffix(f'{word} {second}')}{other} {second}"
    return said
