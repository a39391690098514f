"""The ends of certificates that were kept before become columns; a state that cannot be read keeps nothing back."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from adapters.persistence.content_codec import to_json_whatever_it_says
from adapters.persistence.instants import to_micros
from adapters.persistence.migration import migrate, migrate_down
from core.certificates import CertificateKind
from tests.builders import NOW
from tests.contract.test_onboarding_book import an_onboarding, far_on
from tests.migrations.test_rows_and_steps import schema_of


def test_the_ends_are_filled_from_the_states(database_url: str, engine: sa.Engine) -> None:
    migrate(database_url, "0017")
    known = far_on(an_onboarding())
    both = (
        replace(known.certificates[0], kind=CertificateKind.AUTHENTICATION, not_after=NOW + timedelta(microseconds=1)),
        known.certificates[0],
    )
    states = {
        "1": to_json_whatever_it_says(replace(known, certificates=both)),
        "2": to_json_whatever_it_says(an_onboarding()),
        "3": "damaged",
        "4": "[]",
        "5": '{"certificates": [{"kind": "another", "not_after": "2026-03-02T15:00:00Z"}]}',
    }
    table = schema_of(engine).tables["onboardings"]
    with engine.begin() as connection:
        for tenant, state in states.items():
            row = {"tenant_id": tenant, "ruc": tenant, "version": 0, "state": state, "started_at": 0}
            connection.execute(sa.insert(table), row)
    migrate(database_url)
    table = schema_of(engine).tables["onboardings"]
    with engine.connect() as connection:
        asked = sa.select(table.c.signature_ends_at, table.c.authentication_ends_at).order_by(table.c.tenant_id)
        ends = [tuple(row) for row in connection.execute(asked)]
    assert ends[0] == (to_micros(known.certificates[0].not_after), to_micros(NOW) + 1)
    assert ends[1:] == [(None, None)] * 4
    migrate_down(database_url, "0017")
    assert "signature_ends_at" not in schema_of(engine).tables["onboardings"].c
