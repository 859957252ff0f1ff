"""/privacy, /mydata and /forgetme: what is kept, a copy of it, and its end."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.commands import Command
from bot.chat.pushing import is_pushed
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, User
from bot.domain.voters import KeptVote
from bot.i18n import _, counted, marked
from storage.ballot_box import BallotBox
from storage.chat_settings import SettingsStore
from storage.private_chats import PrivateChats, stand_in
from storage.served_quotations import ServedQuotations
from storage.subscriptions import Subscriptions
from storage.voters import Voters

SURE = "yes"
ONLY_VOTES = "votes"
YOUR_VOTES = marked(
    "The incident, your choice, the group you voted in and when, so that you have one vote and may change it. To rate a"
    " ruling is a vote as well. Your account is kept only as a keyed hash whose key is not in the database: without it"
    " nobody can tell whose vote it is. In the same way it is kept what /quote dealt you in private, so that nothing"
    " comes twice."
)
THIS_CHAT = marked("A group's number at its platform, to count its votes apart and to keep its polls moving.")
WHAT_IS_TOLD = marked(
    "Of a chat that subscribes or has settings: its number, the topics with the roles they mention, the settings, and"
    " which message told it what, or why none did. A private chat's number is your own; it is kept with all this until"
    " you turn the last topic off or say /forgetme there. A group's stays; with it, until its last topic is off or you"
    " say /forgetme, the account number of whoever turned topics on there last, to tell them should I be shut out."
)
HOW_LONG = marked(
    "Your votes until you take them back or delete them. Nothing is sold, shared or shown with your name."
)
THERE = marked(
    "Subscriptions and settings of your private chat with me are another matter: say /mydata or /forgetme there."
)
TOLD_GOES = marked("Nothing comes to this chat by itself any more then, and its settings go.")
TOLD_GONE = marked("Nothing comes to this chat any more, and its settings are deleted too.")
SETTINGS_GONE = marked("The settings of this chat are deleted too.")


class Privacy:
    """Tell people what is kept about them, hand it over, delete it."""

    def __init__(
        self,
        voters: Voters,
        ballot_box: BallotBox,
        subscriptions: Subscriptions,
        settings: SettingsStore,
        served: ServedQuotations,
        alone: PrivateChats,
        named: Callable[[int], str | None],
    ) -> None:
        """`named` is what a quotation or an incident is called that somebody was dealt, by its key."""
        self._voters = voters
        self._ballot_box = ballot_box
        self._subscriptions = subscriptions
        self._settings = settings
        self._served = served
        self._alone = alone
        self._named = named

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command("privacy", marked("What is kept about you, and why"), self.explain),
            Command("mydata", marked("What is kept of you, as a file"), self.hand_over, private=True),
            Command("forgetme", marked("Delete what is kept of you"), self.forget, private=True),
        )

    async def explain(self, _request: Request) -> Reply:
        """What is kept, why, for how long, and how to end it."""
        card = Card(
            _("What is kept about you"),
            fields=(
                Field(_("Your votes"), _(YOUR_VOTES)),
                Field(_("This chat"), _(THIS_CHAT)),
                Field(_("Subscriptions and settings"), _(WHAT_IS_TOLD)),
                Field(_("Not kept"), _("Names, pictures, phone numbers, who is in a chat, and what anybody writes.")),
                Field(_("How long"), _(HOW_LONG)),
            ),
        )
        mine = (Button(_("My data as a file"), "mydata"), Button(_("Delete my data"), "forgetme"))
        return Reply(card, (mine,))

    async def hand_over(self, request: Request) -> Reply:
        """What is kept of the asker as a JSON file, for them alone; what their private chat is told, only there."""
        votes = await self._voters.votes_of(self._voters.pseudonym(request.user))
        chat = await self._kept_of(request.chat) if request.chat.kind is ChatKind.PRIVATE else {}
        groups = await self._subscriptions.subscribed_by(request.user)
        dealt = await self._dealt_to(request.user)
        if not votes and not chat and not groups and not dealt:
            card = Card(_("Nothing of yours is kept here"), paragraphs=_there(request))
            return Reply(card, ((_about_it(),),), private=True, optional_buttons=True)
        turned_on = {"turned_topics_on_in": [f"{group.platform} {group.id}" for group in groups]} if groups else {}
        document = {"votes": [_row(vote) for vote in votes], **dealt, **turned_on, **chat}
        content = json.dumps(document, indent=2, ensure_ascii=False).encode()
        mine = counted("{number} vote of yours", "{number} votes of yours", len(votes))
        title = mine if votes else _("No votes of yours")
        if chat:
            both = _("{votes}, and this chat's subscriptions and settings")
            title = (both if is_pushed(request.chat) else _("{votes}, and this chat's settings")).format(votes=title)
        file = Attachment("racing-incident-data.json", content)
        return Reply(Card(title, paragraphs=_there(request)), private=True, attachment=file)

    async def _dealt_to(self, person: User) -> dict[str, list[str]]:
        """What somebody was dealt in private, the latest first; nothing where that is nothing."""
        keys = await self._served.dealt_to(stand_in(person.platform, self._voters.pseudonym(person)))
        return {"dealt_to_you_in_private": [self._named(key) or str(key) for key in keys]} if keys else {}

    async def _kept_of(self, chat: Chat) -> dict[str, Any]:
        """What is kept of a private chat; nothing where it has no row of its own."""
        kept = await self._alone.of(chat)
        if kept is None:
            return {}
        topics, settings = await self._subscriptions.of(chat), await self._settings.of(chat)
        told = await self._subscriptions.told(chat)
        rows = [{"what": each.what, "state": each.state.name.lower(), "message": each.message} for each in told]
        return {
            "chat": f"{chat.platform} {chat.id}",
            "topics": [*topics],
            "settings": asdict(settings),
            "told": rows,
            "polls_shown": [{"incident": incident, "message": message} for incident, message in kept.messages],
            "not_reached_since": _moment(kept.unseen_since),
        }

    async def forget(self, request: Request) -> Reply:
        """Ask once, then delete the asker's votes; in a private chat what it is told and its settings as well."""
        alone = request.chat.kind is ChatKind.PRIVATE
        if request.argument not in {SURE, ONLY_VOTES}:
            return _question(request, alone=alone)
        voter, told = self._voters.pseudonym(request.user), alone and request.argument == SURE
        gone = await self._ballot_box.forget(voter, request.chat, request.update, told=told, person=request.user)
        if gone is None:
            return Reply(Card(_("Deleted already")), private=True)
        deleted = counted("{number} vote of yours deleted", "{number} votes of yours deleted", gone.votes)
        said = deleted if gone.votes else _("There were no votes of yours to delete")
        more = _there(request) if not told else (_gone(request.chat),) if gone.chat else ()
        return Reply(Card(said, paragraphs=more), ((_about_it(),),), private=True, optional_buttons=True)


