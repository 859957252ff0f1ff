"""/chart: the fans' verdict as a picture, with the ruling beside it."""

from bot.cards import incident_text
from bot.cards.charted import charted
from bot.cards.veiling import is_veiled, veils
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command, UserError
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.domain.incidents import Incident
from bot.domain.polls import Poll, Tally
from bot.i18n import _, marked
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import LastTold, one_or_latest, suggestions
from storage.chats import Chats
from storage.hidden_tallies import HiddenTallies
from storage.polls import Polls

NO_VOTES = marked("Nobody has voted on this one yet, so there is nothing to draw.")
HIDDEN = marked("Polls are blind in this chat: who has voted is shown how it stands.")
NO_POLL = marked("There is no poll on this one, so there is nothing to draw.")


class Charts:
    """Draw what the fans say."""

    def __init__(
        self,
        incidents: Incidents,
        polls: Polls,
        chats: Chats,
        hidden: HiddenTallies,
        painter: Painter,
        last: LastTold,
    ) -> None:
        self._incidents = incidents
        self._polls = polls
        self._chats = chats
        self._hidden = hidden
        self._painter = painter
        self._last = last

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "chart",
                marked("The fans' verdict as a picture"),
                self.draw,
                argument=marked("race, drivers or nickname"),
                option="incident",
                suggest=lambda typed: suggestions(self._incidents.starting(typed)),
            ),
        )

    async def draw(self, request: Request) -> Reply:
        """A message of its own with the picture; what it shows is in its text as well.

        Where how the poll stands is hidden, it is drawn for who has voted, and shown to them alone.
        """
        question, last = _("The picture of which incident?"), self._last.in_chat(request.chat)
        incident = one_or_latest(
            self._incidents, request.argument, "chart", question, last, veiled=veils(self._chats, request)
        )
        self._last.note(request.chat, incident)
        poll = self._polls.get(incident.id)
        if poll is None or poll.dropped:
            raise UserError(_(NO_POLL), Button(_("The story"), "crash", incident.id))
        tally = await self._polls.tally(poll)
        who = Button(_("Who was to blame?"), "blame", incident.id)
        if not tally.votes:
            raise UserError(_(NO_VOTES), who)
        hidden = await self._hidden.in_answer(request.chat, poll, request.user)
        if hidden and not await self._hidden.has_voted(poll, request.user):
            raise UserError(_(HIDDEN), who)
        attachment = await self._picture(incident, poll, tally)
        buttons = (who, Button(_("The verdict"), "verdict", incident.id))
        veiled = is_veiled(self._chats, incident, request)
        title = _("The fans' verdict: {incident}").format(incident=incident_text.headline(incident, veiled=veiled))
        return Reply(Card(title), (buttons,), private=hidden, separate=True, attachment=attachment, veiled=veiled)

    async def _picture(self, incident: Incident, poll: Poll, tally: Tally) -> Attachment:
        from bot.pictures.verdict import verdict_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        picture = await self._painter.paint(verdict_picture, charted(incident, poll, tally))
        return Attachment("verdict.png", picture.png, picture.alt)
