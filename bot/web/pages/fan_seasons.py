"""`/stewards` and `/blamed`: a season in everybody's opinion, in words, in a table, and as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.cards import blamed, incident_text, stewards
from bot.cards.fan_season import FanSeason, told
from bot.chat.instants import Text, as_written
from bot.chat.replies import Reply
from bot.domain.opinions import Blamed, Dispute, blame_championship, disputes
from bot.i18n import _, counted
from bot.i18n.formats import points
from bot.web.pages.drivers import names
from bot.web.pages.frame import SITE, Door, Frame, Image, frame
from bot.web.pages.seasons import season_named
from bot.web.rendering import rendered
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit
from storage.opinions import read_opinions

PNG = "image/png"


class Fact(NamedTuple):
    """A fact with its lines."""

    name: str
    lines: tuple[str, ...]


class Line(NamedTuple):
    """A line of the table: `share` is the length of its bar, in hundredths."""

    place: str
    name: str
    path: str
    beside: str
    told: str
    share: int


class Table(NamedTuple):
    """Lines below the names of their columns."""

    heads: tuple[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FanSeasonView:
    """A season's card, with its table."""

    frame: Frame
    title: str
    occasion: str
    said: tuple[str, ...]
    table: Table
    facts: tuple[Fact, ...]
    rules: str
    seasons: tuple[Door, ...]
    picture: str
    """The path of the picture; empty where there is nothing to draw."""

    alt: str


async def stewards_page(site: Site, visit: Visit) -> Answer:
    """How far fans contradict the rulings of a season. Raises NotHereError."""
    view = await _season(site, visit)
    lines = [_dispute(each, visit) for each in disputes(view.opinions)]
    reply = stewards.stewards_reply(view)
    table = Table((_("The ruling"), _("Fans who say otherwise")), tuple(lines))
    return _page(site, visit, view, reply, table, reply.card.paragraphs)


async def blamed_page(site: Site, visit: Visit) -> Answer:
    """Whom the fans of a season blame. Raises NotHereError."""
    view = await _season(site, visit)
    table = blame_championship(view.opinions)
    most = max((each.points for each in table), default=1) or 1
    drivers = names(site)
    lines = [_blamed(each, round(100 * each.points / most), visit, drivers) for each in table]
    reply = blamed.blamed_reply(view)
    shown = Table((_("Driver or team"), _("Points")), tuple(lines))
    return _page(site, visit, view, reply, shown, () if table else reply.card.paragraphs)


async def stewards_image(site: Site, visit: Visit) -> Answer:
    """The first as a picture. Raises NotHereError where nobody has voted."""
    from bot.pictures.stewards import stewards_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

    view = await _voted(site, visit)
    return Answer((await site.painter.paint(stewards_picture, *stewards.drawn(view))).png, PNG)


async def blamed_image(site: Site, visit: Visit) -> Answer:
    """The second as a picture. Raises NotHereError where nobody has voted."""
    from bot.pictures.blamed import blamed_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

    view = await _voted(site, visit)
    return Answer((await site.painter.paint(blamed_picture, *blamed.drawn(view))).png, PNG)


async def _voted(site: Site, visit: Visit) -> FanSeason:
    view = await _season(site, visit)
    if not view.votes:
        raise NotHereError
    return view


async def _season(site: Site, visit: Visit) -> FanSeason:
    """The season that is named, or the latest. Raises NotHereError where there is no such."""
    seasons = site.incidents.seasons
    season = season_named(visit) if "season" in visit.named else next(iter(seasons), 0)
    if season not in seasons:
        raise NotHereError
    opinions = await read_opinions(site.polls, site.incidents.get, site.incidents.in_season(season))
    return FanSeason(season, here=False, in_group=False, opinions=opinions)


def _page(site: Site, visit: Visit, view: FanSeason, reply: Reply, table: Table, paragraphs: Sequence[Text]) -> Answer:
    """The card of a season as a page, with the paragraphs that the table does not say."""
    card, addresses, topic = reply.card, visit.addresses, visit.path.split("/")[1]
    seasons = tuple(
        Door(f"{each}", addresses.page(f"/{topic}/{each}"), each == view.season) for each in site.incidents.seasons
    )
    picture = addresses.page(f"/{topic}/{view.season}.png") if view.votes else ""
    image = Image(addresses.whole(picture), card.title) if picture else None
    said = tuple(map(as_written, paragraphs))
    shown = FanSeasonView(
        frame(visit, f"{card.title} – {SITE}", f"{card.title}. {card.subtitle}. {''.join(said)}", image),
        card.title,
        card.subtitle,
        said,
        table,
        tuple(Fact(as_written(each.name), tuple(as_written(each.value).split("\n"))) for each in card.fields),
        as_written(card.footer),
        seasons,
        picture,
        card.title,
    )
    return Answer(rendered("fan_season.html", shown).encode())


def _dispute(each: Dispute, visit: Visit) -> Line:
    share = round(100 * each.against.value)
    title, address = incident_text.title(each.incident), visit.addresses.incident(each.incident.id)
    return Line("", title, address, "", told(each.against), share)


def _blamed(each: Blamed, share: int, visit: Visit, drivers: Mapping[str, str]) -> Line:
    incidents = counted("{number} incident", "{number} incidents", each.incidents)
    beside = ", ".join(filter(None, (each.suspect.team, incidents)))
    path = visit.addresses.page(f"/drivers/{each.suspect.id}") if each.suspect.id in drivers else ""
    return Line(f"{each.place}.", incident_text.full_name(each.suspect), path, beside, points(each.rounded), share)
