"""Answers over HTTP: bounded, and told apart by whether asking again is any use."""

from collections.abc import Mapping
from typing import NamedTuple

import aiohttp
from aiohttp import ClientSession
from aiohttp.typedefs import Query


class Answer(NamedTuple):
    """An answer, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(
    http: ClientSession, address: str, most_bytes: int, params: Query = None, headers: dict[str, str] | None = None
) -> Answer:
    """Ask for an address. Raises aiohttp's ClientError, OSError, TimeoutError, and ValueError for a longer answer."""
    async with http.get(address, params=params, headers=headers) as response:
        return Answer(response.status, response.headers, await body_of(response, most_bytes))


async def body_of(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    """What an answer says. Raises ValueError where that is longer than so many bytes."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most_bytes:
            raise ValueError(f"longer than {most_bytes} bytes")
    return bytes(body)


def is_refusal(status: int) -> bool:
    """Whether a status says that the same question will not be answered in a while either."""
    busy = (408, 425, 429)
    return 300 <= status < 500 and status not in busy  # noqa: PLR2004 - redirections, and errors said to be ours
