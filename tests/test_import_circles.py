"""No module needs, at whatever remove, one that needs it; an import inside a function or for types only counts too."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage")


def modules(root: Path, *packages: str) -> dict[str, Path]:
    """Every module of these packages, by its name."""
    files = (file for package in packages for file in (root / package).rglob("*.py"))
    return {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def imported(file: Path) -> Iterator[tuple[str, ...]]:
    """What a module imports: each of it by the names that it may have, the closest first."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name,) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{file} imports relatively"
            yield from ((f"{node.module}.{alias.name}", node.module) for alias in node.names)


def circle(root: Path, *packages: str) -> list[str]:
    """Modules that import one another in a circle, or none."""
    known = modules(root, *packages)
    needed = {
        name: {found for names in imported(file) if (found := next(filter(known.__contains__, names), None))}
        for name, file in known.items()
    }
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        return [*error.args[1]]
    return []


def test_no_import_goes_in_a_circle() -> None:
    assert circle(ROOT, *PACKAGES) == []


@pytest.mark.parametrize(
    "back",
    [
        "import one.first",
        "from one import first",
        "from one.first import FIRST",
        "def late():\n    from one.first import FIRST",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from one.first import FIRST",
    ],
)
def test_a_circle_would_be_found(tmp_path: Path, back: str) -> None:
    (tmp_path / "one").mkdir()
    for name, text in {"__init__": "", "first": "from one.second import SECOND", "second": back}.items():
        (tmp_path / "one" / f"{name}.py").write_text(text)
    assert {*circle(tmp_path, "one")} == {"one.first", "one.second"}
