"""The one seam to python-telegram-bot: nothing else imports it, so its next major version changes this folder alone."""
