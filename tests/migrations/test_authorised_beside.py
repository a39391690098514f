"""What the timelines of older installations tell of second ids becomes part of their documents."""

import json

import pytest
import sqlalchemy as sa

from adapters.persistence.migration import migrate
from tests.migrations.test_rows_and_steps import put_rows, schema_of

ABOUT = ("rejected_and_authorised_under_another_id", "pac_accepted_number_twice")


@pytest.mark.parametrize(
    ("status", "due", "is_due"),
    [("DGI_REJECTED", None, True), ("DGI_REJECTED", 5, True), ("DGI_AUTHORIZED", None, False)],
)
def test_the_ids_that_alarms_name_are_kept_and_what_was_rejected_is_due(
    database_url: str, engine: sa.Engine, status: str, due: int | None, *, is_due: bool
) -> None:
    migrate(database_url, "0015")
    schema = schema_of(engine)
    put_rows(engine, schema, "t1", "t2")
    documents, events = schema.tables["documents"], schema.tables["document_events"]
    with engine.begin() as connection:
        connection.execute(sa.update(documents).values(legal_status=status, next_action_at=due, updated_at=7))
        told = connection.execute(sa.select(events).where(events.c.tenant_id == "t1")).mappings().one()
        for sequence, (about, other) in enumerate((*zip(ABOUT, ("B", "C"), strict=True), (ABOUT[0], "B")), start=100):
            facts = json.dumps({"about": about, "pac_document_id": other})
            row = dict(told) | {"sequence": sequence, "kind": "ALARM", "facts": facts}
            connection.execute(sa.insert(events), row)
        quoting = dict(told) | {
            "sequence": 200,
            "kind": "ALARM",
            "facts": json.dumps({"about": "x", "shown": ABOUT[0]}),
        }
        connection.execute(sa.insert(events), quoting)
    migrate(database_url)
    documents = schema_of(engine).tables["documents"]
    with engine.connect() as connection:
        rows = {row["tenant_id"]: row for row in connection.execute(sa.select(documents)).mappings()}
    assert json.loads(rows["t1"]["authorised_beside"]) == ["B", "C"]
    assert rows["t1"]["next_action_at"] == ((due or 7) if is_due else due)
    assert rows["t2"]["authorised_beside"] is None
    assert rows["t2"]["next_action_at"] == due
