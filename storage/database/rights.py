"""What a PostgreSQL server lets its user do, of all that the program does there."""

from collections import defaultdict

from sqlalchemy import Connection, func, select, text

from storage.database.upgrades import VERSION
from storage.tables import metadata

FUNCTIONS = ["count_ballots"]
"""Those of the database's functions that are called; a trigger's needs no right of whoever sets it off."""

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""What is done to each table."""

READ_BY_PAGES = ("poll", "choice", "poll_tally", "noted_incident", "ruling", "bot_address")
"""The tables that a process reads which serves pages alone; it writes none."""

_LACKING = text("""
    SELECT 'SCHEMA', CAST(nspname AS text), 'USAGE' FROM pg_namespace
        WHERE nspname = 'public' AND current_schema() IS NULL AND NOT has_schema_privilege(oid, 'USAGE')
    UNION ALL
    SELECT 'TABLE', quote_ident(relname), its FROM pg_class, unnest(CAST(:rights AS text[])) AS its
        WHERE relkind IN ('r', 'p') AND pg_table_is_visible(pg_class.oid) AND NOT has_table_privilege(pg_class.oid, its)
            AND (relname = ANY(CAST(:tables AS name[])) OR (relname = CAST(:version AS name) AND its = 'SELECT'))
    UNION ALL
    SELECT 'SEQUENCE', quote_ident(ids.relname), 'USAGE' FROM pg_class AS ids
        JOIN pg_depend ON objid = ids.oid AND deptype = 'a'
            AND classid = CAST('pg_class' AS regclass) AND refclassid = classid
        JOIN pg_class AS counted ON counted.oid = refobjid
        WHERE counted.relname = ANY(CAST(:written AS name[])) AND pg_table_is_visible(counted.oid)
            AND CASE ids.relkind WHEN 'S' THEN NOT has_sequence_privilege(ids.oid, 'USAGE, UPDATE') END
    UNION ALL
    SELECT 'FUNCTION', quote_ident(proname), 'EXECUTE' FROM pg_proc
        WHERE proname = ANY(CAST(:functions AS name[])) AND pg_function_is_visible(oid)
            AND NOT has_function_privilege(oid, 'EXECUTE')
""")
"""Each right that the user lacks on what there is, by the kind and the name of what it is on."""


READ_ONLY = (
    "The database server takes nothing new: it is a standby, or set to default_transaction_read_only. "
    "Set DATABASE_URL to the one that writes."
)


class TakesNothingNewError(Exception):
    """A server can only be read, as it says itself of what is to be written: no such connection is kept.

    Another may be to one that writes by then.
    """

    sqlstate = "25006"


def takes_nothing_new(connection: Connection) -> bool:
    """Whether a server can only be read, as a standby, and a primary that became one."""
    if connection.dialect.name != "postgresql":
        return False
    return connection.scalar(select(func.current_setting("transaction_read_only"))) == "on"


def lacking_rights(connection: Connection, *, for_pages: bool = False) -> str | None:
    """Which rights a server's user lacks, and what gives them, in two sentences; None where it has all.

    `for_pages` alone a few tables are read, and nothing is written.

    Of what is not there none is lacking: an older version of the program, whose tables these are, had no need of it.
    """
    if connection.dialect.name != "postgresql":
        return None
    read, written = ([*READ_BY_PAGES], []) if for_pages else ([*metadata.tables], [*metadata.tables])
    given = {
        "rights": [*RIGHTS[: 1 if for_pages else None]],
        "tables": read,
        "written": written,
        "version": VERSION.name,
        "functions": FUNCTIONS if written else [],
    }
    lacking: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, name, right in connection.execute(_LACKING, given):
        lacking[kind, name].append(right)
    if not lacking:
        return None
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (kind, name), rights in sorted(lacking.items()):
        alike[", ".join(sorted(rights, key=(*RIGHTS, *rights).index)), kind].append(name)
    user = connection.scalar(text("SELECT quote_ident(current_user)"))
    grants = (f"GRANT {rights} ON {kind} {', '.join(names)} TO {user};" for (rights, kind), names in alike.items())
    who = "pages need" if for_pages else "all roles but web need"
    return f"The database denies {user} rights that {who}. As who owns its tables: {' '.join(grants)}"
