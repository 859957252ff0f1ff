"""How Discord's REST interface speaks: what it is sent, what it answers, and what a message is in its terms."""

import json
from typing import Any, cast

from aiohttp import web

APPLICATION = "100"
BOT = {"id": APPLICATION, "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
MESSAGE = {
    "type": 0,
    "content": "",
    "timestamp": "2021-04-18T13:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
}

INVALID = 50035
"""Discord's code for a request whose body it refuses."""


def answer(data: Any, status: int = 200, **headers: str) -> web.Response:
    """An answer whose type discord.py recognises: it wants no charset behind it."""
    return web.Response(body=json.dumps(data), status=status, headers={"Content-Type": "application/json", **headers})


async def payload(request: web.Request) -> dict[str, Any]:
    """What was sent, with or without files beside it."""
    if request.content_type == "application/json":
        return cast("dict[str, Any]", await request.json())
    return cast("dict[str, Any]", json.loads(str((await request.post())["payload_json"])))
