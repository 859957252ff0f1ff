"""`python -m benchmarks.screens`: the pictures of chats in README, drawn anew from what the bot says today.

The reply is the real one, and so is what the adapters make of it for Telegram and Discord; only the frame around it is
ours, in the likeness of these apps. Chromium takes the pictures; the terminal's is what rich recorded of the answer.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from bot.adapters.console.abilities import Addresses
from bot.adapters.console.render import render as in_the_terminal
from bot.adapters.discord.render import render as on_discord
from bot.adapters.telegram.render import render as on_telegram
from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, User
from bot.search.catalogue import Incidents

DOCS = Path(__file__).parents[1] / "docs"
ASKED = "imola"
GROUP = Chat(Platform.TELEGRAM, "-1")
VOTES = {"all-russell": 3, "mostly-russell": 4, "racing-incident": 3, "mostly-bottas": 2}
"""Invented, and said to be below each picture."""

INVENTED = "The votes are invented."
WIDTH = 412
"""Pixels of a phone's screen."""

COLUMNS, ROWS = 80, 24

CONTAINER, TEXT = 17, 10
"""Discord's numbers for these components."""

STYLE = """
*{box-sizing:border-box} body{margin:0;padding:14px;font:15px/1.38 "Noto Sans","DejaVu Sans",sans-serif;width:412px}
blockquote{margin:4px 0;padding:2px 8px} a{text-decoration:none} p{margin:0 0 4px}
.r{display:flex;gap:4px;margin-top:4px} .p{margin-bottom:8px}
.b{flex:1;text-align:center;border-radius:7px;padding:8px 4px;font-size:14px}
.n{opacity:.75;font-size:12px;margin-top:8px}
.w{white-space:pre-wrap;overflow-wrap:anywhere}
"""
TELEGRAM = """
body{background:#0e1621;color:#fff} .m{background:#182533;border-radius:12px;padding:8px 11px} a{color:#62b0f5}
blockquote{border-left:3px solid #62b0f5;background:#1f3346;border-radius:4px} .b{background:#233a4f}
blockquote[expandable]{max-height:4.45em;overflow:hidden}
"""
DISCORD = """
body{background:#313338;color:#dbdee1} a{color:#00a8fc} blockquote{border-left:4px solid #4e5058}
.m{background:#2b2d31;border-left:4px solid var(--c);border-radius:4px;padding:10px 12px;font-size:14px}
.b{background:#4e5058;border-radius:4px;flex:none;padding:8px 14px} .r{flex-wrap:wrap;gap:8px;margin-top:8px}
"""


async def answered() -> Reply:
    """What the bot answers in a group in which a few people have voted."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), race_control="off", jolpica_url=None, f1db_url=None)
        async with open_core(settings, Incidents.load()) as core:
            voters = (choice for choice, number in VOTES.items() for _vote in range(number))
            for number, choice in enumerate(voters):
                fan = User(Platform.TELEGRAM, f"{number}")
                await core.dispatcher.dispatch(Request("vote", f"imola-2021 {choice}", fan, GROUP))
            reply = await core.dispatcher.dispatch(Request("crash", ASKED, User(Platform.TELEGRAM, "7"), GROUP))
    if reply is None:
        raise RuntimeError("the bot kept silent")
    return reply


def telegram_page(reply: Reply) -> str:
    """Telegram's HTML, which a browser reads as it is, in a bubble with its keyboard."""
    text, keyboard = on_telegram(reply)
    rows = [[button["text"] for button in row] for row in (keyboard or {}).get("inline_keyboard", [])]
    text = text.replace("</blockquote>\n", "</blockquote>")  # a block ends its line by itself
    return _page(TELEGRAM, f'<div class="m w">{text}</div>{"".join(map(_row, rows))}')


