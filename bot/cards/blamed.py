"""The blame championship: whom the fans of a season blame, by share of the blame."""

from dataclasses import replace

from bot.cards.fan_season import FanSeason, doors, no_votes, occasion, page
from bot.cards.incident_text import full_name
from bot.cards.season_text import fitting, phrase
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Attachment, Reply
from bot.domain.opinions import WORTH, Blamed, blame_championship
from bot.domain.polls import SMALL
from bot.i18n import _, counted, marked
from bot.i18n.formats import points, written

ROOM = 2300
"""Weight of the lines."""

RULES = marked(
    "An incident deals out {worth} points by share of the blame. A vote for “mostly” one driver gives them three"
    " quarters, and the other a quarter; one for racing incident blames nobody."
)


def blamed_reply(view: FanSeason) -> Reply:
    """The table, and how points are dealt."""
    card = Card(
        title(view),
        subtitle=occasion(view),
        paragraphs=(_table(view),),
        footer=_footer(view),
    )
    rows = doors(view, "blamed", Button(_("Fans and stewards"), "stewards", view.asked))
    return Reply(card, rows, page=page(view, "blamed"))


def drawn(view: FanSeason) -> tuple[str, str, tuple[Blamed, ...]]:
    """What its picture shows: the title, whose votes these are, and the table."""
    blamed = (
        each._replace(suspect=replace(each.suspect, name=full_name(each.suspect)))
        for each in blame_championship(view.opinions)
    )
    return title(view), occasion(view), tuple(blamed)


def blamed_drawn(view: FanSeason, picture: Attachment) -> Reply:
    """The first ten as a picture, in a message of its own."""
    words = Button(_("The whole table"), "blamed", view.asked)
    return Reply(Card(title(view)), ((words,),), separate=True, attachment=picture)


def title(view: FanSeason) -> str:
    """What the championship is called."""
    return _("The blame championship {season}").format(season=view.season)


def _table(view: FanSeason) -> str:
    if not view.votes:
        return no_votes(view)
    lines = [_line(each) for each in blame_championship(view.opinions)]
    return fitting(lines, ROOM) or _("Nobody is blamed: all votes say racing incident.")


def _line(blamed: Blamed) -> str:
    """A line of the table: `1. Max Verstappen, Red Bull · 61.3 · 4 incidents`."""
    return phrase(
        (
            f"{blamed.place}. {', '.join(filter(None, (full_name(blamed.suspect), blamed.suspect.team)))}",
            points(blamed.rounded),
            counted("{number} incident", "{number} incidents", blamed.incidents),
        )
    )


def _footer(view: FanSeason) -> str:
    """The rules; and that some incidents have few votes, where they have."""
    if not view.votes:
        return ""
    rules = _(RULES).format(worth=WORTH)
    polled = [opinion.blame.votes for opinion in view.opinions if opinion.blame.votes]
    few = sum(votes < SMALL for votes in polled)
    if not few:
        return rules
    said = _("Incidents with fewer than {small} votes, which say little: {few} of {number}.").format(
        small=SMALL, few=written(few), number=written(len(polled))
    )
    return f"{rules} {said}"
