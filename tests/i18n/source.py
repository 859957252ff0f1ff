"""What the source says, read from it: every text that is to be in the catalogues."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).parents[2]
MARKS = {"_": 1, "marked": 1, "counted": 2}
"""By what texts are marked, and how many of the arguments are texts."""


@cache
def trees() -> tuple[ast.Module, ...]:
    """Every module that says something."""
    files = (file for folder in ("bot", "handlers") for file in (ROOT / folder).rglob("*.py"))
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for file in sorted(files))


@cache
def texts() -> frozenset[tuple[str, ...]]:
    """Every text, and every pair of forms."""
    return frozenset(said for tree in trees() for said in _said(tree)) | frozenset(_on_pages())


@cache
def within(*callers: str) -> frozenset[str]:
    """The texts that are handed to these as their first argument, as they are or by a constant's name."""
    everywhere = {name: said for tree in trees() for name, said in _constants(tree).items()}
    found: set[str] = set()
    for tree in trees():
        constants = everywhere | _constants(tree)
        for call in calls(tree, *callers):
            for first in call.args[:1]:
                found.update(text for said in _said(first) for text in said)
                names = (node.id for node in ast.walk(first) if isinstance(node, ast.Name))
                found.update(text for name in names for text in constants.get(name, ()))
    return frozenset(found)


def _on_pages() -> Iterator[tuple[str, ...]]:
    """What the pages' templates say."""
    engine = Environment(autoescape=True)
    for file in (ROOT / "bot" / "web" / "templates").glob("*.html"):
        for _line, _function, said in extract_from_ast(engine.parse(file.read_text(encoding="utf-8")), [*MARKS]):
            yield (said,) if isinstance(said, str) else tuple(each for each in said or () if each)


def _constants(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    return {
        target.id: said
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        for said in _said(node.value)
    }


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """The calls of functions of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def _said(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    for call in calls(tree, *MARKS):
        assert isinstance(call.func, ast.Name)
        given = call.args[: MARKS[call.func.id]]
        said = tuple(each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str))
        if len(said) == MARKS[call.func.id]:
            yield said
