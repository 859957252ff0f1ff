"""What stands for our marks and letters where nothing but ASCII is known."""

import unicodedata

MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„❝❞«»", '"'),
        **dict.fromkeys("‘’‚‹›′", "'"),
        **dict.fromkeys("–—−‑·•", "-"),
        **dict.fromkeys("→▶", ">"),
        **dict.fromkeys("←◀", "<"),
        **dict.fromkeys("█▓▒▀▄", "#"),
        **dict.fromkeys("░", "."),
        **dict.fromkeys("│║", "|"),
        **dict.fromkeys("─", "-"),
        **dict.fromkeys("╭╮╰╯", "+"),
        **dict.fromkeys("✓×", "x"),
        "…": "...",
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
    }
)
"""What stands for our marks where a terminal does not know them."""


def plain(character: str) -> str:
    """What stands for a character: another mark, a letter without its accent, or a question mark."""
    spoken = unicodedata.normalize("NFKD", character.translate(MARKS))
    return "".join(each for each in spoken if each.isascii()) or "?"
