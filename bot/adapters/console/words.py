"""What the terminal says by itself, of itself."""

from collections.abc import Collection

from rich.cells import cell_len

from bot.i18n import _, marked

NO_BUTTONS = marked("There are no buttons to press yet. Type /crash imola to begin.")
NO_BUTTON = marked("There is no button of that number.")
NO_ANSWER = marked("What was to come in a moment has not come yet.")

WELCOME = (
    marked("Racing Incident: every Formula 1 crash, both sides of it, and the fans' verdict."),
    marked("Type /crash imola to begin, /recap imola 2021 for its race, /help for the rest."),
    marked("racing-incident replay shows an invented race as if it were live."),
    marked("For Telegram or Discord, set TELEGRAM_BOT_TOKEN or DISCORD_TOKEN (see README)."),
)
WITHOUT_RACES = marked("Type /crash imola to begin, /help for the rest.")
"""What to type where nothing is known of seasons and their races."""

BETWEEN = " · "
HINT = marked("a race, a /command or a button's number · Tab completes · Ctrl-D leaves")


def welcome(commands: Collection[str]) -> str:
    """What somebody new reads first, where there are these commands."""
    first, typed, *rest = WELCOME
    return "\n".join(map(_, (first, typed if "recap" in commands else WITHOUT_RACES, *rest)))


def fitting(hint: str, room: int) -> str:
    """The parts of a hint that a line of so many columns holds, in their order; none is cut."""
    kept = ""
    for part in hint.split(BETWEEN):
        longer = f"{kept}{BETWEEN}{part}" if kept else part
        kept = longer if cell_len(longer) <= room else kept
    return kept


def buttons_there(numbers: range) -> str:
    """Which numbers press something, of the buttons that can be seen; that there is none of the number where none can.

    Numbers of buttons that have scrolled away press what they did, but nobody is told to look for them above.
    """
    if not numbers:
        return _(NO_BUTTON)
    if len(numbers) == 1:
        return _("The button above is still {number}.").format(number=numbers[0])
    return _("The buttons above are still {first} to {last}.").format(first=numbers[0], last=numbers[-1])
