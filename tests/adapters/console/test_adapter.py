import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.adapters.console.adapter import ConsoleAdapter
from bot.adapters.console.lines import PROMPT, CommandCompleter
from bot.adapters.console.questions import CHAT
from bot.adapters.console.words import NO_BUTTONS
from bot.app.settings import Settings
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command, NotYetError, UserError
from bot.chat.dispatcher import Dispatcher
from bot.chat.placeholders import Placeholders
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Awaited, Request
from bot.chat.throttle import Throttle
from bot.cli.incident_files import unsendable
from bot.events import Events, WishLookedUp
from bot.i18n import LANGUAGES
from bot.search.catalogue import Incidents
from tests.support.clock import FakeClock
from tests.support.conversation import Conversation, conversation

NARROW = 80
"""Columns of a terminal window as it opens on most systems."""


class Terminal:
    """A person at the bot's terminal: types lines, reads what they lead to."""

    def __init__(self, dispatcher: Dispatcher, files: Path | None = None) -> None:
        self._screen = io.StringIO()
        self.placeholders = Placeholders(dispatcher, Events())
        self.adapter = ConsoleAdapter(
            dispatcher, self.placeholders.posted, files=files, stdin=io.StringIO(), stdout=self._screen
        )
        self.placeholders.serve(self.adapter)

    async def type(self, line: str) -> str:
        """What is printed in answer to a line."""
        before = self._screen.tell()
        await self.adapter.answer(line)
        return self._screen.getvalue()[before:]

    @property
    def printed(self) -> str:
        """All that was printed so far."""
        return self._screen.getvalue()


