"""What Discord shows of a message that is a layout of components, and which ones it refuses."""

from collections.abc import Iterable, Mapping
from typing import Any

from simcord.components import ComponentValidationError, validate_message_state, walk_components

LAYOUT = 1 << 15
"""The flag of a message that is a layout."""

TEXT, GALLERY, FILE, CONTAINER = 10, 12, 13, 17
KEPT = ("content", "embeds", "components", "flags")


def components_of(message: Any) -> list[dict[str, Any]]:
    """A message's components as Discord has them; a response's are plain already."""
    return [each if isinstance(each, dict) else each.to_dict() for each in message.components]


def texts(components: Iterable[dict[str, Any]]) -> list[str]:
    """The texts of a layout from top to bottom."""
    return [str(each["content"]) for each in walk_components([*components]) if each["type"] == TEXT]


def heading(components: Iterable[dict[str, Any]]) -> str:
    """What a layout says on top, the role that it notifies left out."""
    return next(text for text in texts(components) if not text.startswith("<@&")).removeprefix("### ")


def in_sight(components: Iterable[dict[str, Any]]) -> list[str]:
    """The texts that are seen before anybody taps what is veiled."""
    return texts(each for each in components if not each.get("spoiler"))


def pictures(components: Iterable[dict[str, Any]]) -> list[str]:
    """Where the pictures of a layout come from."""
    galleries = (each for each in walk_components([*components]) if each["type"] == GALLERY)
    return [item["media"]["url"] for each in galleries for item in each["items"]]


def refused(given: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> str:
    """Why Discord refuses a message, or the change of one that is there `before`; empty where it takes it.

    A layout has no content and no embeds, at most 40 components, and at most 4000 characters in all its texts; it stays
    a layout.
    """
    kept = before or {}
    content, embeds, components, flags = (given.get(key, kept.get(key)) for key in KEPT)
    try:
        validate_message_state(
            components or [],
            flags=flags or 0,
            content=content,
            embeds=embeds or [],
            previous_flags=kept.get("flags", 0),
        )
    except ComponentValidationError as error:
        return str(error)
    return ""
