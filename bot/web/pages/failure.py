"""What is answered where something is broken: no trace, and the number under which it is in the log."""

from dataclasses import dataclass

from bot.i18n import _, spoken_code
from bot.web.front.assets import named
from bot.web.rendering import rendered
from bot.web.visits import Answer

FAILED, UNAVAILABLE = 500, 503


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that failed by the fault of the program (500), or of the database (503)."""

    status: int
    number: str
    """What the log's line about it is found by."""


@dataclass(frozen=True, slots=True)
class FailureView:
    """A page that needs nothing but itself."""

    language: str
    title: str
    said: str
    number: str
    styles: str


def failure_page(failure: Failure) -> Answer:
    """That something went wrong, in the language that is spoken."""
    away = failure.status == UNAVAILABLE
    view = FailureView(
        spoken_code(),
        _("Red flag") if away else _("That went wrong"),
        _("What fans say cannot be read at the moment. Try again in a minute.")
        if away
        else _("This page could not be made. It has been noted."),
        failure.number,
        f"/assets/{named('styles.css')}",
    )
    return Answer(rendered("failure.html", view).encode(), status=failure.status, seconds=0)