class Window(io.StringIO):
    """A terminal that somebody looks at, or types in."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(bot: Conversation) -> Terminal:
    return Terminal(bot.core.dispatcher)


async def test_every_card_that_ships_can_be_read_in_a_narrow_window(settings: Settings, shipped: Incidents) -> None:
    async with conversation(settings, shipped) as bot:
        terminal = Terminal(bot.core.dispatcher)
        for incident in shipped:
            for command in ("crash", "timeline", "blame", "verdict", "quote"):
                answer = await terminal.type(f"/{command} {incident.id}")
                assert answer
                assert "…" not in answer.splitlines()[0], f"{command} {incident.id}"
            assert not list(unsendable(incident, shipped.circuit(incident).zone))


async def test_a_number_presses_a_button(terminal: Terminal) -> None:
    await terminal.type("/crash imola")
    assert "Who was to blame? Bottas and Russell, Imola 2021" in await terminal.type("1")
    assert "Nobody else has voted yet" in await terminal.type("1")
    assert "Already counted." in await terminal.type("1"), "a receipt leaves the poll's buttons in place"
    receipt = await terminal.type("3")
    assert "Racing incident" in receipt
    assert "8 Take my vote back" in receipt, "it is the poll's own door, by the same number"
    assert "Your vote is withdrawn" in await terminal.type("8")
    assert "You have no vote here to take back." in await terminal.type("8")


async def test_a_button_of_a_receipt_comes_after_those_in_place(terminal: Terminal) -> None:
    assert "2 Take my vote back" in await terminal.type("/vote imola-2021 all-russell")
    await terminal.type("/crash imola")
    assert "7 Take my vote back" in await terminal.type("/vote monza-2021 all-hamilton")
    assert "Your vote is withdrawn" in await terminal.type("7")
    assert "Who was to blame?" in await terminal.type("1")


@pytest.mark.parametrize("number", ["0", "9", "99"])
async def test_a_number_without_a_button_is_said_so(terminal: Terminal, number: str) -> None:
    assert await terminal.type(number) == f"{NO_BUTTONS}\n\n"
    await terminal.type("/crash imola")
    assert await terminal.type(number) == "The buttons above are still 1 to 5.\n\n"


async def test_plain_words_find_a_crash(terminal: Terminal) -> None:
    assert "Bottas and Russell, Imola 2021" in await terminal.type("imola")
    assert "Hamilton and Verstappen, Monza 2021" in await terminal.type("Verstappen 2021")
    assert "Which one do you mean?" in await terminal.type("suzuka")


async def test_a_year_is_not_the_number_of_a_button(terminal: Terminal) -> None:
    assert "Prost and Senna, Suzuka 1989" in await terminal.type("1989")


async def test_commands_may_be_shouted(terminal: Terminal) -> None:
    assert "What you can ask" in await terminal.type("/HELP")
    assert "No such command here." in await terminal.type("/win")


async def test_who_is_too_fast_reads_nothing_twice(incidents: Incidents, settings: Settings) -> None:
    async with conversation(settings, incidents, limits=Throttle(FakeClock())) as bot:
        terminal = Terminal(bot.core.dispatcher)
        answers = [await terminal.type("/about") for _ in range(14)]
    assert "A little slower" in answers[12]
    assert answers[13] == ""


async def test_a_file_is_saved_and_never_over_another(bot: Conversation, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "racing-incident-data.json").write_text("mine", encoding="utf-8")
    terminal = Terminal(bot.core.dispatcher, folder)
    await terminal.type("/vote imola-2021 all-russell")
    assert "racing-incident-data-2.json" in "".join((await terminal.type("/mydata")).split())
    assert (folder / "racing-incident-data.json").read_text(encoding="utf-8") == "mine"
    mine = folder / "racing-incident-data-2.json"
    assert b"imola-2021" in mine.read_bytes()
    assert (mine.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_what_is_saved_already_is_not_saved_twice(bot: Conversation, tmp_path: Path) -> None:
    terminal = Terminal(bot.core.dispatcher, tmp_path / "new" / "files")
    await terminal.type("/vote imola-2021 all-russell")
    assert await terminal.type("/mydata") == await terminal.type("/mydata")
    assert len(_files(tmp_path / "new" / "files")) == 1


async def test_a_file_that_cannot_be_saved_is_said_so(bot: Conversation, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    terminal = Terminal(bot.core.dispatcher, tmp_path / "taken")
    await terminal.type("/vote imola-2021 all-russell")
    assert f"Could not be saved in {tmp_path / 'taken'}: File exists".replace(" ", "") in "".join(
        (await terminal.type("/mydata")).split()
    )


async def test_below_a_notice_stands_which_numbers_still_press_something(terminal: Terminal) -> None:
    assert "The buttons above" not in await terminal.type("/subscribe recaps")
    await terminal.type("/crash imola")
    assert "The buttons above are still 1 to 5." in await terminal.type("/subscribe recaps")
    assert "Who was to blame?" in await terminal.type("1")


async def test_buttons_that_have_scrolled_away_are_not_said_to_be_above(
    bot: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("TERM", "xterm")
    window = Window()
    adapter = ConsoleAdapter(bot.core.dispatcher, bot.core.posted, stdin=Window(), stdout=window, graphics="off")
    await adapter.answer("/blame imola")
    poll = len(adapter.buttons)
    await adapter.answer("/subscribe recaps")
    assert f"The buttons above are still 1 to {poll}." in window.getvalue()
    for _ in range(8):
        await adapter.answer("/subscribe recaps")
    assert window.getvalue().rstrip().endswith("Discord."), "it is three screens away"
    await adapter.answer("99")
    assert window.getvalue().rstrip().endswith("There is no button of that number.")
    await adapter.answer("1")
    assert "All Bottas" in window.getvalue().rpartition("of that number.")[2], "it is pressed all the same"
    await adapter.answer("/subscribe recaps")
    assert "The buttons above are still 1 to" not in window.getvalue().rpartition("of that number.")[2]


async def test_one_button_is_not_said_to_be_several(terminal: Terminal) -> None:
    await terminal.type("/chart imola")
    assert "The button above is still 1." in await terminal.type("/subscribe recaps")


async def test_help_needs_no_stroke_in_a_terminal(terminal: Terminal) -> None:
    assert await terminal.type("Help") == await terminal.type("/help")


def completions(bot: Conversation, typed: str) -> list[str]:
    """What the line becomes by pressing Tab, best first."""
    found = CommandCompleter(bot.core.dispatcher, CHAT).get_completions(Document(typed), CompleteEvent())
    return [typed[: len(typed) + completion.start_position] + completion.text for completion in found]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("/cr", ["/crash"]),
        ("/crash imo", ["/crash imola-2021"]),
        ("/blame bottas rus", ["/blame imola-2021"]),
        ("imo", ["imola-2021"]),
        ("/settings polls", ["/settings polls", "/settings polls blind", "/settings polls open"]),
        ("/settings quiet", []),
        ("/polls o", []),
        ("/subscribe re", []),
        ("/crash qwertz", []),
        ("/help se", ["/help season"]),
        ("/about ", []),
        ("/win x", []),
    ],
)
async def test_tab_completes_commands_and_races(bot: Conversation, typed: str, completed: list[str]) -> None:
    assert completions(bot, typed) == completed


async def test_tab_on_nothing_offers_every_command_that_help_lists(bot: Conversation, terminal: Terminal) -> None:
    offered = completions(bot, "")
    helped = await terminal.type("/help all")
    assert offered == completions(bot, "/")
    assert offered == [f"/{name}" for name in bot.core.dispatcher.commands if f"/{name} " in helped]
    assert not {"/subscribe", "/unsubscribe", "/reminders", "/polls"} & {*offered}, "nothing comes of them here"


async def test_lines_of_a_pipe_are_answered_until_it_ends(bot: Conversation) -> None:
    screen = io.StringIO()
    typed = io.StringIO("/crash imola\n\n  \n1")
    await ConsoleAdapter(bot.core.dispatcher, bot.core.posted, stdin=typed, stdout=screen).run()
    assert screen.getvalue().count("╭") == 2
    assert "Type /crash" not in screen.getvalue(), "a script needs no welcome"


@pytest.mark.parametrize("word", ["exit", "QUIT", "/quit", "/Exit"])
async def test_a_word_ends_the_conversation(bot: Conversation, word: str) -> None:
    screen, typed = io.StringIO(), io.StringIO(f"/foo\n{word}\n/foo\n")
    await ConsoleAdapter(bot.core.dispatcher, bot.core.posted, stdin=typed, stdout=screen).run()
    assert screen.getvalue().count("No such command here.") == 1


@pytest.mark.parametrize("word", ["help", "?", "Hilfe", "ayuda"])
async def test_help_needs_no_stroke_in_any_language(bot: Conversation, word: str) -> None:
    screen = io.StringIO()
    await ConsoleAdapter(bot.core.dispatcher, bot.core.posted, stdin=io.StringIO(word), stdout=screen).run()
    assert "What you can ask" in screen.getvalue()


class Archive:
    """Answers /recap once it has been fetched."""

    def __init__(self) -> None:
        self.fetched = asyncio.Event()
        self.answers = True
        self.dispatcher = Dispatcher([Command("recap", "A race's story", self.tell)], Throttle())

    async def tell(self, request: Request) -> Reply:
        if not self.fetched.is_set():
            button = Button("Look again", "recap", "1988")
            raise NotYetError("Coming in a moment.", button, Awaited("1988", request))
        if not self.answers:
            raise UserError("The archive cannot be reached.")
        return Reply(Card("Senna wins"))


async def answers(archive: Archive, *lines: str) -> str:
    """What a script reads that types these lines to a slow archive, which has fetched what was asked for after them."""
    said, console = await script(archive, *lines)
    assert console.kept_promises
    return said


async def script(archive: Archive, *lines: str) -> tuple[str, ConsoleAdapter]:
    """The same, whatever has become of what was asked for, and who answered."""
    screen, events = io.StringIO(), Events()
    placeholders = Placeholders(archive.dispatcher, events)
    console = ConsoleAdapter(archive.dispatcher, placeholders.posted, stdin=io.StringIO(), stdout=screen)
    placeholders.serve(console)
    for line in lines:
        await console.answer(line)
    ending = asyncio.create_task(console.run())
    for _tick in range(10):
        await asyncio.sleep(0)
    assert not ending.done(), "a script is kept waiting for what is being fetched"
    archive.fetched.set()
    filling = asyncio.create_task(placeholders.run())
    events.publish(WishLookedUp("1988"))
    await ending
    filling.cancel()
    return screen.getvalue(), console


async def test_a_script_is_kept_waiting_for_what_is_being_fetched() -> None:
    said = await answers(Archive(), "/recap 1988")
    assert said.split() == ["Coming", "in", "a", "moment.", "1", "Look", "again", "Senna", "wins"]


async def test_a_promise_is_kept_whatever_is_typed_after_it() -> None:
    said = await answers(Archive(), "/recap 1988", "/foo")
    assert said.index("No such command") < said.index("Senna wins")


async def test_what_is_asked_again_while_it_is_fetched_is_answered_once() -> None:
    said = await answers(Archive(), "/recap 1988", "/foo", "/recap 1988", "1")
    assert said.count("Coming in a moment.") == 3
    assert said.count("Senna wins") == 1


async def test_a_script_is_told_that_a_promise_was_not_kept_in_time() -> None:
    archive, screen, typed = Archive(), io.StringIO(), io.StringIO("/recap 1988\n")
    placeholders = Placeholders(archive.dispatcher, Events())
    console = ConsoleAdapter(archive.dispatcher, placeholders.posted, stdin=typed, stdout=screen, patience=0)
    await console.run()
    assert screen.getvalue().splitlines()[-2] == "What was to come in a moment has not come yet."
    assert not console.kept_promises


async def test_a_script_is_told_that_what_it_asked_for_could_not_be_fetched() -> None:
    archive = Archive()
    archive.answers = False
    said, console = await script(archive, "/recap 1988")
    assert "The archive cannot be reached." in said
    assert not console.kept_promises


class _Typewriter(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@asynccontextmanager
async def keyboard(bot: Conversation, keys: str, history: Path) -> AsyncIterator[io.StringIO]:
    """Somebody hits these keys at the bot's terminal and leaves; what was printed."""
    screen = _Typewriter()
    with create_pipe_input() as pressed, create_app_session(input=pressed, output=DummyOutput()):
        pressed.send_text(keys)
        await ConsoleAdapter(
            bot.core.dispatcher, bot.core.posted, history=history, stdin=_Typewriter(), stdout=screen
        ).run()
    yield screen


