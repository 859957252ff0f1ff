"""What a terminal can do beyond text, as far as its environment says; it is never asked.

A terminal that is asked answers as if somebody typed, and one that does not know the question may print it. So nothing
is sent to one that is not known for it; what runs within tmux or screen is not taken for the terminal around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final


class Addresses(Enum):
    """How web addresses are given."""

    LINKED = auto()
    """By a name that can be clicked."""

    ASKED = auto()
    """In full, once somebody presses for them."""

    WRITTEN = auto()
    """In full, at once: for a script."""


class Graphics(StrEnum):
    """How a picture is drawn."""

    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    OFF = "off"

    @property
    def sharp(self) -> bool:
        """Whether words in a picture can be read."""
        return self not in {Graphics.BLOCKS, Graphics.OFF}


@dataclass(frozen=True, slots=True)
class Abilities:
    """How a terminal is given addresses and pictures."""

    addresses: Addresses
    graphics: Graphics


SCRIPT: Final = Abilities(Addresses.WRITTEN, Graphics.OFF)
"""What a pipe, a file or a terminal without any control sequences can do."""

_LINKING = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "mintty", "WarpTerminal"}
_LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour")
_SIXEL_TERMS = ("foot", "mlterm", "contour", "yaft")
VTE_LINKS = 5000
KONSOLE_LINKS, KONSOLE_SIXEL = 201200, 220400
"""The versions, as these terminals write them, from which they know links, or sixel graphics."""


def abilities(environment: Mapping[str, str], *, colours: int, graphics: Graphics | None = None) -> Abilities:
    """What a terminal can do that shows so many colours, 0 where it is none; `graphics` is what its user says of it."""
    term = environment.get("TERM", "")
    if not colours or term in {"dumb", "unknown"}:
        return SCRIPT
    within = "TMUX" in environment or "STY" in environment or term.startswith(("screen", "tmux"))
    drawn = graphics or (Graphics.BLOCKS if within else _graphics(environment, term))
    if drawn is Graphics.BLOCKS and colours < 256:  # noqa: PLR2004 - in the sixteen of old nothing is recognised
        drawn = Graphics.OFF
    said = environment.get("FORCE_HYPERLINK", "")
    linked = said != "0" if said else not within and _links(environment, term)
    return Abilities(Addresses.LINKED if linked else Addresses.ASKED, drawn)


def _links(environment: Mapping[str, str], term: str) -> bool:
    return (
        environment.get("TERM_PROGRAM") in _LINKING
        or term.startswith(_LINKING_TERMS)
        or "WT_SESSION" in environment
        or _version(environment, "VTE_VERSION") >= VTE_LINKS
        or _version(environment, "KONSOLE_VERSION") >= KONSOLE_LINKS
    )


def _graphics(environment: Mapping[str, str], term: str) -> Graphics:
    program = environment.get("TERM_PROGRAM")
    if term.startswith(("xterm-kitty", "xterm-ghostty")) or program == "ghostty":
        return Graphics.KITTY
    if program in {"iTerm.app", "WezTerm", "mintty"} or environment.get("LC_TERMINAL") == "iTerm2":
        return Graphics.ITERM2
    if term.startswith(_SIXEL_TERMS) or _version(environment, "KONSOLE_VERSION") >= KONSOLE_SIXEL:
        return Graphics.SIXEL
    return Graphics.BLOCKS


def _version(environment: Mapping[str, str], name: str) -> int:
    said = environment.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() else 0
