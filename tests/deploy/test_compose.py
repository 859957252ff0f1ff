"""The compose file is one, and starts processes that the program knows, in front of which is nobody but Caddy."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.app.monitoring.page import PATIENCE
from bot.app.roles import ALL, Role
from tests.deploy.process import DEPLOY, SAMPLES, SECRETS, Process, documents
from tests.support.command_line import ROOT

FILE = DEPLOY / "compose.yaml"
(COMPOSE,) = documents(FILE)
SERVICES: dict[str, Any] = COMPOSE["services"]
CADDY = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
A_GAP = re.compile(r"\$\{(\w+):\?\}")


def filled(said: str) -> str:
    """A text with its gaps filled as by an operator."""
    return A_GAP.sub(lambda gap: SAMPLES[gap[1]], said)


BOTS = [
    Process(name, service["command"], {each: filled(value) for each, value in service["environment"].items()})
    for name, service in SERVICES.items()
    if service["image"].startswith("racing-incident:")
]


def conforms(file: Path) -> bool:
    """Whether a file is what the Compose Specification's schema says."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - ours


def test_it_is_a_compose_file() -> None:
    assert conforms(FILE)


@pytest.mark.parametrize(
    ("said", "wrong"), [("read_only: true", "read_olny: true"), ("condition: service_healthy", "condition: healthy")]
)
def test_what_the_schema_does_not_know_would_be_seen(tmp_path: Path, said: str, wrong: str) -> None:
    changed = tmp_path / "compose.yaml"
    changed.write_text(FILE.read_text(encoding="utf-8").replace(said, wrong), encoding="utf-8")
    assert not conforms(changed)


@pytest.mark.parametrize("process", BOTS, ids=lambda process: process.name)
def test_each_process_has_what_its_roles_take(
    process: Process, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = process.settings(monkeypatch, tmp_path)
    assert settings.health_port == int(process.environment["HEALTH_PORT"])
    tokens = {Role.TELEGRAM: settings.telegram_bot_token, Role.DISCORD: settings.discord_token}
    for role, token in tokens.items():
        assert (token is not None) is bool(process.roles & {role, Role.DELIVER}), "no token that it does not need"


def test_each_role_is_somebodys_and_telegram_is_answered_by_two() -> None:
    assert frozenset().union(*(process.roles for process in BOTS)) == ALL
    assert sum(len(process.roles) for process in BOTS) == len(ALL)
    assert SERVICES["telegram"]["deploy"]["replicas"] == 2


def test_nobody_is_reached_from_outside_but_caddy() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert [name for name, service in SERVICES.items() if service.get("network_mode")] == []
    reachable = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert reachable == {"outside"}
    assert not {"outside"} & {*SERVICES["web"]["networks"], *SERVICES["database"]["networks"]}


def test_the_pages_cannot_write() -> None:
    (web,) = (process for process in BOTS if process.roles == {Role.WEB})
    user = urlsplit(web.environment["DATABASE_URL"]).username
    script = (DEPLOY / "pages-user.sql").read_text(encoding="utf-8")
    assert f"CREATE ROLE {user} LOGIN" in script
    assert re.findall(r"^GRANT (\w+) TO", script, re.MULTILINE) == ["pg_read_all_data"]
    assert "VOTER_SECRET" not in web.environment


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_may_do_no_more_than_it_has_to(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "privileged" not in service
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])


def test_images_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    images = {service["image"] for service in SERVICES.values()}
    assert f"racing-incident:{project['version']}" in images
    assert [image for image in images if not re.search(r":\d+\.\d+", image)] == []


def test_caddy_hands_on_to_where_the_bots_listen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    by_name = {process.name: process for process in BOTS}
    telegram = by_name["telegram"].settings(monkeypatch, tmp_path)
    web = by_name["web"].settings(monkeypatch, tmp_path)
    hook = urlsplit(telegram.telegram_webhook_url or "")
    assert re.findall(r"handle (/\S+) {", CADDY) == [hook.path]
    assert re.findall(r"name (\S+)\n\s+port (\d+)", CADDY) == [("telegram", str(telegram.telegram_webhook_port))]
    assert re.findall(r"reverse_proxy (\S+:\d+)", CADDY) == [f"web:{web.web_port}"]
    assert (telegram.telegram_webhook_host, web.web_host) == ("0.0.0.0", "0.0.0.0")  # noqa: S104 - in a container
    assert {hook.hostname, urlsplit(web.web_url or "").hostname} == {SAMPLES["SITE"]}
    for name in ("telegram", "web"):
        assert set(SERVICES["caddy"]["networks"]) & set(SERVICES[name]["networks"])


def test_health_is_asked_where_it_is_told_and_as_long_as_that_takes() -> None:
    for process in BOTS:
        asked = SERVICES[process.name]["healthcheck"]
        (port, patience) = re.search(r"127\.0\.0\.1:(\d+)/readyz', timeout=(\d+)", asked["test"][-1]).groups()  # type: ignore[union-attr]
        assert port == process.environment["HEALTH_PORT"]
        assert PATIENCE < float(patience) < float(asked["timeout"].rstrip("s"))


def test_the_database_has_room_for_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wanted = sum(
        process.settings(monkeypatch, tmp_path).database_connections
        * SERVICES[process.name]["deploy"].get("replicas", 1)
        for process in BOTS
    )
    (most,) = re.findall(r"max_connections=(\d+)", " ".join(SERVICES["database"]["command"]))
    assert wanted + 20 <= int(most)


def test_no_secret_is_in_a_file() -> None:
    template = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "compose.env").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(template.values()) == {""}
    assert template.keys() == set(A_GAP.findall(FILE.read_text(encoding="utf-8")))
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if name in SECRETS | {"POSTGRES_PASSWORD"}:
                assert A_GAP.search(value), name
