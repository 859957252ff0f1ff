"""A forum on a Discord on the loopback: posts are begun in it, archived, opened again, locked and deleted."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from tests.adapters.discord.layouts import refused
from tests.adapters.discord.wire import APPLICATION, INVALID, answer, payload

GUILD, FORUM = "70", "20"
TAG, MODERATED = "30", "31"

REQUIRES_TAG = 1 << 4
"""The flag of a forum in which each post needs a tag."""

FIRST_POST = 700
"""The id of the first post; the next ones follow it."""

LONGEST_TITLE = 100
MOST_TAGS = 5

Keep = Callable[[str, dict[str, str], dict[str, Any]], dict[str, Any]]
"""Keeps a message by what tells it apart, where it is, and what was sent."""

Refusal = tuple[int, int]
"""The status and the code of a call that is refused."""


def _tag(number: str, name: str, *, moderated: bool) -> dict[str, Any]:
    return {"id": number, "name": name, "moderated": moderated, "emoji_id": None, "emoji_name": None}


def post(number: str, title: str, tags: Sequence[str] = ()) -> dict[str, Any]:
    """A post of the forum, as Discord shows it."""
    metadata = {"archived": False, "archive_timestamp": "2021-04-18T13:00:00+00:00", "locked": False}
    where = {"guild_id": GUILD, "parent_id": FORUM, "owner_id": APPLICATION}
    counted = {"message_count": 0, "member_count": 1, "total_message_sent": 0}
    said = {"id": number, "type": 11, "flags": 0, "name": title, "applied_tags": [*tags]}
    return {**said, **where, **counted, "thread_metadata": {**metadata, "auto_archive_duration": 1440}}


class Forum:
    """A forum in which the bot may begin posts.

    It hangs up on the next `drops` posts that are begun, once it has stored them, before it answers; while its `gate`
    is closed no post is begun.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self.flags = 0
        self.tags = [_tag(MODERATED, "news", moderated=True), _tag(TAG, "races", moderated=False)]
        self.posts: dict[str, dict[str, Any]] = {}
        """Its posts by their ids, as Discord shows them."""

        self.deleted: set[str] = set()
        self.begun: list[dict[str, Any]] = []
        """What the bot asked for, whatever became of it."""

        self.refuses: Refusal | None = None
        """What there is for whoever begins a post."""

        self.refuses_deleting: Refusal | None = None
        """What there is for whoever deletes a post."""

        self.emptied: set[str] = set()
        """Posts of which the first message was deleted."""

        self.drops = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()
        """Set as a post is asked for."""

    def routes(self) -> list[web.RouteDef]:
        """What of Discord's interface is about it."""
        return [
            web.get("/api/v10/channels/{id}", self._channel),
            web.post("/api/v10/channels/{id}/threads", self._begin),
            web.get("/api/v10/guilds/{id}/threads/active", self._active),
            web.delete("/api/v10/channels/{id}", self._taken_away),
            web.delete("/api/v10/channels/{id}/messages/{message}", self._emptied),
        ]

    @property
    def titles(self) -> list[str]:
        """What its posts are called, in the order in which they were begun."""
        return [post["name"] for post in self.posts.values()]

    def archive(self, post: str, *, locked: bool = False) -> None:
        """Archive a post, and lock it if that is asked for."""
        self.posts[post]["thread_metadata"] |= {"archived": True, "locked": locked}

    def delete(self, post: str) -> None:
        """Delete a post."""
        del self.posts[post]
        self.deleted.add(post)

    def is_archived(self, channel: str) -> bool:
        """Whether a channel is a post that is archived, in which nothing can be changed."""
        return channel in self.posts and self.posts[channel]["thread_metadata"]["archived"] is True

    def refusal_in(self, channel: str) -> Refusal | None:
        """Why nothing may be written in a channel; where it may, that opens an archived post."""
        if channel == FORUM:
            return 400, 50008
        if channel in self.deleted:
            return 404, 10003
        if channel in self.posts:
            metadata = self.posts[channel]["thread_metadata"]
            if metadata["locked"]:
                return 403, 160005
            metadata["archived"] = False
        return None

    async def _channel(self, request: web.Request) -> web.Response:
        said = {"id": request.match_info["id"], "guild_id": GUILD, "position": 0, "permission_overwrites": []}
        if said["id"] == FORUM:
            forum = {"name": "races", "type": 15, "flags": self.flags, "available_tags": self.tags}
            return answer({**said, **forum, "default_auto_archive_duration": 1440})
        return answer({**said, "name": "general", "type": 0, "flags": 0})

    async def _active(self, request: web.Request) -> web.Response:
        assert request.match_info["id"] == GUILD
        open_ones = [post for post in self.posts.values() if not post["thread_metadata"]["archived"]]
        return answer({"threads": open_ones, "members": [], "has_more": False})

    async def _begin(self, request: web.Request) -> web.Response:
        given = await payload(request)
        self.begun.append(given)
        self.asked.set()
        await self.gate.wait()
        if refusal := self.refuses or self._refusal(request.match_info["id"], given):
            status, code = refusal
            return answer({"code": code, "message": ""}, status=status)
        number = str(FIRST_POST + len(self.posts) + len(self.deleted))
        self.posts[number] = post(number, given["name"], given.get("applied_tags") or [])
        message = self._keep(f"begins {number}", {"id": number, "channel_id": number}, given["message"])
        if self.drops and request.transport is not None:
            self.drops -= 1
            request.transport.abort()
        return answer({**self.posts[number], "message": message}, status=201)

    async def _taken_away(self, request: web.Request) -> web.Response:
        if self.refuses_deleting is not None:
            status, code = self.refuses_deleting
            return answer({"code": code, "message": ""}, status=status)
        gone = self.posts[request.match_info["id"]]
        self.delete(gone["id"])
        return answer(gone)

    async def _emptied(self, request: web.Request) -> web.Response:
        assert request.match_info["id"] == request.match_info["message"]
        self.emptied.add(request.match_info["id"])
        return web.Response(status=204)

    def _refusal(self, channel: str, given: dict[str, Any]) -> Refusal | None:
        """Why a post cannot be begun."""
        if channel != FORUM:
            return 400, 50024
        known = {tag["id"]: tag["moderated"] for tag in self.tags}
        applied = given.get("applied_tags") or []
        fits = 1 <= len(given["name"]) <= LONGEST_TITLE and len(applied) <= MOST_TAGS and {*applied} <= {*known}
        if not fits or "nonce" in given["message"] or refused(given["message"]):
            return 400, INVALID
        if any(known[tag] for tag in applied):
            return 403, 50013
        return (400, 40067) if self.flags & REQUIRES_TAG and not applied else None
