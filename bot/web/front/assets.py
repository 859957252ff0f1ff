"""The style sheet and the script, by an address that changes with them, so that browsers keep them for a year."""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import NamedTuple

from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit

FOLDER = resources.files("bot.web") / "assets"

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}

A_YEAR = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file as it is sent."""

    content: bytes
    media_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """The files by the names that stand in addresses: `styles.1a2b3c4d.css`."""
    return {named(file.name): _read(file.name) for file in FOLDER.iterdir() if file.name.split(".")[-1] in TYPES}


@cache
def named(name: str) -> str:
    """A file's name with a digest of what is in it."""
    stem, _dot, ending = name.rpartition(".")
    return f"{stem}.{blake2b(_read(name).content, digest_size=4).hexdigest()}.{ending}"


def _read(name: str) -> Asset:
    return Asset((FOLDER / name).read_bytes(), TYPES[name.rpartition(".")[2]])


async def asset(_site: Site, visit: Visit) -> Answer:
    """A file. Raises NotHereError."""
    found = assets().get(visit.named["name"])
    if found is None:
        raise NotHereError
    return Answer(found.content, found.media_type, seconds=3600, headers={"cache-control": A_YEAR})
