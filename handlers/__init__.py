"""What people can ask: one module a feature, and the whole table of commands, top to bottom."""

from bot.dispatch import Command
from handlers.blame import Blame
from handlers.browse import Browse
from handlers.calendar import Calendar
from handlers.charts import Charts
from handlers.chat_polls import ChatPolls
from handlers.chat_settings import ChatOptions
from handlers.crash import Crash
from handlers.privacy import Privacy
from handlers.quotes import Quotes
from handlers.recaps import Recaps
from handlers.standings import Standings
from handlers.subscribing import Subscribing
from handlers.verdicts import Verdicts
from handlers.welcome import Welcome


def commands(
    crash: Crash,
    quotes: Quotes,
    blame: Blame,
    verdicts: Verdicts,
    charts: Charts,
    browse: Browse,
    welcome: Welcome,
    privacy: Privacy,
    *others: Calendar | Standings | Recaps | Subscribing | ChatOptions | ChatPolls,
) -> tuple[Command, ...]:
    """Every command, in the order of help and menus; `others` are seasons, where there is a feed, and chats' wishes."""
    features = (crash, blame, quotes, verdicts, charts, browse, *others, welcome, privacy)
    return tuple(command for feature in features for command in feature.commands())
