"""`_` is the translation: where a module imports it, nothing else goes by that name, not even what is thrown away."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    file for package in ("bot", "handlers", "storage", "migrations") for file in sorted((ROOT / package).rglob("*.py"))
]


def is_the_translation(node: ast.AST) -> bool:
    """Whether a node is `from bot.i18n import _`."""
    return isinstance(node, ast.ImportFrom) and node.module == "bot.i18n" and "_" in imported(node)


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The names that an import binds."""
    return [alias.asname or alias.name.split(".")[0] for alias in node.names]


def bound(node: ast.AST) -> list[str]:
    """The names that a node binds by itself: a target of any kind, an argument, an import, a capture, a definition."""
    match node:
        case (
            ast.Name(id=str(name), ctx=ast.Store() | ast.Del())
            | ast.arg(arg=str(name))
            | ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
            | ast.FunctionDef(name=str(name))
            | ast.AsyncFunctionDef(name=str(name))
            | ast.ClassDef(name=str(name))
        ):
            return [name]
        case ast.Import() | ast.ImportFrom():
            return imported(node)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
    return []


def shadows(source: str) -> Iterator[int]:
    """The lines of a module that give the translation's name to something else."""
    nodes = [*ast.walk(ast.parse(source))]
    if any(map(is_the_translation, nodes)):
        for node in nodes:
            if "_" in bound(node) and not is_the_translation(node):
                yield getattr(node, "lineno", 0)


def test_nothing_else_is_called_like_the_translation() -> None:
    places = [f"{file.relative_to(ROOT)}:{line}" for file in MODULES for line in shadows(file.read_text("utf-8"))]
    assert len(MODULES) > 100
    assert places == []


@pytest.mark.parametrize(
    "line",
    [
        "_ = 1",
        "_: int = 1",
        "_ += 1",
        "a, _ = 1, 2",
        "a, *_ = 1, 2",
        "for _ in (): pass",
        "for a, (b, _) in (): pass",
        "async def f():\n async for _ in g(): pass",
        "[1 for _ in ()]",
        "{a: 1 for a, _ in ()}",
        "(_ := 1)",
        "with open('') as _: pass",
        "with open('') as (a, _): pass",
        "try: pass\nexcept OSError as _: pass",
        "lambda _: 1",
        "def f(_): pass",
        "def f(*_): pass",
        "def f(**_): pass",
        "def f(a, /, *, _=1): pass",
        "def _(): pass",
        "class _: pass",
        "import os as _",
        "import _",
        "from os import path as _",
        "del _",
        "def f():\n global _",
    ],
)
def test_whatever_takes_the_name_is_found(line: str) -> None:
    assert [*shadows(f"from bot.i18n import _, marked\n{line}\n")]
    assert [*shadows(f"{line}\n")] == []


@pytest.mark.parametrize(
    "line", ["print(_('a'))", "map(_, [])", "match 1:\n case _: pass", "match 1:\n case [1, *_]: pass"]
)
def test_to_use_the_translation_takes_no_name(line: str) -> None:
    assert [*shadows(f"from bot.i18n import _\n{line}\n")] == []
