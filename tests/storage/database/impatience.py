"""Little patience with a server that says nothing, so that tests of one need little as well."""

import pytest

from storage.database import connecting

A_MOMENT = 0.2
"""Seconds of patience, in place of some."""


def be_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a moment where connections wait for a sign of life, while a test lasts."""
    monkeypatch.setattr(connecting, "GRACE", A_MOMENT)
    monkeypatch.setattr(connecting, "SIGN_OF_LIFE", A_MOMENT)
