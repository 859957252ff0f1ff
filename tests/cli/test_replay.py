"""`racing-incident replay`: a recorded session in the terminal, or pushed to a chat."""

import json
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.cli.replay import read_chat
from bot.domain.places import Chat, ChatKind, Platform
from tests.adapters.telegram.bot_api import TOKEN, BotApi
from tests.support.command_line import CommandLine

FAST = ("--speed", "100000")


def data_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
def racing_incident(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


async def test_the_session_that_ships_is_told_to_its_end(racing_incident: CommandLine, tmp_path: Path) -> None:
    done = await racing_incident("replay", "demo", *FAST)
    assert (done.code, done.err) == (0, "")
    words = " ".join(done.out.split())
    assert "TURN 1 INCIDENT INVOLVING CARS 7 (APX) AND 12 (CHI) NOTED - CAUSING A COLLISION" in words
    assert "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 34 (SLK) - UNSAFE RELEASE" in words
    assert data_in(tmp_path) == [], "the bot's own stays out of it"


async def test_a_chat_is_served_until_all_is_told(racing_incident: CommandLine) -> None:
    async with BotApi() as api:
        arguments = ("replay", "demo", *FAST, "--chat", "telegram:-1001")
        done = await racing_incident(*arguments, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=api.url)
    assert done.code == 0
    told = [call.data for call in api.calls if call.method == "sendMessage"]
    assert {each["chat_id"] for each in told} == {"-1001"}
    assert sum("Who was to blame" in each["text"] for each in told) == 4
    assert "PENALTY FOR CAR 7 (APX)" in done.out
    assert TOKEN not in done.out + done.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({}, "session.json holds no messages of race control."),
        (
            {"session": "qualifying", "Messages": [{"Utc": "2031-06-08T11:04:10", "Message": "CHEQUERED FLAG"}]},
            "That is a session called Qualifying; incidents are taken up in a race or a sprint.",
        ),
    ],
)
async def test_what_cannot_be_replayed_is_said(
    racing_incident: CommandLine, tmp_path: Path, content: dict[str, object], says: str
) -> None:
    (tmp_path / "session.json").write_text(json.dumps(content), encoding="utf-8")
    done = await racing_incident("replay", "session.json")
    assert (done.code, done.out, done.err) == (1, "", f"{says}\n")


async def test_a_chat_without_a_token_is_said(racing_incident: CommandLine) -> None:
    done = await racing_incident("replay", "demo", "--chat", "discord:555")
    assert (done.code, done.out, done.err) == (1, "", "No token for Discord is set.\n")


@pytest.mark.parametrize("arguments", [["--speed", "0"], ["--speed", "nan"], ["--speed", "soon"], ["--chat", "irc:f1"]])
def test_what_is_wrong_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["replay", "demo", *arguments])
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2
    assert f"{arguments[1]} is no " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "chat"),
    [
        ("telegram:-1001234", Chat(Platform.TELEGRAM, "-1001234")),
        ("telegram:-1001234:7", Chat(Platform.TELEGRAM, "-1001234:7")),
        ("telegram:42", Chat(Platform.TELEGRAM, "42", ChatKind.PRIVATE)),
        ("discord:5678", Chat(Platform.DISCORD, "5678")),
    ],
)
def test_a_chat_is_named_by_its_platform_and_number(said: str, chat: Chat) -> None:
    assert read_chat(said) == chat


@pytest.mark.parametrize("said", ["", "telegram", "telegram:", "telegram:x", "discord:-1", "console:1", "discord:1:2"])
def test_anything_else_is_no_chat(said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        read_chat(said)
