"""A schema with every kind of key that the executors must tell apart, and the statements over it."""

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.statements import Statement

metadata = sa.MetaData()
counters = sa.Table(
    "counters",
    metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
papers = sa.Table(
    "papers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant_id", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("body", sa.LargeBinary),
    sa.Column("follows", sa.Text, sa.ForeignKey("papers.id")),
    sa.UniqueConstraint("tenant_id", "number", name="uq_papers_number"),
    sa.CheckConstraint("number > 0", name="ck_papers_number"),
)
sa.Index(
    "uq_papers_one_open_follower",
    papers.c.follows,
    unique=True,
    sqlite_where=papers.c.state == "open",
    postgresql_where=papers.c.state == "open",
)

add_counter = Statement(
    sa.insert(counters).values(tenant_id=sa.bindparam("tenant_id"), name=sa.bindparam("name"), value=0)
)
lock_counter = Statement(
    sa.select(counters.c.value)
    .where(counters.c.tenant_id == sa.bindparam("tenant_id"), counters.c.name == sa.bindparam("name"))
    .with_for_update()
)
set_counter = Statement(
    sa.update(counters)
    .where(counters.c.tenant_id == sa.bindparam("tenant_id"), counters.c.name == sa.bindparam("name"))
    .values(value=sa.bindparam("new_value"))
)
all_counters = Statement(sa.select(counters.c.name, counters.c.value).order_by(counters.c.name))
add_paper = Statement(
    sa.insert(papers).values(
        id=sa.bindparam("id"),
        tenant_id=sa.bindparam("tenant_id"),
        number=sa.bindparam("number"),
        body=sa.bindparam("body", value=None),
        follows=sa.bindparam("follows", value=None),
    )
)
all_papers = Statement(sa.select(papers).order_by(papers.c.id))


def increase(connection: Connection, name: str) -> int:
    """Reads under the row's lock, then writes what it read plus one."""
    value: int = connection.one(lock_counter, tenant_id="t", name=name)["value"] + 1
    connection.run(set_counter, tenant_id="t", name=name, new_value=value)
    return value
