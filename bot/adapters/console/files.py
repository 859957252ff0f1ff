"""Files that come with an answer: they are saved where the bot was started."""

from collections.abc import Iterator
from errno import EEXIST
from pathlib import Path

from rich.text import Text

from bot.chat.replies import Attachment
from bot.i18n import _


def saved(attachment: Attachment | None) -> Iterator[Text]:
    """Where a file was saved, or why it could not be, if there is one."""
    if attachment is None:
        return
    try:
        said = _("Saved as {path}").format(path=_save(attachment))
    except OSError as error:
        said = _("Could not be saved in this folder: {reason}").format(reason=error.strerror)
    yield Text(f"  {said}")


def _save(attachment: Attachment) -> Path:
    """Write a file into the working folder, never over another. Raises OSError."""
    wanted = Path(attachment.name)
    for number in range(1, 1000):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            with path.open("xb") as file:
                file.write(attachment.content)
        except FileExistsError:
            continue
        return path.absolute()
    raise FileExistsError(EEXIST, "too many of them are there already", wanted)
