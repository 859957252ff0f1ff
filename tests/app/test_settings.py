from pathlib import Path

import pytest

from bot.app.env_file import names_set_twice
from bot.app.expected import NO_HOME
from bot.app.settings import SettingsError, read_settings, told_names, unknown_names
from bot.domain.shards import Shards
from storage.database.open import database_name

TOKEN = "42:an-invented-token"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a `.env` file."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mistakes() -> list[str]:
    """What is wrong with the settings, line by line."""
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return str(caught.value).splitlines()


def test_nothing_has_to_be_set() -> None:
    settings = read_settings()
    assert settings.telegram_bot_token is None
    assert settings.discord_token is None
    assert settings.log_level == "INFO"
    assert settings.database == f"sqlite+aiosqlite:///{settings.data_dir / 'racing-incident.db'}"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgres://bot@localhost/bot?sslmode=require")
    monkeypatch.setenv("LOG_LEVEL", "warning")
    settings = read_settings()
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.revealed() == TOKEN
    assert settings.database == "postgres://bot@localhost/bot?sslmode=require"
    assert settings.log_level == "WARNING"


def test_a_file_is_read_and_the_environment_goes_before_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("LOG_LEVEL=DEBUG\nLOG_FORMAT=JSON\n", encoding="utf-8")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    settings = read_settings()
    assert (settings.log_level, settings.log_format) == ("ERROR", "json")
    monkeypatch.setenv("LOG_LEVEL", "")
    assert read_settings().log_level == "DEBUG"


def test_a_name_is_known_in_large_letters_and_small_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("Log_Format=json\nLOG_LEVEL=DEBUG\n", encoding="utf-8")
    monkeypatch.setenv("log_level", "ERROR")
    settings = read_settings()
    assert (settings.log_level, settings.log_format) == ("ERROR", "json")


def test_a_file_may_say_what_the_environment_or_a_line_above_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRATCH", "/var/scratch")
    (folder / ".env").write_text("TEAM=racing\nDATA_DIR=${SCRATCH}/${TEAM}/${CAR:-44}\n", encoding="utf-8")
    assert read_settings().data_dir == Path("/var/scratch/racing/44")


def test_it_is_known_which_are_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("LOG_LEVEL=INFO\nWEB_HOST=\nANOTHERS=1\n", encoding="utf-8")
    monkeypatch.setenv("HEALTH_HOST", " ")
    assert told_names() == {"log_level", "jolpica_url", "f1db_url", "race_control"}


def test_what_a_default_is_made_of_is_held_against_the_rules_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/var/$NAME")
    (told,) = mistakes()
    assert told.startswith("DATA_DIR: should be a path written out")


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_blank_means_not_set(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    nothing = read_settings()
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", blank)
    monkeypatch.setenv("DATABASE_URL", blank)
    monkeypatch.setenv("LOG_LEVEL", blank)
    assert read_settings() == nothing


@pytest.mark.parametrize("blank", ["", " ", "\u200b"])
def test_what_the_environment_leaves_blank_the_file_may_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("WEB_PORT=9000\n")
    monkeypatch.setenv("WEB_PORT", blank)
    assert read_settings().web_port == 9000


def test_blanks_around_a_token_are_not_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f" {TOKEN}\n")
    assert read_settings().secrets == (TOKEN,)


def test_the_secrets_are_those_that_no_log_may_show(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "DISCORD_TOKEN": "an.other.one",
        "OPENF1_PASSWORD": "box box",
        "VOTER_SECRET": "sixteen letters!",
    }
    for name, secret in secrets.items():
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("OPENF1_USERNAME", "fan@example.org")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@localhost/bot")
    settings = read_settings()
    assert set(settings.secrets) == {*secrets.values(), "hunter2"}
    assert not any(secret in repr(settings) for secret in [*secrets.values(), "fan@example.org"])


def test_race_control_is_heard_from_live_timing_unless_somebody_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RACE_CONTROL")
    settings = read_settings()
    assert (settings.race_control, settings.live_timing_url) == ("live-timing", "https://livetiming.formula1.com")
    monkeypatch.setenv("RACE_CONTROL", " OpenF1 ")
    monkeypatch.setenv("OPENF1_URL", "http://127.0.0.1:8000")
    settings = read_settings()
    assert (settings.race_control, settings.openf1_url) == ("openf1", "http://127.0.0.1:8000")


