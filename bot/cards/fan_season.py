"""What the cards on a season's opinions share: whose opinions these are, and the way from one card to the next."""

from dataclasses import dataclass

from bot.cards.season_text import phrase
from bot.cards.tally_text import in_hundredths
from bot.chat.buttons import Button
from bot.domain.opinions import Opinion, Share
from bot.i18n import _, counted
from bot.i18n.formats import written

HERE, PICTURE = "here", "picture"
"""What may follow a season in an argument: only this chat's votes count, the answer is drawn."""


@dataclass(frozen=True, slots=True)
class FanSeason:
    """A season in the opinion of a chat, or of everyone; `opinions` are newest first.

    `earlier` and `later` are the nearest seasons that have incidents; `in_group` says whether there is a chat whose
    opinion could be asked for.
    """

    season: int
    here: bool
    in_group: bool
    opinions: tuple[Opinion, ...]
    earlier: int | None = None
    later: int | None = None
    alone: bool = False
    """Whether a chat's opinion was asked for where there is nobody but the one who asks."""

    @property
    def asked(self) -> str:
        """The argument that asks for it."""
        return f"{self.season} {HERE}" if self.here else f"{self.season}"

    @property
    def votes(self) -> int:
        """Votes on blame, of all incidents."""
        return sum(opinion.blame.votes for opinion in self.opinions)


def occasion(view: FanSeason) -> str:
    """Whose votes these are, and how many: `Everywhere · 1,204 votes`."""
    place = _("In this chat") if view.here else _("Everywhere")
    if view.alone:
        place = _("Everywhere, as nobody votes here but you")
    return phrase((place, counted("{number} vote", "{number} votes", view.votes)))


def no_votes(view: FanSeason) -> str:
    """That there is nothing to reckon with."""
    if view.here:
        return _("Nobody here has voted on an incident of {season} yet.").format(season=view.season)
    return _("Nobody has voted on an incident of {season} yet.").format(season=view.season)


def told(share: Share) -> str:
    """So many of so many votes: `71 % of 512`; while they are few, `3 of 4`."""
    part = written(share.part) if share.is_small else in_hundredths(share.part, share.hundredths)
    return _("{part} of {number}").format(part=part, number=written(share.whole))


def page(view: FanSeason, topic: str) -> str:
    """The page that tells the same; none of what a chat says, which no page shows."""
    return "" if view.here else f"/{topic}/{view.season}"


def doors(view: FanSeason, command: str, other: Button) -> tuple[tuple[Button, ...], ...]:
    """The same of whoever is not shown, the other card, the picture; and the seasons before and after."""
    ways = []
    if view.in_group:
        place = Button(_("Everywhere"), command, f"{view.season}")
        ways.append(place if view.here else Button(_("In this chat"), command, f"{view.season} {HERE}"))
    ways.append(other)
    if view.votes:
        ways.append(Button(_("As a picture"), command, f"{view.asked} {PICTURE}"))
    seasons = tuple(
        Button(f"{season}", command, f"{season} {HERE}" if view.here else f"{season}")
        for season in (view.earlier, view.later)
        if season is not None
    )
    return (tuple(ways), seasons) if seasons else (tuple(ways),)
