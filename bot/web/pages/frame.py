"""What is around every page: its head, the ways to the others, the languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.i18n import LANGUAGES, _
from bot.web.addresses import Addresses
from bot.web.front.assets import named
from bot.web.visits import Visit

SITE = "Racing Incident"


class Door(NamedTuple):
    """A link: what it says, and where it leads."""

    label: str
    path: str
    here: bool = False


class Section(NamedTuple):
    """A link to one of the main pages; `current` is `page` on that page, `true` on those below it, else empty."""

    label: str
    path: str
    current: str


class Tongue(NamedTuple):
    """A page in one of the languages."""

    code: str
    name: str
    path: str
    spoken: bool


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of what the page says, by its whole address, with what it shows in words."""

    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame shows, in the language that is spoken."""

    language: str
    title: str
    description: str
    shared: str
    """The whole address that is passed on: without a language, as whoever opens it has their own."""

    canonical: str
    alternates: tuple[tuple[str, str], ...]
    home: str
    doors: tuple[Section, ...]
    tongues: tuple[Tongue, ...]
    styles: str
    script: str
    icon: str
    feed: str
    image: Image | None = None
    embedding: str = ""
    """The whole address where sites ask how the page is embedded; empty where it is not to be."""


def frame(visit: Visit, title: str, description: str, image: Image | None = None, embedding: str = "") -> Frame:
    """The frame of a page that is visited."""
    addresses, path = visit.addresses, visit.path
    return Frame(
        visit.language,
        title,
        description,
        addresses.whole(addresses.neutral().page(path)),
        addresses.whole(addresses.speaking(visit.language).page(path)),
        tuple(addresses.in_every_language(path)),
        addresses.home,
        tuple(_doors(addresses, path)),
        tuple(
            Tongue(code, name, addresses.speaking(code).page(path), code == visit.language)
            for code, name in LANGUAGES.items()
        ),
        addresses.asset(named("styles.css")),
        addresses.asset(named("script.js")),
        addresses.asset(named("icon.svg")),
        addresses.page("/feed.atom"),
        image,
        embedding,
    )


def _doors(addresses: Addresses, path: str) -> Iterator[Section]:
    """The ways from every page to the main ones, in words that a phone has room for in two rows."""
    ways = (
        (_("Incidents"), "/incidents"),
        (_("Drivers"), "/drivers"),
        (_("Circuits"), "/circuits"),
        (_("Stewards"), "/stewards"),
        (_("Blame"), "/blamed"),
        (_("Data"), "/data"),
    )
    for label, target in ways:
        current = "page" if path == target else "true" if path.startswith(f"{target}/") else ""
        yield Section(label, addresses.page(target), current)
