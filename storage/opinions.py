"""What a chat, or everyone, thinks of several incidents, in one read."""

from collections.abc import Callable, Iterable

from bot.domain.incidents import Incident
from bot.domain.opinions import Opinion
from bot.domain.places import Chat
from bot.domain.polls import Question
from storage.polls import Polls


async def read_opinions(
    polls: Polls, incident: Callable[[str], Incident | None], incident_ids: Iterable[str], chat: Chat | None = None
) -> tuple[Opinion, ...]:
    """The opinions on those of these incidents that have votes, the newest first; `incident` knows them by their id."""
    opinions = []
    async for incident_id, answers in polls.voted(incident_ids, chat):
        found = incident(incident_id)
        if found is not None and Question.BLAME in answers:
            # What was said of a ruling that was withdrawn says nothing of one that stands.
            rating = answers.get(Question.RATING) if found.ruling is not None else None
            opinions.append(Opinion(found, answers[Question.BLAME], rating))
    return tuple(sorted(opinions, key=lambda opinion: opinion.incident.date, reverse=True))
