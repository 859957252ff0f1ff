"""/quote: somebody's own words, never the same again before the others were served."""

from bot.cards import incident_text
from bot.cards.labels import short_titles
from bot.cards.quotation import both_sides, face_to_face_reply, quotation_reply
from bot.cards.veiling import veils
from bot.chat.buttons import Button
from bot.chat.commands import Command, UserError
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.domain.quotations import Quotation
from bot.i18n import _, marked
from bot.i18n.formats import day
from bot.pictures.painter import Painter
from bot.pictures.spoken import Words
from bot.search.argument_words import AS_PICTURE
from bot.search.catalogue import Incidents
from bot.search.found import Nothing
from bot.search.quotation_finder import Quotations
from handlers.incidents.choosing import none_found, one_or_latest, suggestions
from storage.chats import Chats
from storage.served_quotations import ServedQuotations
from storage.voters import Voters

UNTOLD = marked("Nothing is quoted there, as nobody has told that story yet.")

ONE_SIDE = marked("Only one side is quoted there, so there is nothing to set face to face.")

OFFERED = 4
"""Incidents that are offered where nothing is quoted."""


class Quotes:
    """Serve one attributed quotation at a time."""

    def __init__(
        self,
        incidents: Incidents,
        quotations: Quotations,
        served: ServedQuotations,
        voters: Voters,
        chats: Chats,
        painter: Painter,
    ) -> None:
        self._incidents = incidents
        self._quotations = quotations
        self._served = served
        self._voters = voters
        self._chats = chats
        self._painter = painter

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "quote",
                marked("What they said, word for word, with its source"),
                self.serve,
                argument=marked("driver, race or both"),
                option="about",
                suggest=lambda typed: suggestions(each for each in self._incidents.starting(typed) if each.quotations),
            ),
        )

    async def serve(self, request: Request) -> Reply:
        """A quotation that this chat has not been served yet, or longest ago; with `picture`, both sides' at once."""
        if AS_PICTURE.search(request.argument):
            return await self._face_to_face(request, AS_PICTURE.sub("", request.argument))
        sayings = self._quotations.about(request.argument)
        if not sayings:
            raise self._not_quoted(request)
        chat = self._voters.alias(request.chat, request.user)
        key = await self._served.next_for(chat, [saying.quotation.key for saying in sayings], request.update)
        return quotation_reply(self._quotations[key], request.argument)

    def _not_quoted(self, request: Request) -> UserError:
        """What to say where nobody is quoted: that nobody told it yet, that nothing was that day, or how to ask."""
        veiled = veils(self._chats, request)
        if untold := self._incidents.find(request.argument)[:OFFERED]:
            labels = short_titles(untold, veiled=veiled)
            doors = (Button(label, "crash", each.id) for label, each in zip(labels, untold, strict=True))
            return UserError(_(UNTOLD), *doors)
        found = self._incidents.look_up(request.argument)
        if isinstance(found, Nothing) and (found.days or found.no_day):
            return none_found(found, "quote", veiled=veiled)
        said = _("Nobody by that name is quoted here. Try /quote with a driver or a race.")
        return UserError(said, Button(_("All incidents"), "incidents"))

    async def _face_to_face(self, request: Request, asked: str) -> Reply:
        """What both sides said, as a picture. Raises UserError where only one of them is quoted."""
        from bot.pictures.two_sides import two_sides_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        question, veiled = _("Whose words? Pick an incident."), veils(self._chats, request)
        incident = one_or_latest(self._incidents, asked, "quote", question, veiled=veiled)
        sides = both_sides(incident)
        if sides is None:
            raise UserError(_(ONE_SIDE), Button(_("The story"), "crash", incident.id))
        one, other = map(_words, sides)
        picture = await self._painter.paint(
            two_sides_picture,
            incident_text.title(incident),
            incident_text.race_day(incident),
            one,
            other,
            _("The whole story: /crash {incident}").format(incident=incident.id),
        )
        return face_to_face_reply(incident, Attachment("both-sides.png", picture.png, picture.alt))


def _words(quoted: Quotation) -> Words:
    """What somebody said, as short as the file has it, and in whose translation."""
    occasion = f"{quoted.occasion}, {day(quoted.date)}"
    if quoted.translated_from:
        translated = _("translated from {language}").format(language=_(quoted.translated_from))
        occasion = f"{occasion} ({translated})"
    return Words(quoted.short or quoted.words, quoted.speaker, occasion)
