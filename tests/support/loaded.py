"""What the process has loaded that others are forked off: the program, and the incidents that ship with it."""

import gc
from importlib import import_module

from bot.search.catalogue import Incidents

LOADED = (
    "alembic.command",
    "bot.adapters.console",
    "bot.adapters.telegram",
    "bot.app.lifecycle",
    "bot.app.logs",
    "bot.cli.backup",
    "bot.cli.database_copy",
    "bot.cli.doctor.report",
    "bot.cli.export",
    "bot.cli.find",
    "bot.cli.checked_facts",
    "bot.cli.main",
    "bot.cli.operate",
    "bot.cli.replay",
    "bot.cli.season_import",
    "bot.cli.turnout",
    "bot.web.app",
    "storage.database.sqlite",
    "tests.chaos.voting",
    "tests.jobs.delivery.kill",
    "tests.storage.kill",
    "tests.support.command_line",
)

for module in LOADED:
    import_module(module)
Incidents.load()
gc.freeze()