def _about_it() -> Button:
    """The way to what is kept of anybody."""
    return Button(_("What is kept about me?"), "privacy")


def _question(request: Request, *, alone: bool) -> Reply:
    """What is about to be deleted; asked in a group, it may be answered in private, and means no more there."""
    title, more = _("Delete all your votes?"), _there(request)
    if alone and is_pushed(request.chat):
        title, more = _("Delete all your votes, and this chat's subscriptions and settings?"), (_(TOLD_GOES),)
    elif alone:
        title, more = _("Delete all your votes, and this chat's settings?"), ()
    card = Card(title, paragraphs=(_("Your votes leave every tally, and cannot be brought back."), *more))
    buttons = (
        Button(_("Delete them"), "forgetme", SURE if alone else ONLY_VOTES, turns=True),
        Button(_("Keep them"), "privacy"),
    )
    return Reply(card, (buttons,), private=True)


def _row(vote: KeptVote) -> dict[str, str | bool | None]:
    return {
        "incident": vote.incident_id,
        "question": vote.question,
        "choice": vote.choice,
        "cast_at": _moment(vote.cast_at),
        "after_ruling": vote.after_ruling,
        "chat": f"{vote.chat.platform} {vote.chat.id}",
    }


def _moment(seconds: int | None) -> str | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def _gone(chat: Chat) -> str:
    """What went with the votes of a private chat."""
    return _(TOLD_GONE if is_pushed(chat) else SETTINGS_GONE)


def _there(request: Request) -> tuple[str, ...]:
    return () if request.chat.kind is ChatKind.PRIVATE else (_(THERE),)
