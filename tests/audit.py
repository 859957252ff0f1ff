"""`make audit`: asks OSV, a database of known faults, about every package that the lock files pin.

It is told names and versions alone. Where it cannot be reached nothing is known, which is said, and is no failure.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import httpx

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
OSV = "https://api.osv.dev/v1/querybatch"
FAULT = "https://osv.dev/vulnerability/"

AT_ONCE = 500
"""Packages in a question; OSV takes 1,000."""

PATIENCE = 20.0
"""Seconds that an answer may take."""

KNOWN_FAULTS = 1
"""The exit code where there are some."""

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^\s;\\]+)", re.MULTILINE)


class Pinned(NamedTuple):
    """A package, and its version."""

    name: str
    version: str


class Fault(NamedTuple):
    """What is known of a package; `id` is OSV's."""

    package: Pinned
    id: str


def pinned(lock: str) -> Iterator[Pinned]:
    """The packages that a lock file pins, in its order."""
    yield from (Pinned(*found) for found in _PINNED.findall(lock))


def known_faults(packages: Iterable[Pinned], url: str = OSV) -> list[Fault]:
    """What is known of packages. Raises httpx.HTTPError, and ValueError where the answer is not OSV's."""
    asked, faults = sorted(set(packages)), list[Fault]()
    with httpx.Client(timeout=PATIENCE) as osv:
        for first in range(0, len(asked), AT_ONCE):
            some = asked[first : first + AT_ONCE]
            queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in some]
            answer = osv.post(url, json={"queries": queries}).raise_for_status()
            faults += _told(some, answer.json())
    return faults


def _told(asked: Sequence[Pinned], answer: object) -> Iterator[Fault]:
    match answer:
        case {"results": [*results]} if len(results) == len(asked):
            for package, result in zip(asked, results, strict=True):
                yield from (Fault(package, fault["id"]) for fault in result.get("vulns", ()))
        case _:
            raise ValueError("the answer is not OSV's")


def main(arguments: Sequence[str] | None = None) -> int:
    """Say what is known of all that is pinned; 1 where something is."""
    parser = argparse.ArgumentParser(prog="make audit")
    parser.add_argument("--osv", default=OSV, help="where faults are known")
    asked = parser.parse_args(arguments)
    packages = {package for lock in LOCKS for package in pinned((ROOT / lock).read_text(encoding="utf-8"))}
    try:
        faults = known_faults(packages, asked.osv)
    except (httpx.HTTPError, ValueError) as error:
        sys.stderr.write(f"Whether faults are known of what is pinned cannot be said: {error}\n")
        return 0
    for package, fault in faults:
        sys.stdout.write(f"{package.name} {package.version}: {FAULT}{fault}\n")
    if not faults:
        sys.stdout.write(f"No faults are known of {len(packages)} packages.\n")
    return KNOWN_FAULTS if faults else 0


if __name__ == "__main__":
    sys.exit(main())
