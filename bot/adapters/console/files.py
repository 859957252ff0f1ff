"""Files that come with an answer: they are saved in a folder beside the bot's data."""

from collections.abc import Iterator
from errno import EEXIST
from pathlib import Path

from rich.text import Text

from bot.chat.replies import Attachment
from bot.i18n import _
from storage.private_files import make_folder, write_new

COPIES = 1000
"""Files of one name at most; those after the first have their number in it."""


def saved(attachment: Attachment | None, folder: Path | None) -> Iterator[Text]:
    """Where a file was saved, or why it could not be, if there is one, and a folder for it."""
    if attachment is None or folder is None:
        return
    try:
        yield _below(_("Saved as {path}").format(path=_save(attachment, folder)))
    except OSError as error:
        said = _("Could not be saved in {folder}: {reason}").format(folder=folder, reason=error.strerror)
        yield _below(said)


def _below(said: str) -> Text:
    return Text(f"  {said}", "dim", overflow="fold")


def _save(attachment: Attachment, folder: Path) -> Path:
    """Write a file into a folder, never over another, and not again where the same is there. Raises OSError."""
    make_folder(folder)
    wanted = folder.absolute() / attachment.name
    for number in range(1, COPIES):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            write_new(path, attachment.content)
        except FileExistsError:
            if path.is_file() and path.read_bytes() == attachment.content:
                return path
            continue
        return path
    raise FileExistsError(EEXIST, "too many of them are there already", wanted)
