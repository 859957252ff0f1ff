"""`make bench`: every figure that README claims, measured on this machine, with its noise, its target, and whether met.

The noise is the spread of a figure's own repeats in this run: a target is called missed only beyond it.
"""

import logging
import sys
from importlib import import_module

import structlog
from rich.console import Console
from rich.table import Table

MODULES = (
    "startup",
    "lookup",
    "race_control",
    "votes",
    "fleet_votes",
    "tallies",
    "telegram",
    "webhook",
    "relayed",
    "pictures",
    "pages",
    "hostile",
    "fanout",
    "meanwhile",
    "f1db",
    "race_day",
    "kills",
    "restarts",
    "delivery_kills",
    "live_kills",
)
"""Where figures come from; `python -m benchmarks votes` measures those of one module."""


def main() -> int:
    """Measure, print the table, and say by the exit code whether every target was met."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    table = Table("figure", "measured", "noise", "target", "")
    met = True
    for name in sys.argv[1:] or MODULES:
        for figure in import_module(f"benchmarks.{name}").figures():
            noise = f"± {_digits(figure.noise)}" if figure.noise else ""
            verdict = f"[red]{figure.verdict}" if figure.missed else figure.verdict
            table.add_row(figure.name, f"{_digits(figure.value)} {figure.unit}", noise, figure.target, verdict)
            met &= not figure.missed
    Console().print(table)
    return 0 if met else 1


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits say enough


if __name__ == "__main__":
    sys.exit(main())
