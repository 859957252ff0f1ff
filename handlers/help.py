"""/start, /help and /about: what this is, and what can be asked."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.cards.incident_text import rows
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link
from bot.chat.commands import Command
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Platform
from bot.i18n import _, marked
from bot.i18n.formats import written
from bot.search.catalogue import Incidents

FIRST_CHOICES = 4
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


class Welcome:
    """Greet, explain, and say who we are not."""

    def __init__(self, incidents: Incidents, table: Callable[[], Iterable[Command]]) -> None:
        self._incidents = incidents
        self._table = table

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command("start", marked("Begin here"), self.greet, listed=False),
            Command("help", marked("Everything that can be asked"), self.explain),
            Command("about", marked("What this is, and whose data it uses"), self.introduce),
        )

    async def greet(self, request: Request) -> Reply:
        """A first screen that is one tap away from a card; whoever comes by a link to an incident gets its card."""
        linked = self._incidents.get(request.argument)
        tell = next((command.handler for command in self._table() if command.name == "crash"), None)
        if linked is not None and tell is not None:
            return await tell(replace(request, command="crash", argument=linked.id))
        card = Card(
            "Racing Incident",
            paragraphs=(_(GREETING), _(FIRST_STEP)),
        )
        return Reply(card, self._first_choices())

    async def explain(self, request: Request) -> Reply:
        """The table of commands that work in the chat, a line each."""
        listed = (each for each in self._table() if each.listed and each.works(request.chat, ""))
        lines = (_line(command, request.chat.platform) for command in listed)
        card = Card(_("What you can ask"), paragraphs=("\n".join(lines),))
        return Reply(card, self._first_choices())

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
        return rows((Button(incident.short_title, "crash", incident.id) for incident in famous), 2)


def _line(command: Command, platform: Platform) -> str:
    """A command with what may follow it, and what it does there: `/next – The next race, session by session`."""
    argument = f" [{_(command.argument)}]" if command.argument else ""
    return f"/{command.name}{argument} – {_(command.summary_on(platform))}"
