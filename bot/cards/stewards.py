"""Fans against stewards: how often a season's leading sides agreed with the rulings, and where it did not."""

from collections.abc import Iterable, Sequence

from bot.cards.fan_season import FanSeason, doors, no_votes, occasion, page, told
from bot.cards.incident_text import brief_title
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.replies import Attachment, Reply
from bot.domain.opinions import (
    Agreement,
    Dispute,
    Moved,
    Rated,
    agreement,
    disputes,
    harshest,
    most_lenient,
    most_moved,
)
from bot.domain.polls import SMALL
from bot.i18n import _, counted, marked
from bot.i18n.formats import percent, written
from bot.pictures.stewards_lines import Row

NAMED = 3
"""Rulings of a kind that are named."""

LEADING = marked(
    "What fans say is the choice with the most votes before the ruling, even if under half; of all votes, where fewer"
    " than {small} came before it."
)


def stewards_reply(view: FanSeason) -> Reply:
    """How often they agreed, and the rulings that stand out; each of the most disputed a press away."""
    disputed = [dispute for dispute in disputes(view.opinions) if dispute.against.part][:NAMED]
    counts = agreement(view.opinions)
    card = Card(
        title(view),
        subtitle=occasion(view),
        paragraphs=(agreed(view, counts),),
        fields=tuple(_fields(view, disputed)),
        footer=_footer(counts),
    )
    verdicts = tuple(Button(brief_title(each.incident), "verdict", each.incident.id) for each in disputed)
    rows = doors(view, "stewards", Button(_("The blame championship"), "blamed", view.asked))
    return Reply(card, (verdicts, *rows) if verdicts else rows, page=page(view, "stewards"))


def drawn(view: FanSeason) -> tuple[str, str, str, tuple[Row, ...]]:
    """What its picture shows: the title, whose votes these are, how often they agreed, and every ruling's dispute."""
    rows = tuple(Row(brief_title(each.incident), each.against, told(each.against)) for each in disputes(view.opinions))
    return title(view), occasion(view), agreed(view, agreement(view.opinions)), rows


def stewards_drawn(view: FanSeason, picture: Attachment) -> Reply:
    """The same as a picture, in a message of its own."""
    words = Button(_("In words"), "stewards", view.asked)
    return Reply(Card(title(view)), ((words,),), separate=True, attachment=picture)


def title(view: FanSeason) -> str:
    """What the card is called."""
    return _("Fans and stewards {season}").format(season=view.season)


def agreed(view: FanSeason, counts: Agreement) -> str:
    """In how many rulings the leading side said the same; in hundredths only of ten rulings and more."""
    if not view.votes:
        return no_votes(view)
    if not counts.rulings:
        return _("No ruling of this season can be held against the votes so far.")
    return in_rulings(counts)


def in_rulings(counts: Agreement) -> str:
    """In how many of the rulings, of which there is one at least, the largest group of fans said the same."""
    said = counted(
        "The largest group of fans agreed with {agreed} of {number} ruling{share}.",
        "The largest group of fans agreed with {agreed} of {number} rulings{share}.",
        counts.rulings,
        agreed=written(counts.agreed),
        share=f" ({percent(100 * counts.agreed / counts.rulings)})" if counts.rulings >= SMALL else "",
    )
    split = counted("In {number} the fans are split.", "In {number} the fans are split.", counts.split)
    return f"{said} {split}" if counts.split else said


def _fields(view: FanSeason, disputed: Sequence[Dispute]) -> Iterable[Field]:
    """The rulings that stand out, `NAMED` of each kind at most; kinds that there are none of are left out."""
    kinds = (
        (_("Most disputed"), [_disputed(each) for each in disputed]),
        (_("Harshest in the fans' eyes"), [_too_harsh(each) for each in harshest(view.opinions)[:NAMED]]),
        (_("Most lenient in the fans' eyes"), [_too_lenient(each) for each in most_lenient(view.opinions)[:NAMED]]),
        (_("Before and after the ruling"), [_moved(each) for each in most_moved(view.opinions)[:NAMED]]),
    )
    return (Field(name, "\n".join(lines)) for name, lines in kinds if lines)


def _disputed(each: Dispute) -> str:
    return _("{incident}: {share} say otherwise").format(incident=brief_title(each.incident), share=told(each.against))


def _too_harsh(each: Rated) -> str:
    return _("{incident}: {share} say too harsh").format(incident=brief_title(each.incident), share=told(each.share))


def _too_lenient(each: Rated) -> str:
    return _("{incident}: {share} say too lenient").format(incident=brief_title(each.incident), share=told(each.share))


def _moved(each: Moved) -> str:
    return _("{incident}: {before} agreed before it, {after} after it").format(
        incident=brief_title(each.incident), before=told(each.before), after=told(each.after)
    )


def _footer(counts: Agreement) -> str:
    """What a leading side is; and that some of them are of a few votes, where they are."""
    if not counts.rulings:
        return ""
    leading = _(LEADING).format(small=SMALL)
    few = _("With fewer than {small} votes, which say little: {few} of {number}.").format(
        small=SMALL, few=written(counts.few), number=written(counts.rulings)
    )
    return f"{leading} {few}" if counts.few else leading
