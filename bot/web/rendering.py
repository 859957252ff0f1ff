"""From a view to HTML: everything that a view holds is text, and is escaped by the templates' engine."""

from dataclasses import fields
from functools import cache
from secrets import token_hex
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.i18n import _


def rendered(template: str, view: Any) -> str:
    """A template filled with the fields of a view, which is a dataclass, in the language that is spoken."""
    return environment().get_template(template).render({each.name: getattr(view, each.name) for each in fields(view)})


HOLE = f"hole-{token_hex(16)}"
"""What stands in a view for what is put in later; nobody can know it, and so have it in a text."""


def around_holes(template: str, view: Any) -> list[bytes]:
    """A template filled with a view that has holes: what stands before, between and after them."""
    return [part.encode() for part in rendered(template, view).split(HOLE)]


@cache
def environment() -> Environment:
    """The templates' engine; a name that a view lacks is an error."""
    engine = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.globals["_"] = _
    return engine