@pytest.mark.parametrize("half", ["OPENF1_USERNAME", "OPENF1_PASSWORD"])
def test_half_an_account_is_none(monkeypatch: pytest.MonkeyPatch, half: str) -> None:
    monkeypatch.setenv(half, "hunter2")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    (line,) = (mistake for mistake in mistakes() if "OPENF1" in mistake)
    assert line == "OPENF1_PASSWORD: should be set together with OPENF1_USERNAME, or neither of the two."


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("telegram_apiurl", "TELEGRAM_API_URL"),
        ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("DATABASEURL", "DATABASE_URL"),
        ("LOG_LEVL", "LOG_LEVEL"),
        ("VOTER_SECRETS", "VOTER_SECRET"),
        ("RACECONTROL", "RACE_CONTROL"),
        ("RACE_CONTROL_SOURCE", "RACE_CONTROL"),
        ("LIVE_TIMING", "LIVE_TIMING_URL"),
        ("OPENF1_USER_NAME", "OPENF1_USERNAME"),
    ],
)
def test_a_mistyped_name_is_named_with_what_was_meant(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    nothing = read_settings()
    monkeypatch.setenv(name, "something")
    assert list(unknown_names()) == [f"{name} is not a setting. Did you mean {meant}?"]
    assert read_settings() == nothing


@pytest.mark.parametrize("name", ["XDG_DATA_DIRS", "LANG", "PATH_INFO", "MY_SECRET", "PGHOST"])
def test_what_belongs_to_others_is_left_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "something")
    assert list(unknown_names()) == []


def test_a_mistyped_name_in_the_file_is_named_too(folder: Path) -> None:
    (folder / ".env").write_text("TELEGRAM_BOT_TOKN=42:x\n", encoding="utf-8")
    assert list(unknown_names()) == ["TELEGRAM_BOT_TOKN is not a setting. Did you mean TELEGRAM_BOT_TOKEN?"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("TELEGRAM_API_URL", "localhost:8081"),
        ("DATABASE_URL", "mysql://bot:hunter2@localhost/bot"),
        ("VOTER_SECRET", "hunter2"),
        ("RACE_CONTROL", "on"),
        ("LIVE_TIMING_URL", "off"),
        ("OPENF1_URL", "api.openf1.org"),
    ],
)
def test_a_wrong_value_is_named_and_never_shown_where_it_may_be_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    (line,) = mistakes()
    assert line.startswith(f"{name}: ")
    assert "hunter2" not in line


def test_all_mistakes_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("VOTER_SECRET", "short")
    assert sorted(line.split()[0].rstrip(":") for line in mistakes()) == ["LOG_FORMAT", "LOG_LEVEL", "VOTER_SECRET"]


@pytest.mark.parametrize(
    "line", ["42:an-invented-token", "DISCORD_TOKEN: an.other.one", "TELEGRAM_BOT_TOKEN", "  an.other.one  "]
)
def test_a_line_of_the_file_that_sets_nothing_is_named_and_never_repeated(folder: Path, line: str) -> None:
    (folder / ".env").write_text(f"# mine\n\nLOG_LEVEL=DEBUG\n\n{line}\n", encoding="utf-8")
    assert mistakes() == ["Line 5 of .env sets nothing: write NAME=value."]


def test_what_is_wrong_with_lines_and_with_values_is_told_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("WEB_URL\nHEALTH_PORT=99999999\nLOG_LEVEL=LOUD\n=DEBUG\n", encoding="utf-8")
    monkeypatch.setenv("VOTER_SECRET", "short")
    first, second, *others = mistakes()
    assert [first, second] == [f"Line {number} of .env sets nothing: write NAME=value." for number in (1, 4)]
    assert sorted(line.split(":")[0] for line in others) == ["HEALTH_PORT", "LOG_LEVEL", "VOTER_SECRET"]


