"""`/api/proxy`: whether a proxy says who visits, and is believed; what the doctor asks the site, and no address."""

import json

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.web.front.security import headers

PROGRAM = "Racing Incident"


class Passing:
    """Answers each visit for itself."""

    def __init__(self, *, encrypted: bool) -> None:
        self._headers = {**headers(encrypted=encrypted), "cache-control": "no-store"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one visit."""
        content = json.dumps({"program": PROGRAM, "proxy": passed(scope)})
        await Response(content, headers=self._headers, media_type="application/json")(scope, receive, send)


def passed(scope: Scope) -> str:
    """What became of a proxy's word on who visits: `believed`, `not believed`, or `silent` where there is none."""
    said = Headers(scope=scope).get("x-forwarded-for", "")
    if not said:
        return "silent"
    client = scope.get("client")
    return "believed" if client and client[0] in [each.strip() for each in said.split(",")] else "not believed"
