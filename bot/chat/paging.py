"""Pages of a list in arguments: `suzuka page-2` is the second page of what `suzuka` finds."""

import re

_MARK = re.compile(r"(?:^|\s)page-(\d{1,4})$")


def unpaged(argument: str) -> tuple[str, int | None]:
    """An argument without the mark at its end, and the page that it names; None where it names none."""
    mark = _MARK.search(argument)
    return (argument[: mark.start()].strip(), int(mark[1])) if mark else (argument.strip(), None)


def at_page(argument: str, page: int) -> str:
    """The argument of a button that turns to a page."""
    return f"{argument} page-{page}".strip()