@pytest.mark.parametrize("content", [b"# Gr\xf6\xdfe\nLOG_LEVEL=DEBUG\n", "LOG_LEVEL=DEBUG\n".encode("utf-16-le")])
def test_where_the_file_cannot_be_read_the_environment_is_held_against_what_is_expected(
    folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (folder / ".env").write_bytes(content)
    monkeypatch.setenv("HEALTH_PORT", "none")
    of_the_file, of_the_environment = mistakes()
    assert of_the_file == ".env is not written in UTF-8: save it as such."
    assert of_the_environment.startswith("HEALTH_PORT: ")


def test_whoever_has_no_home_is_told_the_rest_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    nobody = dict[int, str]()
    monkeypatch.setattr("pwd.getpwuid", lambda number: nobody[number])
    monkeypatch.setenv("HEALTH_PORT", "none")
    assert mistakes()[0] == NO_HOME
    assert mistakes()[1].startswith("HEALTH_PORT: ")


LONG_TOKEN = "1234567890:an-invented-token-that-is-long-enough"
DISCORDS = "invented-for-a-test-only.XxXxXx.an-invented-part-of-27-letters-or-more"


@pytest.mark.parametrize(
    ("token", "name"), [(LONG_TOKEN, "TELEGRAM_BOT_TOKEN"), (DISCORDS, "DISCORD_TOKEN")], ids=["telegram", "discord"]
)
def test_a_token_alone_or_by_another_name_is_told_by_where_it_belongs(folder: Path, token: str, name: str) -> None:
    (folder / ".env").write_text(f"{token}\n", encoding="utf-8")
    assert mistakes() == [f"Line 1 of .env is a token alone: write {name}= before it."]
    (folder / ".env").write_text(f"MY_FIRST_BOT='{token}'\n", encoding="utf-8")
    assert [*unknown_names()] == [f"MY_FIRST_BOT is not a setting. Did you mean {name}?"]


@pytest.mark.parametrize("sign", [":", "\uff1d", "\u2192", " : ", "\u00a0"])
def test_what_stands_in_a_line_without_a_plain_name_is_never_repeated(folder: Path, sign: str) -> None:
    (folder / ".env").write_text(f"TELEGRAM_BOT_TOKEN{sign}{TOKEN}\n$env:VOTER_SECRET=hunter2\n", encoding="utf-8")
    assert mistakes() == [f"Line {number} of .env sets nothing: write NAME=value." for number in (1, 2)]
    assert [*names_set_twice(), *unknown_names()] == []


def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / ".env").write_bytes("# Größe\nLOG_LEVEL=DEBUG\n".encode("latin-1"))
    assert mistakes() == [".env is not written in UTF-8: save it as such."]


def test_shards_are_named_as_they_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().shards is None
    monkeypatch.setenv("DISCORD_SHARDS", "0-1/4")
    assert read_settings().shards == Shards((0, 1), 4)
    monkeypatch.setenv("DISCORD_SHARDS", "4/4")
    (told,) = mistakes()
    assert told == "DISCORD_SHARDS: should be auto, or which shards of how many, counted from 0, as 0-3/16."


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "DISCORD_TOKEN"])
@pytest.mark.parametrize("token", ["hello", "42", "Bot an.other.one", "an.other", ""])
def test_a_token_of_another_shape_is_told(monkeypatch: pytest.MonkeyPatch, name: str, token: str) -> None:
    monkeypatch.setenv(name, token or "12 34")
    (told,) = mistakes()
    assert told.startswith(f"{name}: should ")
    assert (token or "12 34") not in told.removeprefix(name)


def test_tokens_that_were_swapped_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "an.other.one")
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    telegrams, discords = mistakes()
    assert telegrams.endswith("Discord's belongs in DISCORD_TOKEN.")
    assert discords.endswith("Telegram's belongs in TELEGRAM_BOT_TOKEN.")


def test_a_tilde_in_a_path_is_the_home_of_whoever_runs_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "~/racing")
    assert read_settings().data_dir == Path.home() / "racing"
    monkeypatch.setenv("DATABASE_URL", "sqlite:///~/racing.db")
    assert mistakes()[0].endswith("without ~.")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("DATA_DIR", "~nobody-by-that-name/racing"),
        ("DATA_DIR", "$HOME/racing"),
        ("DATABASE_URL", "sqlite:////~/racing.db"),
        ("DATABASE_URL", "sqlite:///$HOME/racing.db"),
    ],
)
def test_a_path_that_only_a_shell_would_know_is_told(monkeypatch: pytest.MonkeyPatch, name: str, path: str) -> None:
    monkeypatch.setenv(name, path)
    (told,) = mistakes()
    assert told.startswith(f"{name}: should be ")