def discord_page(reply: Reply) -> str:
    """The markdown of an embed, or of a layout's containers, as Discord reads it, and rows of buttons."""
    rendered = on_discord(reply)._asdict()
    embed: Mapping[str, Any] = rendered["embed"].to_dict() if "embed" in rendered else {}
    texts = [f"**{embed['title']}**\n{embed.get('description', '')}"] if embed else []
    texts += [f"**{field['name']}**\n{field['value']}" for field in embed.get("fields", [])]
    colour, rows = embed.get("color", 0), ""
    for part in rendered["view"].to_components():
        inside = part.get("components", [])
        if part["type"] == CONTAINER:
            colour = part.get("accent_color") or colour
            texts += [text["content"] for text in inside if text["type"] == TEXT]
        else:
            rows += _row([button["label"] for button in inside])
    body = "".join(f'<div class="w p">{_markdown(text)}</div>' for text in texts)
    return _page(DISCORD, f'<div class="m" style="--c:#{colour:06x}">{body}</div>{rows}')


def _page(style: str, body: str) -> str:
    note = f'<div class="n">{INVENTED}</div>'
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}{style}</style>{body}{note}'


def _row(labels: list[str]) -> str:
    return f'<div class="r">{"".join(f"<div class=b>{escape(label)}</div>" for label in labels)}</div>'


def _markdown(text: str) -> str:
    """The few marks that our renderer uses, as HTML; what it escaped stays text."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(escape(found[1]))
        return f"\x00{len(kept) - 1}\x00"

    said = escape(re.sub(r"\\(.)", keep, text), quote=False)
    said = re.sub(r"^### (.+)$", r"<b>\1</b>", re.sub(r"^-# ", "", said, flags=re.MULTILINE), flags=re.MULTILINE)
    said = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', said)
    said = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", said)
    said = re.sub(r"\*(.+?)\*", r"<i>\1</i>", said)
    said = re.sub(r"(?:^&gt; .*(?:\n|$))+", _quoted, said, flags=re.MULTILINE)
    return re.sub(r"\x00(\d+)\x00", lambda number: kept[int(number[1])], said)


def _quoted(found: re.Match[str]) -> str:
    lines = "\n".join(line.removeprefix("&gt; ") for line in found[0].rstrip("\n").split("\n"))
    return f"<blockquote>{lines}</blockquote>"


def terminal_picture(reply: Reply) -> str:
    """What a terminal of 80 columns shows, as an SVG."""
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(
            file=nowhere, record=True, width=COLUMNS, height=ROWS, force_terminal=True, highlight=False, emoji=False
        )
        console.print(f"› /crash {ASKED}", style="bold")
        console.print(in_the_terminal(reply, addresses=Addresses.LINKED))
        return console.export_svg(title=f"racing-incident. {INVENTED}")


def pages(reply: Reply) -> Iterator[tuple[str, str]]:
    """The pages that a browser takes pictures of, by the files' names."""
    yield "telegram", telegram_page(reply)
    yield "discord", discord_page(reply)


def take(browser: str, name: str, page: str, folder: Path) -> None:
    """Take a picture of a page as high as what is on it. Raises CalledProcessError."""
    file = folder / f"{name}.html"
    file.write_text(f"{page}<script>document.title=document.body.scrollHeight</script>", encoding="utf-8")
    alone = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}"]
    measured = _run([*alone, "--dump-dom", f"--window-size={WIDTH},100", file.as_uri()])
    height = int(re.findall(r"<title>(\d+)</title>", measured)[0])
    shot = [f"--screenshot={DOCS / name}.png", f"--window-size={WIDTH},{height}", "--force-device-scale-factor=2"]
    _run([*alone, *shot, file.as_uri()])


def _run(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - the browser that is installed, on a page of ours


def main() -> int:
    """Draw all of them; 1 where there is no browser."""
    reply = asyncio.run(answered())
    (DOCS / "card.svg").write_text(terminal_picture(reply), encoding="utf-8")
    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None:
        print("There is no Chromium here: only the terminal's picture was drawn.", file=sys.stderr)
        return 1
    with TemporaryDirectory() as folder:
        for name, page in pages(reply):
            take(browser, name, page, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
