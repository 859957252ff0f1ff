"""OpenF1 on the loopback: rows of a session, closed to people without an account while it runs."""

import datetime as dt
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.support.live_timing_server import ZANDVOORT
from tests.support.loopback_site import LoopbackSite

Json = dict[str, Any]

USERNAME, PASSWORD = "fan@example.org", "turn-3-banking"

CLOSED = {
    "detail": "Session in progress, access is restricted to authenticated users only. "
    "Global access will be restored once the session ends."
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it arrived, without what was asked for."""

    of: str
    query: dict[str, str]
    is_authorized: bool


class OpenF1Server(LoopbackSite):
    """A running server; `url` is where OpenF1 begins, below which are `token` and `v1`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.tokens = 0
        """How many have been granted; only the last is good."""

        self.expires_in = "3600"
        self.in_progress = False
        """Whether a session runs: then there is nothing for people without an account."""

        self.failures: deque[web.Response] = deque()
        """What the next questions are answered with instead."""

        self.token_answer: web.Response | None = None
        self.garbage: dict[str, bytes] = {}
        """What is said of something, whatever it is."""

        self.rows: dict[str, list[Json]] = {"sessions": [], "meetings": [], "drivers": [], "race_control": []}
        self._token = ""
        self._at = ZANDVOORT
        app = web.Application()
        app.router.add_post("/token", self._grant)
        app.router.add_get("/v1/{of}", self._answer)
        super().__init__(app)

    def session(
        self,
        event: str = "Dutch Grand Prix",
        name: str = "Race",
        *,
        key: int = 9001,
        starts_at: dt.datetime = ZANDVOORT,
    ) -> None:
        """Begin a session, which is the latest from now on; nothing has been said in it."""
        self._at = starts_at
        meeting = key // 10
        self.rows["meetings"].append({"meeting_key": meeting, "meeting_name": event, "is_cancelled": False})
        self.rows["sessions"].append(
            {
                "session_key": key,
                "meeting_key": meeting,
                "session_name": name,
                "session_type": name,
                "date_start": starts_at.isoformat(),
                "date_end": (starts_at + dt.timedelta(hours=2)).isoformat(),
                "gmt_offset": "02:00:00",
                "location": "Zandvoort",
                "country_name": "Netherlands",
                "circuit_short_name": "Zandvoort",
                "year": starts_at.year,
            }
        )

    def drivers(self, **codes: int) -> None:
        """Who drives which number in the latest session: `drivers(RUS=63, BOT=77)`."""
        self.rows["drivers"] += [
            {
                "session_key": self._latest,
                "driver_number": number,
                "name_acronym": code,
                "full_name": f"Ann {code}",
                "first_name": "Ann",
                "last_name": code.title(),
                "team_name": "A Team",
            }
            for code, number in codes.items()
        ]

    def say(
        self,
        text: str,
        *,
        lap: int | None = None,
        at: dt.datetime | None = None,
        category: str = "Other",
        **fields: Any,
    ) -> None:
        """Let race control say something, a second after what it said last unless there is a time."""
        self._at = at or self._at + dt.timedelta(seconds=1)
        row = {"session_key": self._latest, "meeting_key": self._latest // 10, "date": self._at.isoformat()}
        row |= {"driver_number": None, "lap_number": lap, "category": category, "flag": None, "message": text}
        self.rows["race_control"].append(row | fields)

    def status(self, status: str) -> None:
        """Started, Finished …: a row that race control did not say."""
        self.say(f"SESSION {status.upper()}", category="SessionStatus")

    @property
    def _latest(self) -> int:
        return int(self.rows["sessions"][-1]["session_key"])

    async def _grant(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self.token_answer is not None:
            return self.token_answer
        if (form.get("username"), form.get("password")) != (USERNAME, PASSWORD):
            return web.json_response({"detail": "Invalid credentials"}, status=401)
        self.tokens += 1
        self._token = f"token-{self.tokens}"
        answer = {"access_token": self._token, "token_type": "bearer", "expires_in": self.expires_in}
        return web.json_response(answer)

    async def _answer(self, request: web.Request) -> web.Response:
        of, query = request.match_info["of"], dict(request.query)
        authorization = request.headers.get("Authorization")
        is_authorized = authorization is not None and authorization == f"Bearer {self._token}"
        self.asked.append(Asked(of, query, is_authorized))
        if self.failures:
            return self.failures.popleft()
        if authorization is not None and not is_authorized:
            return web.json_response({"detail": "Invalid authentication credentials"}, status=401)
        if self.in_progress and not is_authorized:
            return web.json_response(CLOSED, status=401)
        if of in self.garbage:
            return web.Response(body=self.garbage[of])
        found = [row for row in self.rows[of] if self._fits(row, query)]
        return web.json_response(found) if found else web.json_response({"detail": "No results found."}, status=404)

    def _fits(self, row: Json, query: dict[str, str]) -> bool:
        for name, value in query.items():
            if name == "date>":
                fits = dt.datetime.fromisoformat(row["date"]) >= dt.datetime.fromisoformat(value)
            else:
                fits = str(row[name]) == (str(self._latest) if value == "latest" else value)
            if not fits:
                return False
        return True

    def expire_token(self) -> None:
        """Make the token that was granted last good for nothing."""
        self._token = "none"