CTRL_C, CTRL_D = "\x03", "\x04"


async def test_at_a_keyboard_there_is_a_welcome_and_ctrl_d_leaves(
    bot: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    async with keyboard(bot, f"nonsense{CTRL_C}/crash imola\r{CTRL_D}", tmp_path / "new" / "history") as screen:
        assert "Type /crash imola to begin" in screen.getvalue()
        assert "Bottas and Russell, Imola 2021" in screen.getvalue()
        assert "nonsense" not in (tmp_path / "new" / "history").read_text(encoding="utf-8")


async def test_the_hint_is_in_the_language_that_was_set_meanwhile(bot: Conversation) -> None:
    terminal = Terminal(bot.core.dispatcher)
    await terminal.type("/settings language de")
    assert "Tab ergänzt" in fragment_list_to_text(terminal.adapter._hint())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_hint_fits_beside_the_prompt_in_a_narrow_window(bot: Conversation, language: str) -> None:
    terminal = Terminal(bot.core.dispatcher)
    await terminal.type(f"/settings language {language}")
    hint = fragment_list_to_text(terminal.adapter._hint())
    assert len(PROMPT + hint) < NARROW


async def test_a_picture_is_told_in_words_and_saved(tmp_path: Path) -> None:
    async def show(_request: Request) -> Reply:
        return Reply(Card("The verdict"), attachment=Attachment("verdict.png", b"png", "Russell 7, Bottas 2"))

    terminal = Terminal(Dispatcher([Command("verdict", "The verdict", show)], Throttle()), tmp_path)
    answer = await terminal.type("/verdict")
    assert "Russell 7, Bottas 2" in answer
    assert "verdict.png" in "".join(answer.split())
    assert [file.read_bytes() for file in _files(tmp_path)] == [b"png"]


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def pushed_poll(incident: str, *choices: str) -> Reply:
    """A poll as it is pushed."""
    buttons = tuple((Button(choice, "vote", f"{incident} {choice}"),) for choice in choices)
    return Reply(Card(f"Who was to blame? {incident}"), buttons)


class Booth:
    """Takes votes by whatever message they are cast on."""

    def __init__(self) -> None:
        self.pressed: list[tuple[str, str]] = []
        self.dispatcher = Dispatcher(
            [Command("vote", "Vote", self.vote), Command("about", "About", self.about)], Throttle()
        )

    async def vote(self, request: Request) -> Reply:
        assert request.pressed is not None
        self.pressed.append((request.argument, request.pressed.message))
        return Reply(Card("Counted."), private=True)

    async def about(self, _request: Request) -> Reply:
        return Reply(Card("This bot"), ((Button("Help", "help"),),))


async def test_what_is_pushed_is_shown_and_its_buttons_come_after_those_in_place() -> None:
    booth = Booth()
    terminal = Terminal(booth.dispatcher)
    await terminal.type("/about")
    first = await terminal.adapter.send(CHAT, pushed_poll("turn-1", "apex", "kerb"))
    second = await terminal.adapter.send(CHAT, pushed_poll("turn-2", "kerb"))
    assert first != second
    await terminal.type("3")
    await terminal.type("4")
    await terminal.adapter.edit(first, pushed_poll("turn-1", "apex", "kerb", "slick"))
    await terminal.type("3")
    await terminal.type("5")
    assert booth.pressed == [
        ("turn-1 kerb", first.message),
        ("turn-2 kerb", second.message),
        ("turn-1 kerb", first.message),
        ("turn-1 slick", first.message),
    ], "numbers stay what they were, and a press is one on its own message"


async def test_a_changed_message_is_shown_again() -> None:
    terminal = Terminal(Booth().dispatcher)
    post = await terminal.adapter.send(CHAT, pushed_poll("turn-1", "apex"))
    before = terminal.printed
    await terminal.adapter.edit(post, Reply(Card("10-second penalty for Apex")))
    assert terminal.printed[len(before) :].strip() == "10-second penalty for Apex"


async def test_where_there_are_too_many_buttons_the_oldest_go() -> None:
    booth = Booth()
    terminal = Terminal(booth.dispatcher)
    for number in range(60):
        await terminal.adapter.send(CHAT, pushed_poll(f"turn-{number}", "apex", "kerb"))
    assert "The buttons above are still 1 to " in await terminal.type("99")
    await terminal.type("1")
    assert booth.pressed == [("turn-49 apex", "sent-50")]


async def test_what_is_heard_meanwhile_is_a_line() -> None:
    terminal = Terminal(Booth().dispatcher)
    terminal.adapter.say("TURN 1 INCIDENT NOTED")
    assert terminal.printed == "TURN 1 INCIDENT NOTED\n"
    assert not await terminal.adapter.tell_admin(CHAT, Reply(Card("A right is missing")))
