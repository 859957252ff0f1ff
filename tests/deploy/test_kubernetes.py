"""The manifests are what Kubernetes' schemas say, and run what the program knows."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.app.ending import FAREWELL, LAST_MESSAGES
from bot.app.monitoring.page import PATIENCE
from bot.app.roles import ALL, Role
from tests.deploy.process import DEPLOY, SAMPLES, Process, documents
from tests.support.command_line import ROOT

FOLDER = DEPLOY / "kubernetes"
TEMPLATE = FOLDER / "secret-template.yaml"
KUSTOMIZATION = FOLDER / "kustomization.yaml"
MANIFESTS = sorted(path for path in FOLDER.iterdir() if path != KUSTOMIZATION)

OBJECTS: list[Any] = [each for path in MANIFESTS for each in documents(path)]


def all_of(kind: str) -> dict[str, Any]:
    """The objects of a kind, by their names."""
    return {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] == kind}


DEPLOYMENTS = all_of("Deployment")
(SETTINGS,) = all_of("ConfigMap").values()
(SECRET,) = all_of("Secret").values()


def pod(name: str) -> Any:
    return DEPLOYMENTS[name]["spec"]["template"]["spec"]


def bot(name: str) -> Any:
    (container,) = pod(name)["containers"]
    return container


def environment(name: str) -> dict[str, str]:
    """What is set in a pod, with the secrets that an operator might have."""
    assert bot(name)["envFrom"] == [{"configMapRef": {"name": SETTINGS["metadata"]["name"]}}]
    said = dict(SETTINGS["data"])
    for each in bot(name)["env"]:
        reference = each.get("valueFrom", {}).get("secretKeyRef")
        assert reference is None or reference["name"] == SECRET["metadata"]["name"]
        said[each["name"]] = each["value"] if reference is None else SAMPLES[reference["key"]]
    return said


PROCESSES = {name: Process(name, bot(name)["args"], environment(name)) for name in DEPLOYMENTS}


def complaints(version: str, *files: Path) -> str:
    """What the schemas of a version of Kubernetes say against files."""
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", "--quiet", "-k", version, *map(str, files)]
    return subprocess.run(command, capture_output=True, check=False, text=True).stdout  # noqa: S603 - ours


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_they_are_what_the_schemas_say(version: str) -> None:
    assert complaints(version, *MANIFESTS) == ""


@pytest.mark.parametrize(("said", "wrong"), [("replicas: 2", "replcas: 2"), ("port: health", "port: [health]")])
def test_what_the_schemas_do_not_know_would_be_seen(tmp_path: Path, said: str, wrong: str) -> None:
    changed = tmp_path / "telegram.yaml"
    changed.write_text((FOLDER / "telegram.yaml").read_text(encoding="utf-8").replace(said, wrong), encoding="utf-8")
    assert "did not validate for resource deployment/telegram" in complaints("1.37", changed)


@pytest.mark.parametrize("process", PROCESSES.values(), ids=lambda process: process.name)
def test_each_process_has_what_its_roles_take(
    process: Process, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = process.settings(monkeypatch, tmp_path)
    tokens = {Role.TELEGRAM: settings.telegram_bot_token, Role.DISCORD: settings.discord_token}
    for role, token in tokens.items():
        assert (token is not None) is bool(process.roles & {role, Role.DELIVER}), "no token that it does not need"
    assert (settings.voter_secret is None) is (process.roles == {Role.WEB})


def test_each_role_is_somebodys() -> None:
    assert frozenset().union(*(process.roles for process in PROCESSES.values())) == ALL
    assert sum(len(process.roles) for process in PROCESSES.values()) == len(ALL)


def test_discord_is_never_answered_by_two_and_all_else_always_by_one() -> None:
    for name, deployment in DEPLOYMENTS.items():
        replicas, strategy = deployment["spec"]["replicas"], deployment["spec"]["strategy"]
        if Role.DISCORD in PROCESSES[name].roles:
            assert (replicas, strategy) == (1, {"type": "Recreate"})
        else:
            assert (replicas, strategy["rollingUpdate"]["maxUnavailable"]) == (2, 0)


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_probes_ask_where_the_bot_answers_and_as_long_as_that_takes(name: str) -> None:
    (port,) = (each["containerPort"] for each in bot(name)["ports"] if each["name"] == "health")
    assert str(port) == PROCESSES[name].environment["HEALTH_PORT"]
    paths = {}
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert bot(name)[kind]["httpGet"]["port"] == "health"
        assert bot(name)[kind]["timeoutSeconds"] > PATIENCE
        paths[kind] = bot(name)[kind]["httpGet"]["path"]
    assert paths == {"startupProbe": "/readyz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_pod_ends_in_order(name: str) -> None:
    waits = bot(name).get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    assert (waits > 0) is (name in all_of("Service")), "whoever sends requests there learns that it goes"
    assert pod(name)["terminationGracePeriodSeconds"] > waits + LAST_MESSAGES + FAREWELL


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_pod_may_do_no_more_than_it_has_to(name: str) -> None:
    (user,) = re.findall(r"^USER (\d+):", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert pod(name)["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user),
        "runAsGroup": int(user),
        "fsGroup": int(user),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert bot(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(name)["automountServiceAccountToken"] is False
    assert bot(name)["resources"]["limits"].keys() == {"memory"}


def test_what_is_asked_for_finds_its_pods() -> None:
    for name, deployment in DEPLOYMENTS.items():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        several = deployment["spec"]["replicas"] > 1
        assert (name in all_of("PodDisruptionBudget")) is several, "one that is alone would hold up a node for ever"
    for name, service in all_of("Service").items():
        assert service["spec"]["selector"] == DEPLOYMENTS[name]["spec"]["template"]["metadata"]["labels"]
    for name, budget in all_of("PodDisruptionBudget").items():
        assert budget["spec"]["selector"]["matchLabels"] == DEPLOYMENTS[name]["spec"]["selector"]["matchLabels"]


def test_the_ingress_leads_to_where_the_bots_listen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (ingress,) = all_of("Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    settings = {name: PROCESSES[name].settings(monkeypatch, tmp_path) for name in all_of("Service")}
    listens = {"telegram": settings["telegram"].telegram_webhook_port, "web": settings["web"].web_port}
    paths = {}
    for path in rule["http"]["paths"]:
        backend = path["backend"]["service"]
        (port,) = all_of("Service")[backend["name"]]["spec"]["ports"]
        (target,) = (each for each in bot(backend["name"])["ports"] if each["name"] == port["targetPort"])
        assert backend["port"]["name"] == port["name"]
        assert port["port"] == target["containerPort"] == listens[backend["name"]]
        paths[path["path"]] = backend["name"]
    hook, pages = urlsplit(SETTINGS["data"]["TELEGRAM_WEBHOOK_URL"]), urlsplit(SETTINGS["data"]["WEB_URL"])
    assert paths == {hook.path: "telegram", "/": "web"}
    assert {hook.hostname, pages.hostname, *ingress["spec"]["tls"][0]["hosts"]} == {rule["host"]}


def test_no_secret_is_in_a_file() -> None:
    assert set(SECRET["stringData"].values()) == {""}
    asked = {each["valueFrom"]["secretKeyRef"]["key"] for name in DEPLOYMENTS for each in bot(name)["env"][:-1]}
    assert asked <= SECRET["stringData"].keys() <= SAMPLES.keys()
    assert not SAMPLES.keys() & SETTINGS["data"].keys()


def test_all_is_applied_together_in_the_version_that_it_is() -> None:
    (kustomization,) = documents(KUSTOMIZATION)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(kustomization["resources"]) == [path.name for path in MANIFESTS if path != TEMPLATE]
    (image,) = kustomization["images"]
    assert image["newTag"] == project["version"]
    assert {bot(name)["image"] for name in DEPLOYMENTS} == {image["name"]}
