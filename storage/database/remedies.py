"""What to do about a database that cannot be opened or read, by what is said of it."""

OTHERS = "Somebody else has changed its tables: put back a backup, or move it away to begin anew."
THE_OWNERS = "Have the database's user own it, or give it, as who owns it, the rights that README names."
LOOK = "Look whether it is up, and can be reached from here."

SALVAGE = (
    "put back a backup; or have what is left of it read, and restored: "
    "sqlite3 FILE .dump | sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 NEW; racing-incident restore NEW"
)
"""What to do about a damaged file; `.recover`, which finds more, is not in every system's sqlite3."""

BY_WORDS = {
    "unable to open database file": "Give the user that the bot runs as the right to it, and to its folder.",
    "malformed": f"It is damaged: keep a copy of it, and {SALVAGE}",
    "not a database": "Put back a backup, or move it away to begin anew.",
    "readonly": "Give the user that the bot runs as the right to write to it, and to its folder.",
    "is full": "Make room on its disk.",
    "no space left": "Make room on its disk.",
    "i/o error": "Look at its disk: it may be full, as df says, or broken, as dmesg does.",
    "read-only file system": "Have its disk mounted to be written to, or set DATA_DIR to another folder.",
    "locking protocol": "Another program has it open: end that, and try again.",
    "database is locked": "Another program has it open: end that, and try again.",
    "connect call failed": LOOK,
    "no answer in time": LOOK,
    "no such table": OTHERS,
    "no such column": OTHERS,
    "duplicate column": OTHERS,
    "permission denied for schema": "Give the database's user the right to make tables: GRANT CREATE ON SCHEMA public.",
    "permission denied for database": "Give the user the right to it, as who owns it: GRANT CONNECT ON DATABASE.",
    "permission denied for": THE_OWNERS,
    "must be owner of": THE_OWNERS,
    "permission denied": "Give the user that the bot runs as the right to it, and to its folder.",
}
"""What to do about a database that cannot be opened, by words of what the driver says of it."""

BY_SQLSTATE = {
    "28000": "Have the server let this user in from here (CREATE ROLE … LOGIN, pg_hba.conf), or name another one.",
    "28P01": "Put this user's password into the address, PGPASSWORD or ~/.pgpass.",
    "3D000": "Make it, as README says (createdb --encoding=UTF8), or correct its name.",
    "42501": THE_OWNERS,
    "53300": "Raise max_connections there, or the CONNECTION LIMIT of the role or database that is named, or lower"
    " DATABASE_CONNECTIONS, of which each process may have as many.",
    "55P03": "Another transaction holds what it needs: wait for that, or end it, and start again.",
}
"""What to do about a server's errors, in whatever language it says them."""


def what_to_do(said: str, sqlstate: str | None = None) -> str | None:
    """What to do about what a driver says, by its words or else by what the server calls it.

    None where nobody but the author of the program could do anything.
    """
    by_words = (remedy for words, remedy in BY_WORDS.items() if words in said.lower())
    return next(by_words, BY_SQLSTATE.get(sqlstate or ""))
