"""What people can ask: one module a feature, and the whole table of commands, top to bottom."""

from bot.chat.commands import Command
from handlers.chats.polls import ChatPolls
from handlers.chats.privacy import Privacy
from handlers.chats.settings import ChatOptions
from handlers.chats.subscribe import Subscribing
from handlers.help import Welcome
from handlers.incidents.blame import Blame
from handlers.incidents.browse import Browse
from handlers.incidents.chart import Charts
from handlers.incidents.crash import Crash
from handlers.incidents.quote import Quotes
from handlers.incidents.verdict import Verdicts
from handlers.season.calendar import Calendar
from handlers.season.recap import Recaps
from handlers.season.standings import Championships


def commands(
    crash: Crash,
    quotes: Quotes,
    blame: Blame,
    verdicts: Verdicts,
    charts: Charts,
    browse: Browse,
    welcome: Welcome,
    privacy: Privacy,
    *others: Calendar | Championships | Recaps | Subscribing | ChatOptions | ChatPolls,
) -> tuple[Command, ...]:
    """Every command, in the order of help and menus; `others` are seasons, where there is a feed, and chats' wishes."""
    features = (crash, blame, quotes, verdicts, charts, browse, *others, welcome, privacy)
    return tuple(command for feature in features for command in feature.commands())
