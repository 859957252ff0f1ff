"""Which of several settings is meant, where what was typed may mean each: a button for each of them."""

import datetime as dt

from bot.cards.incident_text import rows
from bot.cards.season_text import countdown
from bot.cards.setting_lines import from_to, in_seconds
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.domain.places import ChatKind
from bot.i18n import LANGUAGES, _, marked
from bot.search.wish import Wish

_LABELS = {
    Wish("spoilers", "show"): marked("Show results"),
    Wish("spoilers", "veil"): marked("Veil them"),
    Wish("spoilers", "hold 120"): marked("Hold for 2 hours"),
    Wish("spoilers", "hold 1440"): marked("Hold for a day"),
    Wish("spoilers", "hold until 09:00"): marked("Hold until 09:00"),
    Wish("polls", "blind"): marked("Blind until you vote"),
    Wish("polls", "open"): marked("Open to see"),
    Wish("closing", "off"): marked("Never close"),
    Wish("quiet", "off"): marked("No quiet hours"),
    Wish("delay", "off"): marked("No delay"),
}
"""What the buttons of the settings themselves are called that lead to the same."""


def which(wishes: tuple[Wish, ...], kind: ChatKind) -> Reply:
    """The wishes to choose from; where polls may be on or off, that is a group's own command."""
    buttons = [Button(_label(wish), "settings", " ".join(wish), turns=True) for wish in wishes]
    if kind is ChatKind.GROUP and all(wish.setting == "polls" for wish in wishes):
        buttons.append(Button(_("Polls on or off"), "polls", turns=True))
    return Reply(Card(_("Which one do you mean?")), rows(buttons, 2))


def _label(wish: Wish) -> str:
    """What a wish's button is called: as the settings' own are, or by its times."""
    return _(_LABELS[wish]) if wish in _LABELS else _by_its_value(wish)


def _by_its_value(wish: Wish) -> str:
    label = ""
    match wish.setting, wish.value.split():
        case "quiet", [hours]:
            label = from_to(*hours.split("-"))
        case "delay", [seconds]:
            label = in_seconds(int(seconds))
        case "closing", [hours]:
            label = _("Close after {time}").format(time=countdown(dt.timedelta(hours=int(hours.removesuffix("h")))))
        case "spoilers", ["hold", minutes]:
            label = _("Hold for {time}").format(time=countdown(dt.timedelta(minutes=int(minutes))))
        case "spoilers", ["hold", "until", time]:
            label = _("Hold until {time}").format(time=time)
        case "language", [code]:
            label = LANGUAGES[code]
    return label or _("Time zone")
