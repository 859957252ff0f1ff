"""Every address of the pages, made in one place: a path on the site, or with the site's public address before it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from bot.i18n import LANGUAGES


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses in one language; `prefix` is `/de`, or empty where each reader's own language is meant."""

    public: str
    """The address that the site is known by, without a slash at its end: `https://incidents.example.org`."""

    prefix: str = ""

    def speaking(self, code: str) -> "Addresses":
        """The same in a language that stays, whatever the reader's browser asks for."""
        return replace(self, prefix=f"/{code}")

    def neutral(self) -> "Addresses":
        """The same without a language: whoever follows them is answered in their own."""
        return replace(self, prefix="")

    @property
    def home(self) -> str:
        """The first page."""
        return self.page("/")

    def incident(self, incident_id: str) -> str:
        """An incident's page."""
        return self.page(f"/{incident_id}")

    def embedded(self, incident_id: str) -> str:
        """An incident's bars alone, for a frame in somebody's article."""
        return self.page(f"/{incident_id}/embed")

    def live(self, incident_id: str = "") -> str:
        """Where an incident's verdict is told as it moves; without one, which incidents are looked at right now."""
        return self.page(f"/live/{incident_id}" if incident_id else "/live")

    def asset(self, name: str) -> str:
        """A file that belongs to the pages, by the name that says what is in it."""
        return f"/assets/{name}"

    def page(self, path: str) -> str:
        """A page by its path, which is the same in all languages: `/imola-2021`."""
        if path == "/":
            return self.prefix or "/"
        return f"{self.prefix}{quote(path)}"

    def whole(self, path: str) -> str:
        """A path on this site as an address that can be written anywhere."""
        return self.public if path == "/" else f"{self.public}{path}"

    def embedding(self, incident_id: str) -> str:
        """The whole address at which a site asks how an incident's page is embedded, as oEmbed has it."""
        asked = urlencode({"url": self.whole(self.incident(incident_id)), "format": "json"})
        return self.whole(f"/oembed?{asked}")

    def in_every_language(self, path: str) -> Iterator[tuple[str, str]]:
        """A page's whole addresses by the code of their language; `x-default` is the one that asks the browser."""
        yield "x-default", self.whole(self.neutral().page(path))
        for code in LANGUAGES:
            yield code, self.whole(self.speaking(code).page(path))
