"""From a view to HTML: everything that a view holds is text, and is escaped by the templates' engine."""

from dataclasses import fields
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.i18n import _


def rendered(template: str, view: Any) -> str:
    """A template filled with the fields of a view, which is a dataclass, in the language that is spoken."""
    return environment().get_template(template).render({each.name: getattr(view, each.name) for each in fields(view)})


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
