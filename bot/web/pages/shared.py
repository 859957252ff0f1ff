"""What other sites show of an incident: the picture of its verdict, and its bars within an article."""

from dataclasses import dataclass

from bot.cards import incident_text
from bot.cards.charted import charted
from bot.cards.finding import finding
from bot.cards.tally_text import FANS, blame_votes
from bot.i18n import _
from bot.web.front.assets import named
from bot.web.pages.incident import found
from bot.web.rendering import rendered
from bot.web.scale import Drawing, drawing
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit

PNG = "image/png"


@dataclass(frozen=True, slots=True)
class EmbeddedView:
    """The bars of an incident's verdict, with the way to its page."""

    language: str
    title: str
    address: str
    said: str
    fans: Drawing
    styles: str


async def incident_image(site: Site, visit: Visit) -> Answer:
    """The bot's own picture of an incident's verdict. Raises NotHereError where nobody is asked about it."""
    from bot.pictures.verdict import verdict_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

    incident = found(site, visit.named["incident"])
    poll = site.polls.get(incident.id)
    if poll is None or poll.dropped:
        raise NotHereError
    picture = await site.painter.paint(verdict_picture, charted(incident, poll, await site.polls.tally(poll)))
    return Answer(picture.png, PNG, about=frozenset({incident.id}))


async def embedded_page(site: Site, visit: Visit) -> Answer:
    """An incident's bars for a frame in an article. Raises NotHereError where nobody is asked about it."""
    incident = found(site, visit.named["incident"])
    poll = site.polls.get(incident.id)
    if poll is None or poll.dropped:
        raise NotHereError
    tally = await site.polls.tally(poll)
    addresses = visit.addresses
    view = EmbeddedView(
        visit.language,
        incident_text.title(incident),
        addresses.whole(addresses.incident(incident.id)),
        finding(incident, tally),
        drawing(blame_votes(incident, tally, _(FANS))),
        addresses.asset(named("styles.css")),
    )
    return Answer(rendered("embedded.html", view).encode(), about=frozenset({incident.id}), framed=True)
