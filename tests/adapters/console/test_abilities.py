import pytest

from bot.adapters.console.abilities import SCRIPT, Addresses, Graphics, abilities

MANY = 256**3


@pytest.mark.parametrize(
    ("environment", "graphics"),
    [
        ({"TERM": "xterm-kitty"}, Graphics.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Graphics.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Graphics.ITERM2),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, Graphics.ITERM2),
        ({"TERM": "foot"}, Graphics.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "220401"}, Graphics.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "210800"}, Graphics.BLOCKS),
        ({"TERM": "xterm-256color"}, Graphics.BLOCKS),
        ({"TERM": "dumb"}, Graphics.OFF),
        ({}, Graphics.BLOCKS),
    ],
)
def test_a_terminal_is_drawn_for_as_its_environment_says(environment: dict[str, str], graphics: Graphics) -> None:
    assert abilities(environment, colours=MANY).graphics is graphics


@pytest.mark.parametrize("around", [{"TMUX": "/tmp/tmux-0/default,1,0"}, {"STY": "1.tty"}, {"TERM": "screen-256color"}])  # noqa: S108 - a socket's name
def test_within_a_multiplexer_nothing_is_sent_to_the_terminal_around_it(around: dict[str, str]) -> None:
    kitty = {"TERM": "xterm-kitty", "TERM_PROGRAM": "iTerm.app", "VTE_VERSION": "7000"}
    within = abilities(kitty | around, colours=MANY)
    assert within.graphics is Graphics.BLOCKS
    assert within.addresses is Addresses.ASKED


@pytest.mark.parametrize(
    ("environment", "addresses"),
    [
        ({"TERM": "xterm-256color", "VTE_VERSION": "6800"}, Addresses.LINKED),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4200"}, Addresses.ASKED),
        ({"TERM": "xterm-256color", "VTE_VERSION": "odd"}, Addresses.ASKED),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, Addresses.LINKED),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, Addresses.ASKED),
        ({"TERM": "linux"}, Addresses.ASKED),
        ({"TERM": "linux", "FORCE_HYPERLINK": "1"}, Addresses.LINKED),
        ({"TERM": "foot", "FORCE_HYPERLINK": "0"}, Addresses.ASKED),
    ],
)
def test_addresses_are_linked_where_the_terminal_knows_links(environment: dict[str, str], addresses: Addresses) -> None:
    assert abilities(environment, colours=MANY).addresses is addresses


def test_what_its_user_says_of_a_terminal_counts() -> None:
    within = {"TERM": "tmux-256color", "TMUX": "1"}
    assert abilities(within, colours=MANY, graphics=Graphics.SIXEL).graphics is Graphics.SIXEL
    assert abilities({"TERM": "xterm-kitty"}, colours=MANY, graphics=Graphics.OFF).graphics is Graphics.OFF


def test_sixteen_colours_make_no_picture() -> None:
    assert abilities({"TERM": "linux"}, colours=16).graphics is Graphics.OFF


def test_a_pipe_is_sent_nothing_but_text() -> None:
    assert abilities({"TERM": "xterm-kitty"}, colours=0, graphics=Graphics.KITTY) == SCRIPT
