"""What is asked of a database of known faults, and what is made of its answers."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.audit import KNOWN_FAULTS, LOCKS, ROOT, Pinned, main, pinned
from tests.support.loopback_site import LoopbackSite


class Osv(LoopbackSite):
    """A database that knows of some faults."""

    def __init__(self) -> None:
        self.faults: dict[Pinned, list[str]] = {}
        self.asked: list[Pinned] = []
        self.body: str | None = None
        """What it answers instead."""

        app = web.Application()
        app.router.add_post("/", self._answer)
        super().__init__(app)

    async def _answer(self, request: web.Request) -> web.Response:
        if self.body is not None:
            return web.Response(text=self.body)
        queries = (await request.json())["queries"]
        self.asked = [Pinned(each["package"]["name"], each["version"]) for each in queries]
        found = [{"vulns": [{"id": fault} for fault in self.faults.get(each, ())]} for each in self.asked]
        return web.Response(text=json.dumps({"results": [each if each["vulns"] else {} for each in found]}))


@pytest.fixture
async def osv() -> AsyncIterator[Osv]:
    async with Osv() as site:
        yield site


async def audit(osv: Osv) -> int:
    return await asyncio.to_thread(main, ["--osv", osv.url])


def test_every_package_of_the_locks_is_found() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert len([*pinned(text)]) == sum(line[0].isalnum() for line in text.splitlines())


def test_what_is_said_beside_a_version_is_not_the_version() -> None:
    text = 'uvicorn[standard]==0.54.0 ; python_version >= "3.11" \\\n    --hash=sha256:00\ncolorama==0.4.6 \\\n'
    assert [*pinned(text)] == [Pinned("uvicorn", "0.54.0"), Pinned("colorama", "0.4.6")]


async def test_all_that_is_pinned_is_asked_about_once(osv: Osv, capsys: pytest.CaptureFixture[str]) -> None:
    assert await audit(osv) == 0
    everything = {each for lock in LOCKS for each in pinned((ROOT / lock).read_text(encoding="utf-8"))}
    assert osv.asked == sorted(everything)
    assert capsys.readouterr().out == f"No faults are known of {len(everything)} packages.\n"


async def test_a_known_fault_is_named(osv: Osv, capsys: pytest.CaptureFixture[str]) -> None:
    package = next(pinned((ROOT / LOCKS[0]).read_text(encoding="utf-8")))
    osv.faults[package] = ["GHSA-1", "PYSEC-2"]
    assert await audit(osv) == KNOWN_FAULTS
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"{package.name} {package.version}: https://osv.dev/vulnerability/{each}" for each in ("GHSA-1", "PYSEC-2")
    ]


@pytest.mark.parametrize("body", ["<html>Welcome to the hotel's network</html>", "{}", '{"results": []}'])
async def test_what_is_no_answer_is_not_taken_for_none(osv: Osv, body: str, capsys: pytest.CaptureFixture[str]) -> None:
    osv.body = body
    assert await audit(osv) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Whether faults are known of what is pinned cannot be said: ")