def test_whoever_has_no_home_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    nobody = dict[int, str]()
    monkeypatch.setattr("pwd.getpwuid", lambda number: nobody[number])  # as a container's user, who is only a number
    assert mistakes() == [NO_HOME]
    monkeypatch.setenv("DATA_DIR", "/var/lib/racing-incident")
    assert read_settings().data_dir == Path("/var/lib/racing-incident")


@pytest.mark.parametrize("address", ["postgresql://bot:hunter2@host:port/f1", "postgresql://bot:hunter2@[::1/f1"])
def test_an_address_that_is_none_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    (told,) = mistakes()
    assert told.startswith("DATABASE_URL: should be an address like ")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("postgresql://bot:hun[ter2@localhost/f1", {"hun[ter2", "hun%5Bter2"}),
        ("postgresql://bot:hun#ter2@localhost/f1", {"hun#ter2", "hun%23ter2"}),
        ("postgresql://bot:hun%5Bter2@localhost/f1", {"hun[ter2", "hun%5Bter2"}),
        ("postgresql://bot@localhost/f1?password=hunter2", {"hunter2"}),
        ("sqlite:///racing.db", set()),
    ],
)
def test_a_password_is_hidden_wherever_it_stands_in_an_address(
    monkeypatch: pytest.MonkeyPatch, address: str, hidden: set[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    assert {*read_settings().secrets} == hidden
    assert not any(secret in database_name(address) for secret in hidden)


@pytest.mark.parametrize(
    "written",
    [
        f"\ufeffTELEGRAM_BOT_TOKEN={TOKEN}\n",
        f"TELEGRAM_BOT_TOKEN={TOKEN}\r\nLOG_FORMAT=json\r\n",
        f'TELEGRAM_BOT_TOKEN="{TOKEN}"\n',
        f"TELEGRAM_BOT_TOKEN='{TOKEN}'\n",
        f"export TELEGRAM_BOT_TOKEN={TOKEN}\n",
        f"TELEGRAM_BOT_TOKEN = {TOKEN}\n",
        f"TELEGRAM_BOT_TOKEN={TOKEN} # mine\n",
        f"telegram_bot_token={TOKEN}\n",
        f"\tTELEGRAM_BOT_TOKEN\t=\t{TOKEN}\t\n",
        f"TELEGRAM_BOT_TOKEN=\u00a0{TOKEN}\u200b\n",
        f"TELEGRAM_BOT_TOKEN={TOKEN}\n\nTELEGRAM_BOT_TOKEN={TOKEN}\n",
    ],
)
def test_a_file_is_read_however_it_is_written(folder: Path, written: str) -> None:
    (folder / ".env").write_bytes(written.encode())
    token = read_settings().telegram_bot_token
    assert token is not None
    assert token.revealed() == TOKEN
    assert [*names_set_twice(), *unknown_names()] == []


@pytest.mark.parametrize("last", ["TELEGRAM_BOT_TOKEN=", "telegram_bot_token=43:another"])
def test_a_name_that_is_set_twice_is_named_and_its_values_are_not(folder: Path, last: str) -> None:
    (folder / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\n# mine\n\n{last}\n", encoding="utf-8")
    assert [*names_set_twice()] == ["TELEGRAM_BOT_TOKEN is set twice, in lines 1 and 4 of .env: the second counts."]


@pytest.mark.parametrize(("encoding", "mark"), [("latin-1", "# Größe\n"), ("utf-16", "# Größe\n"), ("utf-16-le", "")])
def test_a_file_that_cannot_be_read_names_nothing_and_is_told(folder: Path, encoding: str, mark: str) -> None:
    (folder / ".env").write_bytes(f"{mark}LOG_LEVEL=DEBUG\n".encode(encoding))
    assert [*names_set_twice(), *unknown_names()] == []
    assert mistakes() == [".env is not written in UTF-8: save it as such."]
