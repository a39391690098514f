"""The voids of older installations are found by the gauges, and not overdue since their documents were made."""

import pytest
import sqlalchemy as sa

from adapters.persistence.content_codec import to_json
from adapters.persistence.instants import to_micros
from adapters.persistence.migration import migrate
from core.voids import VoidState
from tests.builders import NOW, a_void
from tests.migrations.test_rows_and_steps import put_rows, schema_of


@pytest.mark.parametrize("state", VoidState)
@pytest.mark.parametrize(
    ("submission", "status", "beside", "is_issued"),
    [
        ("ACCEPTED", "DGI_AUTHORIZED", None, True),
        ("ACCEPTED", "DGI_REJECTED", '["B"]', True),
        ("ACCEPTED", "PAC_AUTHORIZED", None, False),
        ("IN_DOUBT", "NONE", None, False),
    ],
)
def test_what_is_open_is_read_out_of_each_void(
    database_url: str,
    engine: sa.Engine,
    state: VoidState,
    submission: str,
    status: str,
    beside: str | None,
    *,
    is_issued: bool,
) -> None:
    migrate(database_url, "0020")
    schema = schema_of(engine)
    put_rows(engine, schema, "t1")
    is_in_doubt = state is VoidState.IN_DOUBT
    void = to_json(a_void(state=state, requested_at=NOW, doubt_since=NOW if is_in_doubt else None))
    said = {"submission": submission, "legal_status": status, "authorised_beside": beside, "void": void}
    with engine.begin() as connection:
        connection.execute(sa.update(schema.tables["documents"]).values(**said))
    migrate(database_url)
    documents = schema_of(engine).tables["documents"]
    with engine.connect() as connection:
        row = connection.execute(sa.select(documents)).mappings().one()
    is_open = state in (VoidState.REQUESTED, VoidState.IN_DOUBT)
    assert row["void_waits_since"] == (to_micros(NOW) if is_open and is_issued else None)
    assert row["void_doubt_since"] == (to_micros(NOW) if is_in_doubt else None)
