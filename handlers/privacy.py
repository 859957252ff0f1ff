"""/privacy, /mydata and /forgetme: what is kept, a copy of it, and its end."""

import datetime as dt
import json

from bot.dispatch import Command
from bot.messages import Attachment, Button, Card, Field, Reply, Request
from handlers.wording import counted
from storage.ballot_box import BallotBox
from storage.voters import Voters

SURE = "yes"
YOUR_VOTES = (
    "The incident, your choice, the group you voted in and when, so that you have one vote and may change it. Your"
    " account is kept only as a keyed hash whose key is not in the database: without it nobody can tell whose vote it"
    " is."
)


class Privacy:
    """Tell people what is kept about them, hand it over, delete it."""

    def __init__(self, voters: Voters, ballot_box: BallotBox) -> None:
        self._voters = voters
        self._ballot_box = ballot_box

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command("privacy", "What is kept about you, and why", self.explain),
            Command("mydata", "Your votes as a file", self.hand_over),
            Command("forgetme", "Delete your votes", self.forget),
        )

    async def explain(self, request: Request) -> Reply:
        """What is kept, why, for how long, and how to end it."""
        card = Card(
            "What is kept about you",
            fields=(
                Field("Your votes", YOUR_VOTES),
                Field("This chat", "Its platform's number, to count its votes apart and to keep its polls moving."),
                Field("Not kept", "Names, pictures, phone numbers, who is in a chat, and what anybody writes."),
                Field("How long", "Until you delete it. Nothing is sold, shared or shown with your name."),
            ),
        )
        mine = (Button("My votes as a file", "mydata"), Button("Delete my votes", "forgetme"))
        return Reply(card, (mine,), replace=request.pressed is not None)

    async def hand_over(self, request: Request) -> Reply:
        """The asker's votes as a JSON file, for them alone."""
        votes = await self._voters.votes_of(self._voters.pseudonym(request.user))
        if not votes:
            return Reply(Card("No votes of yours are kept here"), private=True)
        rows = [
            {
                "incident": vote.incident_id,
                "choice": vote.choice,
                "cast_at": dt.datetime.fromtimestamp(vote.cast_at, dt.UTC).isoformat(),
                "chat": f"{vote.chat.platform} {vote.chat.id}",
            }
            for vote in votes
        ]
        content = json.dumps({"votes": rows}, indent=2, ensure_ascii=False).encode()
        title = f"{counted(len(votes), 'vote', 'votes')} of yours"
        return Reply(Card(title), private=True, attachment=Attachment("racing-incident-votes.json", content))

    async def forget(self, request: Request) -> Reply:
        """Ask once, then delete the asker's votes."""
        if request.argument != SURE:
            card = Card("Delete all your votes?", paragraphs=("They leave every tally, and cannot be brought back.",))
            buttons = (Button("Delete them", "forgetme", SURE), Button("Keep them", "privacy"))
            return Reply(card, (buttons,), private=True)
        gone = await self._ballot_box.forget(self._voters.pseudonym(request.user))
        said = (
            f"{counted(gone, 'vote', 'votes')} of yours deleted" if gone else "There were no votes of yours to delete"
        )
        return Reply(Card(said), private=True)
