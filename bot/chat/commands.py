"""What the bot answers: a command is a row in a table, with its handler, its completions and who may use it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply, notice
from bot.chat.requests import Awaited, Request
from bot.domain.places import Chat, Platform
from bot.i18n import marked

STALE = marked("This button no longer works. Type /crash to start again.")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an argument can be completed to: `label` is shown, `argument` is sent."""

    label: str
    argument: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A reply that somebody can pick from a list and post anywhere: `title` and `description` are the list's."""

    id: str
    title: str
    description: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Command:
    """One row in the table of all that the bot answers."""

    name: str
    summary: str
    handler: Callable[[Request], Awaitable[Reply]]
    argument: str = ""
    """What may follow the name, in a person's words; empty where nothing may."""

    option: str = ""
    """What a platform calls the argument where arguments have names: a word of a-z."""

    suggest: Callable[[str], Sequence[Suggestion]] | None = None
    """Completions of what has been typed of the argument so far, best first."""

    listed: bool = True
    """Whether menus and help show it; the others are reached by buttons."""

    admin: bool = False
    """Whether only admins may use it in a group; the dispatcher asks the platform who is one."""

    posts: bool = False
    """Whether it makes the bot post in the chat by itself; in groups the dispatcher asks what it lacks for that."""

    private: bool = False
    """Whether its answer is for the asker alone, so that in a group nobody else need see that it was asked."""

    summaries: Mapping[Platform, str] = field(default_factory=dict)
    """What it does on platforms where that is less."""

    works: Callable[[Chat, str], bool] = lambda _chat, _argument: True
    """Whether it does anything in a chat, with an argument; elsewhere neither help nor completions offer it."""

    def summary_on(self, platform: Platform) -> str:
        """What it does, as help and menus of a platform say it."""
        return self.summaries.get(platform, self.summary)


class UserError(Exception):
    """Something a person can mend: one clear sentence, told to them alone, and what to press instead."""

    def __init__(self, sentence: str, *buttons: Button) -> None:
        super().__init__(sentence)
        self.reply = notice(sentence, buttons)


class ChoiceError(UserError):
    """Several things are meant: asked back for all to see, with a button for each of them."""

    def __init__(self, question: str, buttons: tuple[tuple[Button, ...], ...]) -> None:
        super().__init__(question)
        self.reply = Reply(Card(question), buttons)


class NotYetError(UserError):
    """Something is being fetched: said for all to see, and made good once it is there; the button looks by hand."""

    def __init__(self, sentence: str, button: Button, awaits: Awaited) -> None:
        super().__init__(sentence, button)
        self.reply = Reply(Card(sentence), ((button,),), awaits=awaits)
