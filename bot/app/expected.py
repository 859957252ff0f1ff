"""What is expected of a setting, in words for whoever set something else."""

AN_ADDRESS = "should be an address that begins with http:// or https://"

EXPECTED = {
    "telegram_bot_token": "should look like 123456:ABC-def, as @BotFather gives it. Discord's belongs in DISCORD_TOKEN",
    "discord_token": "should be three parts with dots between them, as Discord's developer portal gives it."
    " Telegram's belongs in TELEGRAM_BOT_TOKEN",
    "discord_shards": "should be auto, or which shards of how many, counted from 0, as 0-3/16",
    "telegram_api_url": AN_ADDRESS,
    "telegram_webhook_url": "should be an address that begins with https://, without ? or #",
    "telegram_webhook_port": "should be a number from 1 to 65535",
    "jolpica_url": f"{AN_ADDRESS}, or off",
    "f1db_url": f"{AN_ADDRESS}, or off",
    "race_control": "should be live-timing, openf1 or off",
    "live_timing_url": AN_ADDRESS,
    "openf1_url": AN_ADDRESS,
    "openf1_password": "should be set together with OPENF1_USERNAME, or neither of the two",
    "race_control_archive_url": AN_ADDRESS,
    "terminal_graphics": "should be kitty, iterm2, sixel, blocks or off",
    "health_port": "should be a number from 0 to 65535",
    "data_dir": "should be a path written out: a ~ or $NAME in it means nothing here",
    "database_url": "should be an address like sqlite:////var/lib/racing-incident.db or postgresql://user@host/name,"
    " without ~",
    "database_connections": "should be a number from 2 to 1000",
    "database_statement_timeout": "should be seconds, from 1 to 3600",
    "database_lock_timeout": "should be seconds, from 1 to 3600",
    "voter_secret": "should have 32 characters or more. Make one with: openssl rand -hex 32",
    "web_url": f"{AN_ADDRESS}, without a path after it",
    "web_port": "should be a number from 0 to 65535",
}
"""The rules that are put into plain words."""

NO_HOME = "DATA_DIR: should be set, as there is no home for whoever runs the bot: it is where all is kept."
