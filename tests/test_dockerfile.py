"""What goes into the image is pinned by hash, and what was pinned is enough to build it."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
PIP = [line for line in DOCKERFILE.splitlines() if re.search(r"/pip .*(install|wheel) ", line)]


def pinned(lock: str) -> dict[str, tuple[str, int]]:
    """The packages of a lock file: each one's version, and how many hashes it has."""
    entries = re.split(r"^(?=\S+==)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = (re.match(r"([\w.-]+)==([^\s;]+)", entry) for entry in entries)
    return {name[1]: (name[2], entry.count("--hash=")) for name, entry in zip(named, entries, strict=True) if name}


def test_what_builds_the_package_is_pinned_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = pinned("requirements-build.lock")
    for required in map(Requirement, project["build-system"]["requires"]):
        version, _hashes = lock[required.name]
        assert required.specifier.contains(version)
    assert all(hashes for _version, hashes in lock.values())


def test_nothing_is_fetched_but_by_its_hash() -> None:
    assert PIP
    for line in PIP:
        fetches = "--no-index" not in line
        assert ("--require-hashes" in line) is fetches, line


def test_every_lock_that_is_installed_is_copied_and_there() -> None:
    installed = [lock for line in PIP for lock in re.findall(r"--requirement (\S+)", line)]
    (copied,) = re.findall(r"^COPY (requirements.+) \./$", DOCKERFILE, re.MULTILINE)
    assert sorted(installed) == sorted(copied.split())
    assert all((ROOT / lock).is_file() for lock in installed)


def test_the_wheel_is_built_by_what_was_pinned() -> None:
    (wheel,) = (line for line in PIP if " wheel " in line)
    assert "--no-build-isolation" in wheel


def test_the_image_is_nobody_by_number_and_says_how_it_does() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert re.search(r"^HEALTHCHECK .*CMD \[\"racing-incident\", \"doctor\"\]$", DOCKERFILE, re.MULTILINE)
