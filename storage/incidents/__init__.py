"""The incidents that ship with the bot: a TOML file each, and how they are read."""
