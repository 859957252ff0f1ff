"""From what race control says to incidents that can be found, shown and voted on."""
