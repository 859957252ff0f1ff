"""`make bench`: every figure that README claims, measured on this machine, with its target and whether it is met."""

import logging
import sys
from importlib import import_module

import structlog
from rich.console import Console
from rich.table import Table

MODULES = (
    "startup",
    "lookup",
    "votes",
    "tallies",
    "telegram",
    "pictures",
    "fanout",
    "meanwhile",
    "kills",
    "delivery_kills",
)
"""Where figures come from; `python -m benchmarks votes` measures those of one module."""


def main() -> int:
    """Measure, print the table, and say by the exit code whether every target was met."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    table = Table("figure", "measured", "target", "")
    met = True
    for name in sys.argv[1:] or MODULES:
        for figure in import_module(f"benchmarks.{name}").figures():
            value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.3g}"  # noqa: PLR2004
            table.add_row(figure.name, f"{value} {figure.unit}", figure.target, "met" if figure.met else "[red]missed")
            met &= figure.met
    Console().print(table)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
