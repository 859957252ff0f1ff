"""/start, /help and /about: what this is, and what can be asked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from bot.cards.incident_text import brief_title, rows
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link
from bot.chat.commands import Command, Suggestion
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.chat.small_talk import FAREWELL, HOW_ARE_YOU, LAUGHTER, NOTED, SORRY, THANKS
from bot.domain.places import Platform
from bot.i18n import _, marked
from bot.i18n.formats import written
from bot.search.catalogue import Incidents

FIRST_CHOICES = 4
FAMOUS = 2
"""Incidents below the help, which has topics as well."""

MOST_USED = ("crash", "blame", "quote", "verdict", "recap", "next", "standings", "subscribe", "settings")
"""What the help begins with; a phone, and a terminal of 24 rows, show it at once."""

ALL = "all"
"""The topic of everything."""

CODE = "https://github.com/racing-incident/racing-incident"
GREETING = marked(
    "Every Formula 1 crash, both sides in their own words, and the ruling. Who was to blame is for you to say."
)
FIRST_STEP = marked("Type /crash with a race, drivers or a nickname, or tap one of these. /help lists the rest.")
UNOFFICIAL = marked(
    "A fan project, unofficial and unconnected with the Formula 1 companies, the FIA, the teams or the drivers."
    " Formula 1 and F1 are trademarks of Formula One Licensing B.V."
)
HONEST = marked(
    "Every quotation is word for word and links to where it was read. The rest is told in our own words, neutral until"
    " a ruling; and of a ruling it is always said whose it is."
)


SMALL_TALK = {
    THANKS: marked("You are welcome."),
    FAREWELL: marked("Until the next race."),
    SORRY: marked("No harm done."),
    LAUGHTER: marked("Racing can be like that."),
    HOW_ARE_YOU: marked("Ready for the next start."),
    NOTED: marked("All right. Name a race, drivers or a nickname whenever you like."),
}
"""What is answered to what asks for nothing."""


class Topic(NamedTuple):
    """Some of the commands, to be asked for by a word or a button."""

    key: str
    label: str
    commands: tuple[str, ...]


TOPICS = (
    Topic(
        "crashes",
        marked("Crashes and votes"),
        ("crash", "timeline", "blame", "quote", "verdict", "chart", "incidents", "stewards", "blamed"),
    ),
    Topic(
        "season",
        marked("Races and seasons"),
        ("next", "calendar", "standings", "results", "recap", "driver", "team"),
    ),
    Topic(
        "chat",
        marked("This chat, and you"),
        (
            *("subscribe", "unsubscribe", "reminders", "settings", "language", "polls"),
            *("help", "about", "privacy", "mydata", "forgetme"),
        ),
    ),
)
"""Every listed command is in one of them; those that do not work in a chat are left out there."""


class Welcome:
    """Greet, explain, and say who we are not."""

    def __init__(self, incidents: Incidents, table: Callable[[], Iterable[Command]]) -> None:
        self._incidents = incidents
        self._table = table

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command("start", marked("Begin here"), self.greet, listed=False),
            Command(
                "help",
                marked("Everything that can be asked"),
                self.explain,
                argument=marked("crashes, season, chat, all or a command"),
                option="topic",
                suggest=self.suggest,
            ),
            *(Command(kind, "Small talk", partial(self.chat, kind), listed=False) for kind in SMALL_TALK),
            Command("about", marked("What this is, and whose data it uses"), self.introduce),
        )

    async def greet(self, request: Request) -> Reply:
        """A first screen that is one tap away from a card; whoever comes by a link to an incident gets its card.

        Links are written by people, too: `IMOLA_2021` is `imola-2021`.
        """
        linked = self._incidents.get(request.argument.casefold().replace("_", "-"))
        tell = next((command.handler for command in self._table() if command.name == "crash"), None)
        if linked is not None and tell is not None:
            return await tell(replace(request, command="crash", argument=linked.id))
        card = Card(
            "Racing Incident",
            paragraphs=(_(GREETING), _(FIRST_STEP)),
        )
        return Reply(card, self._first_choices())

    async def explain(self, request: Request) -> Reply:
        """The commands that are used most, and doors to the rest; of a topic, `all` or a command what there is of it.

        What does not work in the chat is not there.
        """
        listed = [each for each in self._table() if each.listed and each.works(request.chat, "")]
        asked, platform = request.argument.casefold().removeprefix("/"), request.chat.platform
        topic = next((topic for topic in TOPICS if topic.key == asked), None)
        named = [each for each in listed if each.name == asked]
        if topic is not None:
            lines = [_line(each, platform) for each in listed if each.name in topic.commands]
        elif named or asked == ALL:
            lines = [_line(each, platform) for each in named or listed]
        else:
            lines = [_line(each, platform, brief=True) for each in listed if each.name in MOST_USED]
        title = _(topic.label) if topic is not None else _("What you can ask")
        return Reply(Card(title, paragraphs=("\n".join(lines),)), self._doors(listed, "" if named else asked))

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Topics whose word, or whose name, begins as it was typed."""
        begun = typed.strip().casefold()
        topics = [*((topic.key, _(topic.label)) for topic in TOPICS), (ALL, _("Everything"))]
        fitting = (each for each in topics if any(said.casefold().startswith(begun) for said in each))
        return [Suggestion(label, key) for key, label in fitting]

    def _doors(self, listed: Iterable[Command], asked: str) -> tuple[tuple[Button, ...], ...]:
        """The famous incidents, and the other pages of the help, with something in them here; these turn in place."""
        there = {each.name for each in listed}
        pages = [(topic.key, _(topic.label)) for topic in TOPICS if there.intersection(topic.commands)]
        others = [(key, label) for key, label in [*pages, (ALL, _("Everything"))] if key != asked]
        turned = rows((Button(label, "help", key, turns=True) for key, label in others), 2)
        return (*self._first_choices()[: FAMOUS // 2], *turned)

    async def chat(self, kind: str, _request: Request) -> Reply:
        """A sentence to whoever asks for nothing."""
        return notice(_(SMALL_TALK[kind]))

    async def introduce(self, _request: Request) -> Reply:
        """Who we are not, whose words these are, and how to check them."""
        card = Card(
            _("About Racing Incident"),
            paragraphs=(_(UNOFFICIAL), _(HONEST)),
            fields=(Field(_("Incidents told so far"), written(len(self._incidents.told))),),
            links=(Link(_("Source code, and where to report a mistake"), CODE),),
        )
        doors = (Button(_("What is kept about me?"), "privacy"), Button(_("All incidents"), "incidents"))
        return Reply(card, (doors,))

    def _first_choices(self) -> tuple[tuple[Button, ...], ...]:
        famous = sorted(self._incidents.told, key=lambda incident: incident.fame, reverse=True)[:FIRST_CHOICES]
        return rows((Button(brief_title(incident), "crash", incident.id) for incident in famous), 2)


def _line(command: Command, platform: Platform, *, brief: bool = False) -> str:
    """A command with what may follow it, and what it does there: `/next – The next race, session by session`."""
    argument = f" [{_(command.argument)}]" if command.argument and not brief else ""
    return f"/{command.name}{argument} – {_(command.summary_on(platform))}"
