"""One module a chat platform: people talk to us, we answer."""
