"""What all tables belong to, how their constraints are called, and how wide ids are of which there are many."""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

WIDE = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both databases; SQLite's integers have them anyway, and only by this name it counts ids up itself."""
