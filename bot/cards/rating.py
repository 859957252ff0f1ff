"""How fans rate a ruling, and what somebody who does is told."""

from bot.cards import incident_text
from bot.chat.buttons import Button
from bot.chat.cards import Bar, Card, Field
from bot.chat.replies import Reply
from bot.domain.ballots import Receipt
from bot.domain.incidents import WITHDRAW, Incident
from bot.domain.polls import SMALL, Choice, Poll, Question, Tally, questions
from bot.i18n import _, marked, spoken
from bot.i18n.formats import capital, written

RATINGS = {
    "far-too-lenient": marked("far too lenient"),
    "slightly-too-lenient": marked("slightly too lenient"),
    "correct": marked("correct"),
    "slightly-too-harsh": marked("slightly too harsh"),
    "far-too-harsh": marked("far too harsh"),
}
"""The scale in words, by the choices' keys."""


def rating_label(choice: Choice) -> str:
    """What a rating is called on its button: `Slightly too harsh`."""
    return capital(_(RATINGS[choice.key]))


def rating_line(tally: Tally) -> str:
    """A ruling's ratings in a line, in the scale's order; in numbers while they are few, in hundredths from then on."""
    few = tally.votes < SMALL
    given = ((_(RATINGS[choice.key]), tally.count(choice)) for choice in tally.choices)
    return " · ".join(
        f"{name} {written(votes) if few else incident_text.percent(votes, tally.votes)}"
        for name, votes in given
        if votes
    )


def rating_fields(here: Tally | None, everyone: Tally) -> list[Field]:
    """How a ruling is rated in a chat, if there is one, and everywhere; nothing where nobody has rated it."""
    said = [(_("The ruling, rated everywhere ({number})"), everyone)]
    if here is not None:
        said.insert(0, (_("The ruling, rated here ({number})"), here))
    return [Field(name.format(number=written(tally.votes)), rating_line(tally)) for name, tally in said if tally.votes]


def rating_buttons(incident: Incident, poll: Poll) -> tuple[tuple[Button, ...], ...]:
    """The scale as rows of buttons, what finds the ruling right in a row of its own."""
    buttons = [Button(rating_label(choice), "rate", f"{incident.id} {choice.key}") for choice in poll.choices]
    return (tuple(buttons[:2]), tuple(buttons[2:3]), tuple(buttons[3:]))


def verdict_door(incident: Incident) -> Button:
    """The way to the verdict, which asks for a rating where there is a ruling to be rated."""
    label = _("Did they get it right?") if Question.RATING in questions(incident) else _("The verdict")
    return Button(label, "verdict", incident.id)


def take_back(incident: Incident) -> Button:
    """The one button that withdraws a rating."""
    return Button(_("Take my rating back"), "rate", f"{incident.id} {WITHDRAW}")


def rated_reply(incident: Incident, receipt: Receipt) -> Reply:
    """What somebody who rates a ruling is told alone: their rating, and how many share it; or that there is none."""
    bars = _bars(receipt.tally)
    if receipt.choice is None:
        title = _("Your rating is withdrawn") if receipt.changed else _("You have no rating here to take back.")
        is_asked = Question.RATING in questions(incident)
        again = (_("Press a button to rate the ruling again."),) if receipt.changed and is_asked else ()
        return Reply(Card(title, paragraphs=again, bars=bars), private=True)
    said = _shared(receipt.tally.count(receipt.choice), receipt.tally.votes)
    if not receipt.changed:
        counted_before = _("Already counted.")
        said = f"{counted_before} {said}"
    card = Card(rating_label(receipt.choice), paragraphs=(said,), bars=bars)
    return Reply(card, ((take_back(incident),),), private=True, optional_buttons=True)


def _shared(same: int, votes: int) -> str:
    """How many rate a ruling like that, the one who is told so included."""
    if votes == 1:
        return _("You are the first to rate this ruling.")
    if votes < SMALL:
        return _("{same} of {number} ratings say the same.").format(same=written(same), number=written(votes))
    return _("{percent} of the ratings say the same.").format(percent=incident_text.percent(same, votes))


def _bars(tally: Tally) -> tuple[Bar, ...]:
    """The ratings as bars, one for each that somebody has given."""
    given = ((choice, tally.count(choice)) for choice in tally.choices)
    return tuple(
        Bar(rating_label(choice), votes, votes / tally.votes, "" if spoken() is None else written(votes))
        for choice, votes in given
        if votes
    )
