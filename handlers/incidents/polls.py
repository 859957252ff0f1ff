"""/polls: a chat's admins turn blame polls off and on again, close one of them, and open it again."""

from collections.abc import Iterable, Sequence

from bot.cards import closed_poll as cards
from bot.cards.labels import lines
from bot.cards.poll import NOT_ASKED
from bot.cards.veiling import veils
from bot.chat.buttons import Button
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.incidents import Incident
from bot.domain.places import ChatKind
from bot.domain.polls import Poll, Question
from bot.events import Events, PollMoved
from bot.i18n import _, marked
from bot.search.argument_words import switched
from bot.search.catalogue import Incidents
from bot.search.words import split
from handlers.incidents.choosing import choice, one
from storage.chats import Chats
from storage.poll_closings import PollClosings
from storage.polls import Polls
from storage.posts import Posts

ON, OFF, CLOSE, OPEN = "on", "off", "close", "open"
SAID = {
    **dict.fromkeys((CLOSE, "schliessen", "schliesse", "schliess", "zu", "cerrar", "cierra"), CLOSE),
    **dict.fromkeys((OPEN, "offnen", "oeffnen", "offne", "auf", "abrir", "abre"), OPEN),
}
"""What is to be done with one poll, by what it is called in any of the languages, folded."""

WHICH = marked("Say /polls on, off, close or open, the last two with an incident.")
NOT_HERE = marked("Polls are turned on and off in groups; here nobody is asked but you.")
NONE_CLOSED = marked("No poll is closed in this chat.")
NO_POLL = marked("There is no poll on this one.")


class ChatPolls:
    """Whether a chat is asked who was to blame, and of what it is asked no more."""

    def __init__(
        self, incidents: Incidents, chats: Chats, polls: Polls, posts: Posts, closings: PollClosings, events: Events
    ) -> None:
        self._incidents = incidents
        self._chats = chats
        self._polls = polls
        self._posts = posts
        self._closings = closings
        self._events = events

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "polls",
                marked("Turn this chat's blame polls on or off, or close one (admins)"),
                self.decide,
                argument=marked("on, off, close or open"),
                option="switch",
                suggest=self.suggest,
                admin=True,
                works=lambda chat, _argument: chat.kind is ChatKind.GROUP,
            ),
        )

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """What can be decided, and incidents whose poll is to be closed or opened by the beginning of their name."""
        word, _space, begun = typed.casefold().partition(" ")
        if begun and word in {CLOSE, OPEN}:
            found = self._polled(self._incidents.starting(begun))
            labels = lines(found, veiled=False)
            return [Suggestion(f"{word} {label}", f"{word} {it.id}") for label, it in zip(labels, found, strict=True)]
        return [Suggestion(each, each) for each in (ON, OFF, CLOSE, OPEN) if each.startswith(word)]

    async def decide(self, request: Request) -> Reply:
        """Turn polls on or off here, close one or open it again; without an argument say which it is."""
        if request.chat.kind is not ChatKind.GROUP:
            raise UserError(_(NOT_HERE), Button(_("Polls"), "settings", "polls"))
        if not request.argument:
            # For all to see: on Telegram a private answer goes to another chat, which its button would mean then.
            return cards.switch_view(on=not self._chats.polls_off(request.chat))
        if (on := switched(request.argument)) is not None:
            await self._chats.set_polls(request.chat, request.update, on=on)
            return cards.switched(on=not self._chats.polls_off(request.chat))
        match _verb_and_poll(request.argument):
            case "close", asked:
                return await self._close(request, asked)
            case "open", asked:
                return await self._open(request, asked)
        raise UserError(_(WHICH), _how_it_is())

    async def _close(self, request: Request, asked: str) -> Reply:
        """Close a poll here; without a name those to choose from that messages of this chat show."""
        if not asked:
            closed, shown = self._chats.preferences(request.chat).closed, await self._posts.shown_in(request.chat)
            here = self._of([poll_id for poll_id in shown if poll_id not in closed])
            offered = here or self._polled(self._incidents.starting(""))
            raise choice(
                offered, "polls close", _("Close which poll? Pick an incident."), veiled=veils(self._chats, request)
            )
        incident, poll = self._one(asked, "polls close", veiled=veils(self._chats, request))
        if poll.dropped:  # it takes no votes, and what it came to is told nobody
            raise UserError(_(NOT_ASKED), _how_it_is())
        await self._closings.close(request.chat, poll, request.update)
        self._events.publish(PollMoved(incident.id))
        return self._state(request, incident, poll)

    async def _open(self, request: Request, asked: str) -> Reply:
        """Open a poll again here; without a name those to choose from that are closed."""
        if not asked:
            closed = self._of(self._chats.preferences(request.chat).closed)
            if not closed:
                raise UserError(_(NONE_CLOSED), _how_it_is())
            raise choice(
                closed, "polls open", _("Open which poll? Pick an incident."), veiled=veils(self._chats, request)
            )
        incident, poll = self._one(asked, "polls open", veiled=veils(self._chats, request))
        await self._closings.open(request.chat, poll, request.update)
        self._events.publish(PollMoved(incident.id))
        return self._state(request, incident, poll)

    def _state(self, request: Request, incident: Incident, poll: Poll) -> Reply:
        """Whether a poll is open here by now, which an older update that comes again does not change."""
        veiled = veils(self._chats, request)
        if self._chats.closed(request.chat, poll.id):
            return cards.closed(incident, veiled=veiled)
        return cards.opened(incident, veiled=veiled)

    def _one(self, asked: str, command: str, *, veiled: bool) -> tuple[Incident, Poll]:
        """The incident that somebody names, with its poll. Raises ChoiceError, UserError."""
        incident = one(self._incidents, asked, command, veiled=veiled)
        poll = self._polls.get(incident.id)
        if poll is None:
            raise UserError(_(NO_POLL), _how_it_is())
        return incident, poll

    def _of(self, poll_ids: Iterable[int]) -> list[Incident]:
        """The incidents of polls on blame, in their order."""
        wanted = list(poll_ids)
        on_blame = (poll for poll in self._polls.of_ids(wanted) if poll.question is Question.BLAME)
        by_id = {poll.id: poll.incident_id for poll in on_blame}
        known = (self._incidents.get(by_id.get(poll_id, "")) for poll_id in wanted)
        return [incident for incident in known if incident is not None]

    def _polled(self, incidents: Iterable[Incident]) -> list[Incident]:
        return [incident for incident in incidents if incident.poll]


def _verb_and_poll(typed: str) -> tuple[str, str]:
    """What is to be done, and with which poll: the verb comes first, or last as in „Imola schließen“."""
    first, _space, others = typed.partition(" ")
    if verb := SAID.get("".join(split(first))):
        return verb, others.strip()
    others, _space, last = typed.rpartition(" ")
    return SAID.get("".join(split(last)), ""), others.strip()


def _how_it_is() -> Button:
    """The way to whether this chat is asked, and to closing one."""
    return Button(_("Polls"), "polls")
