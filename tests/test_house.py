"""What holds for the whole repository: what may be in it, and that the page about its rooms is true."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LARGEST = 300_000
"""Bytes of a file that is under version control; what is larger is data, or a mistake."""

IN_THE_ROOT = {
    ".dockerignore",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "pyproject.toml",
    "requirements-build.lock",
    "requirements-dev.lock",
    "requirements.lock",
}
FOLDERS = {".ci", "benchmarks", "bot", "deploy", "docs", "handlers", "migrations", "storage", "tests"}

PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
TREE = re.search(r"## The rooms\n.*?```\n(.*?)```", PAGE, re.DOTALL)


def tracked() -> list[Path]:
    """The files under version control; where there is none, as in a container's image, the test is skipped."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).exists()]


def test_no_file_is_larger_than_text_gets() -> None:
    assert {path.name: size for path in tracked() if (size := path.stat().st_size) > LARGEST} == {}


def test_nothing_lies_in_the_root_that_has_no_place_there() -> None:
    first = {path.relative_to(ROOT).parts[0]: path for path in tracked()}
    assert first.keys() - IN_THE_ROOT - FOLDERS == set()


def rooms() -> list[Path]:
    """The folders and modules that the page's tree names, in its order."""
    assert TREE is not None, "ARCHITECTURE.md draws the tree under 'The rooms'"
    found: list[Path] = []
    folders: list[tuple[int, Path]] = []
    for line in TREE[1].splitlines():
        indent, name = len(line) - len(line.lstrip()), line.split()[0]
        folders = [(depth, folder) for depth, folder in folders if depth < indent]
        inside = folders[-1][1] if folders else ROOT
        path = inside / name
        found.append(path)
        if name.endswith("/"):
            folders.append((indent, path))
    return found


def test_every_room_on_the_page_is_there() -> None:
    assert [str(path.relative_to(ROOT)) for path in rooms() if not path.exists()] == []


@cache
def logged() -> frozenset[tuple[str, str]]:
    """The events that the code logs, each with its level; read once, as it is all of the code."""
    return frozenset(_logged())


def _logged() -> Iterator[tuple[str, str]]:
    """The same as they are found; those of `Trouble` are warnings."""
    for path in (path for top in ("bot", "handlers", "storage") for path in (ROOT / top).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("log"), level), args=[ast.Constant(str(event)), *_]):
                    yield event, level
                case ast.Call(func=ast.Name("Trouble"), args=[ast.Constant(str(event)), *_]):
                    yield event, "warning"
                case ast.Call(func=ast.Attribute(ast.Name("log"), _), args=[first, *_]):
                    assert ast.unparse(first) == "trouble.event", "an event is a name that can be searched for"


def test_what_a_line_of_the_log_is_about_is_a_name_to_search_for() -> None:
    """What something is called in one line it is in all: `race-control`, not `race control`. Reasons are sentences."""
    found = set[tuple[object, str | None]]()
    for path in (path for top in ("bot", "handlers", "storage") for path in (ROOT / top).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("log"), _), keywords=said):
                    found.update((each.value.value, each.arg) for each in said if isinstance(each.value, ast.Constant))
    names = [name for name, what in found if isinstance(name, str) and what not in {"reason", "problem", "error"}]
    assert len(names) > 4
    assert [name for name in names if re.search(r"[^a-z0-9-]", name)] == []


def told_of() -> set[str]:
    """The events that README says what to do about."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    night = readme.partition("### At three in the morning")[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z_]+\.[a-z_]+)`", night))


def test_every_line_of_the_log_that_says_trouble_is_explained() -> None:
    trouble = {event for event, level in logged() if level in {"warning", "error", "exception", "critical"}}
    assert len(trouble) > 30
    assert trouble - told_of() == set()


def test_no_line_of_the_log_is_explained_that_there_is_not() -> None:
    assert told_of() - {event for event, _level in logged()} == set()


def test_every_package_is_on_the_page() -> None:
    drawn = set(rooms())
    packages = {file.parent for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("__init__.py")}
    assert sorted(str(package.relative_to(ROOT)) for package in packages - drawn) == []
