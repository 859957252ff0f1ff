"""How fans rate a ruling, and what somebody who does is told."""

from collections.abc import Iterable

from bot.cards.tally_text import EVERYWHERE, HERE, RATINGS, in_hundredths, rating_votes, side_by_side
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.chat.votes import Votes
from bot.domain.ballots import Receipt
from bot.domain.incidents import WITHDRAW, Incident
from bot.domain.polls import SMALL, Choice, Question, Tally, questions
from bot.i18n import _
from bot.i18n.formats import capital, written


def rating_label(choice: Choice) -> str:
    """What a rating is called on its button: `Slightly too harsh`."""
    return capital(_(RATINGS[choice.key]))


def ratings(here: Tally | None, everyone: Tally) -> tuple[Votes, ...]:
    """How a ruling is rated in a chat, if there is one, and everywhere; nothing where nobody has rated it."""
    names = {_(HERE): _("The ruling, rated here"), _(EVERYWHERE): _("The ruling, rated everywhere")}
    return tuple(rating_votes(tally, names[name], exact=exact) for name, tally, exact in side_by_side(here, everyone))


def rating_buttons(
    incident: Incident, choices: Iterable[Choice], *, chosen: Choice | None = None
) -> tuple[tuple[Button, ...], ...]:
    """The scale as rows of buttons, what finds the ruling right in a row of its own.

    Those of a receipt, whose voter has one of them, turn the receipt, and mark that one.
    """
    buttons = [
        Button(rating_label(each), "rate", f"{incident.id} {each.key}", turns=chosen is not None, chosen=each == chosen)
        for each in choices
    ]
    return (tuple(buttons[:2]), tuple(buttons[2:3]), tuple(buttons[3:]))


def verdict_door(incident: Incident) -> Button:
    """The way to the verdict, which asks for a rating where there is a ruling to be rated."""
    label = _("Did they get it right?") if Question.RATING in questions(incident) else _("The verdict")
    return Button(label, "verdict", incident.id)


def take_back(incident: Incident, *, turns: bool = False) -> Button:
    """The one button that withdraws a rating; a receipt's turns the receipt, a verdict's leaves the verdict."""
    return Button(_("Take my rating back"), "rate", f"{incident.id} {WITHDRAW}", turns=turns)


def rated_reply(incident: Incident, receipt: Receipt) -> Reply:
    """What somebody who rates a ruling is told alone: their rating, and how many share it; or that there is none."""
    votes = (rating_votes(receipt.tally, _(EVERYWHERE)),) if receipt.tally.votes else ()
    if receipt.choice is None:
        title = _("Your rating is withdrawn") if receipt.changed else _("You have no rating here to take back.")
        is_asked = Question.RATING in questions(incident)
        again = (_("Press a button to rate the ruling again."),) if receipt.changed and is_asked else ()
        return Reply(
            Card(title, paragraphs=again, votes=votes),
            ((verdict_door(incident),),),
            private=True,
            optional_buttons=True,
        )
    said = _shared(receipt.tally, receipt.choice)
    if not receipt.changed:
        counted_before = _("Already counted.")
        said = f"{counted_before} {said}"
    card = Card(rating_label(receipt.choice), paragraphs=(said,), votes=votes)
    story = Button(_("The story"), "crash", incident.id)
    scale = rating_buttons(incident, receipt.tally.choices, chosen=receipt.choice)
    return Reply(card, ((story, take_back(incident, turns=True)), *scale), private=True, optional_buttons=True)


def _shared(tally: Tally, choice: Choice) -> str:
    """How many rate a ruling like that, the one who is told so included."""
    same, votes = tally.count(choice), tally.votes
    if votes == 1:
        return _("You are the first to rate this ruling.")
    if votes < SMALL:
        return _("{same} of {number} ratings say the same.").format(same=written(same), number=written(votes))
    part = in_hundredths(same, tally.hundredths(choice))
    return _("{percent} of the ratings say the same.").format(percent=part)
