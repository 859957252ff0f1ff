"""What travels with the button that casts a vote for a choice."""

from bot.domain.polls import Choice, Poll, Question

CASTS = {Question.BLAME: "vote", Question.RATING: "rate"}
"""The command that casts a vote, by what is asked."""


def ballot(poll: Poll, choice: Choice | None) -> str:
    """The data of the button for a choice: `vote imola-2021 mostly-russell`; empty where there is none."""
    return "" if choice is None else f"{CASTS[poll.question]} {poll.incident_id} {choice.key}"
