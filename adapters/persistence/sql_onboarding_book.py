"""Onboardings in SQL: the state is one JSON text, its version decides between two runs at once."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from adapters.persistence.connection import Connection, UniqueViolation
from adapters.persistence.content_codec import from_json, to_json_whatever_it_says
from adapters.persistence.instants import to_micros
from adapters.persistence.statements import Row, Statement
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables.onboarding_tables import onboardings
from core.certificates import CertificateKind
from core.failures import OnboardingOvertakenError
from core.identifiers import TenantId
from core.onboarding import Onboarding
from core.ports.onboarding_book import OnboardingBook

_begin = Statement(
    sa.insert(onboardings).values({column.name: sa.bindparam(column.name) for column in onboardings.columns})
)
_find = Statement(sa.select(onboardings).where(onboardings.c.tenant_id == sa.bindparam("tenant")))
_find_by_ruc = Statement(sa.select(onboardings).where(onboardings.c.ruc == sa.bindparam("of_ruc")))
_everyone = Statement(
    sa.select(onboardings).order_by(onboardings.c.started_at, onboardings.c.tenant_id).limit(sa.bindparam("limit"))
)
_advance = Statement(
    sa.update(onboardings)
    .where(onboardings.c.tenant_id == sa.bindparam("tenant"), onboardings.c.version == sa.bindparam("read_version"))
    .values(
        version=sa.bindparam("next_version"),
        state=sa.bindparam("next_state"),
        signature_ends_at=sa.bindparam("next_signature_end"),
        authentication_ends_at=sa.bindparam("next_authentication_end"),
    )
)


class SqlOnboardingBook(OnboardingBook):
    """See the port."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def begin(self, onboarding: Onboarding) -> None:
        """See the port."""
        row = {
            "tenant_id": onboarding.tenant_id,
            "ruc": onboarding.taxpayer.ruc,
            "version": onboarding.version,
            "state": to_json_whatever_it_says(onboarding),
            "started_at": to_micros(onboarding.started_at),
            "signature_ends_at": _end_of(onboarding, CertificateKind.SIGNATURE),
            "authentication_ends_at": _end_of(onboarding, CertificateKind.AUTHENTICATION),
        }

        def unit(connection: Connection) -> None:
            connection.run(_begin, **storable(row))

        try:
            await self._units.write(unit, tenant_id=onboarding.tenant_id)
        except UniqueViolation as broken:
            raise OnboardingOvertakenError from broken

    async def find(self, tenant_id: TenantId) -> Onboarding | None:
        """See the port."""
        rows = await self._units.read(_find, tenant_id=tenant_id)
        return _onboarding(rows[0]) if rows else None

    async def find_by_ruc(self, ruc: str) -> Onboarding | None:
        """See the port. On PostgreSQL it needs the owner's connection."""
        rows = await self._units.read(_find_by_ruc, tenant_id=None, of_ruc=ruc)
        return _onboarding(rows[0]) if rows else None

    async def everyone(self, *, limit: int) -> Sequence[Onboarding]:
        """See the port. On PostgreSQL it needs the owner's connection."""
        return tuple(map(_onboarding, await self._units.read(_everyone, tenant_id=None, limit=limit)))

    async def advance(self, onboarding: Onboarding) -> Onboarding:
        """See the port."""
        following = replace(onboarding, version=onboarding.version + 1)
        row = {
            "tenant": onboarding.tenant_id,
            "read_version": onboarding.version,
            "next_version": following.version,
            "next_state": to_json_whatever_it_says(following),
            "next_signature_end": _end_of(following, CertificateKind.SIGNATURE),
            "next_authentication_end": _end_of(following, CertificateKind.AUTHENTICATION),
        }

        def unit(connection: Connection) -> None:
            if connection.run(_advance, **storable(row)) == 0:
                raise OnboardingOvertakenError

        await self._units.write(unit, tenant_id=onboarding.tenant_id)
        return following


def _end_of(onboarding: Onboarding, kind: CertificateKind) -> int | None:
    return next((to_micros(each.not_after) for each in onboarding.certificates if each.kind is kind), None)


def _onboarding(row: Row) -> Onboarding:
    return from_json(Onboarding, row["state"])
