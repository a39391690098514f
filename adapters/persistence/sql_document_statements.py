"""The SQL of documents, compiled once per engine. ``tenant`` and ``document`` are the parameters that say whose row."""

from collections.abc import Collection
from functools import lru_cache

import sqlalchemy as sa

from adapters.persistence.statements import Statement, across_tenants, insert_into, one_of
from adapters.persistence.tables import (
    document_attachments,
    document_bodies,
    document_contents,
    document_events,
    document_exchanges,
    documents,
    series,
)
from core.codes import DocumentType

_c = documents.c
_whole = sa.select(
    documents, document_contents.c.issuer, document_contents.c.draft, document_contents.c.totals
).join_from(
    documents,
    document_contents,
    sa.and_(document_contents.c.tenant_id == _c.tenant_id, document_contents.c.document_id == _c.document_id),
)


def _of_tenant(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.tenant_id == sa.bindparam("tenant")


def _of_document(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(_of_tenant(table), table.c.document_id == sa.bindparam("document"))


get_document = Statement(_whole.where(_of_document(documents)))
lock_document = Statement(_whole.where(_of_document(documents)).with_for_update(of=documents))
find_by_key = Statement(_whole.where(_of_tenant(documents), _c.idempotency_key == sa.bindparam("idempotency_key")))

# The row's lock is held until the unit ends: whoever takes the next number waits, and an undone unit leaves no hole.
take_number = Statement(
    lambda dialect: (
        insert_into(dialect, series)
        .values(
            tenant_id=sa.bindparam("tenant_id"),
            billing_point=sa.bindparam("billing_point"),
            document_type=sa.bindparam("document_type"),
            first_number=1,
            next_number=2,
        )
        .on_conflict_do_update(
            index_elements=[series.c.tenant_id, series.c.billing_point, series.c.document_type],
            set_={"next_number": series.c.next_number + 1},
        )
        .returning((series.c.next_number - 1).label("number"))
    )
)

_after_it = sa.bindparam("after", type_=sa.BigInteger())
pass_number = Statement(
    lambda dialect: (
        insert_into(dialect, series)
        .values(
            tenant_id=sa.bindparam("tenant_id"),
            billing_point=sa.bindparam("billing_point"),
            document_type=sa.bindparam("document_type"),
            first_number=1,
            next_number=_after_it,
        )
        .on_conflict_do_update(
            index_elements=[series.c.tenant_id, series.c.billing_point, series.c.document_type],
            set_={"next_number": sa.case((series.c.next_number > _after_it, series.c.next_number), else_=_after_it)},
        )
    )
)

billed_by = Statement(
    sa.select(_c.document_id).where(_of_tenant(documents), _c.order_id == sa.bindparam("order_id"), _c.bills_order == 1)
)
order_holders = Statement(
    sa.select(_c.document_id).where(
        _of_tenant(documents),
        _c.order_id == sa.bindparam("order_id"),
        _c.holds_order == 1,
        _c.document_id != sa.bindparam("document"),
    )
)

add_document = Statement(sa.insert(documents))
add_contents = Statement(sa.insert(document_contents))
add_body = Statement(sa.insert(document_bodies))
add_event = Statement(sa.insert(document_events))
add_exchange = Statement(sa.insert(document_exchanges))

CHANGING = (
    *("submission", "legal_status", "raw_legal_status", "maybe_executed", "attempts", "claim_token", "claim_worker"),
    *("claim_expires_at", "claim_doubted_before", "last_token", "next_action_at", "checks", "doubt_since"),
    *("settles_at", "resends"),
    *("doubt_reason", "accepted_at", "pac_document_id", "hinted_ids", "refuted_ids", "cufe", "qr", "public_url"),
    *("authorised_beside", "void_waits_since", "void_doubt_since"),
    *("authorization_protocol", "refusal", "quarantine_reason", "files", "updated_at", "version", "bills_order"),
    *("replaced_by", "void", "withdrawn_at", "holds_order", "event_count", "exchange_count"),
)
change_document = Statement(
    sa.update(documents)
    .where(_of_document(documents))
    .values({name: sa.bindparam(name) for name in CHANGING})
    .values(offered_until=sa.null())  # whoever had it in hand is done with it
)

FIXED_OF_DRAFTS = (
    *("mode", "billing_point", "document_type", "number", "office_id", "environment", "issued_at", "security_code"),
    *("expected_cufe", "natural_key", "external_id", "order_id", "client_id", "receiver_ruc", "parent_id", "replaces"),
    "created_at",  # how long a DGI document waits counts from its conversion
)
change_draft = Statement(
    sa.update(documents).where(_of_document(documents)).values({name: sa.bindparam(name) for name in FIXED_OF_DRAFTS})
)
CONTENTS = ("issuer", "draft", "totals")
change_contents = Statement(
    sa.update(document_contents)
    .where(_of_document(document_contents))
    .values({name: sa.bindparam(name) for name in CONTENTS})
)
# Ordered by an expression, or SQLite would walk the whole tenant to spare a sort; and it has to be told that these have
# a parent, which is all that the index holds.
notes_of = Statement(
    _whole.where(_of_tenant(documents), _c.parent_id.is_not(None), one_of(_c.parent_id, "parents")).order_by(
        sa.literal_column("documents.document_id || ''", sa.Text())
    )
)
several = Statement(_whole.where(_of_tenant(documents), one_of(_c.document_id, "documents")).order_by(_c.document_id))

one_event = Statement(
    sa.select(document_events).where(
        _of_document(document_events), document_events.c.sequence == sa.bindparam("sequence")
    )
)
retire_attachment = Statement(
    sa.update(document_attachments)
    .where(
        _of_document(document_attachments),
        document_attachments.c.kind == sa.bindparam("kind"),
        document_attachments.c.is_current == 1,
    )
    .values(is_current=0)
)
count_attachments = Statement(
    sa.select(sa.func.count().label("count"))
    .select_from(document_attachments)
    .where(_of_document(document_attachments), document_attachments.c.kind == sa.bindparam("kind"))
)
add_attachment = Statement(sa.insert(document_attachments))


def _named_by(column: sa.Column[str], parameter: str) -> sa.Select[tuple[str]]:
    return sa.select(_c.document_id).where(_of_tenant(documents), column == sa.bindparam(parameter))


# A union and not OR: without statistics SQLite would walk the whole tenant instead of four indexes.
find_by_reference = Statement(
    _whole.where(
        _of_tenant(documents),
        _c.document_id.in_(
            sa.union_all(
                _named_by(_c.pac_document_id, "pac_document_id"),
                _named_by(_c.cufe, "cufe"),
                _named_by(_c.expected_cufe, "cufe"),
                _named_by(_c.natural_key, "natural_key"),
            )
        ),
    )
)

# Grouped by an expression, or SQLite would walk everything that waits in the order of the tenants to spare a sort.
_due_tenant = sa.literal_column("documents.tenant_id || ''", sa.Text())
due_tenants = across_tenants(
    sa.select(_due_tenant.label("tenant_id"))
    .where(_c.next_action_at <= sa.bindparam("now"))
    .group_by(_due_tenant)
    .order_by(sa.func.min(_c.next_action_at), _due_tenant)
    .limit(sa.bindparam("limit")),
    "SELECT tenant_id FROM due_tenants(:now, :limit)",
)
_has_void = _c.void.is_not(None).label("has_void")
_due_of_tenant = (
    sa.select(_c.document_id, _c.submission, _has_void)
    .where(_of_tenant(documents), _c.next_action_at <= sa.bindparam("now"))
    .order_by(_c.next_action_at, _c.document_id)
    .limit(sa.bindparam("limit"))
)
due_documents = Statement(_due_of_tenant)
# What somebody is just taking is passed over, not waited for; what somebody has in hand is not handed out again.
_free = (
    _due_of_tenant.with_only_columns(_c.document_id)
    .where(sa.or_(_c.offered_until.is_(None), _c.offered_until <= sa.bindparam("now")))
    .with_for_update(skip_locked=True, key_share=True)
    .cte("free")
)
offer_documents = Statement(
    sa.update(documents)
    .where(_of_tenant(documents), _c.document_id.in_(sa.select(_free.c.document_id)))
    .values(offered_until=sa.bindparam("until"))
    .returning(_c.document_id, _c.submission, _c.next_action_at, _has_void)
)

has_document = Statement(sa.select(_c.document_id).where(_of_document(documents)))
body_of = Statement(sa.select(document_bodies.c.body).where(_of_document(document_bodies)))
events_of = Statement(
    sa.select(document_events).where(_of_document(document_events)).order_by(document_events.c.sequence)
)
exchanges_of = Statement(
    sa.select(document_exchanges).where(_of_document(document_exchanges)).order_by(document_exchanges.c.sequence)
)
attachments_of = Statement(
    sa.select(document_attachments)
    .where(_of_document(document_attachments), document_attachments.c.is_current == 1)
    .order_by(document_attachments.c.kind)
)

_with_cufe = sa.union_all(_named_by(_c.cufe, "cufe"), _named_by(_c.expected_cufe, "cufe"))
# core.diagnosis.waits_since_before; spelled as the index ix_documents_waiting, or SQLite would not use it
_WAITS = sa.or_(_c.next_action_at.is_not(None), _c.submission == sa.literal_column("'QUARANTINED'"))
_SINCE = sa.func.coalesce(_c.void_waits_since, _c.created_at)
_NOTES = {  # spelled out as their indexes are: an engine goes by one only when it sees that the condition is the same
    "credit_notes": (DocumentType.REFERRING_CREDIT_NOTE, DocumentType.GENERIC_CREDIT_NOTE),
    "debit_notes": (DocumentType.REFERRING_DEBIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE),
}
_CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "document_type": _c.document_type == sa.bindparam("document_type"),
    "document_types": one_of(_c.document_type, "document_types"),
    **{
        name: _c.document_type.in_([sa.literal_column(f"'{each.value}'") for each in types])
        for name, types in _NOTES.items()
    },
    "parent": sa.and_(_c.parent_id.is_not(None), _c.parent_id == sa.bindparam("parent")),
    "submission": _c.submission == sa.bindparam("submission"),
    "submissions": one_of(_c.submission, "submissions"),
    "legal_status": _c.legal_status == sa.bindparam("legal_status"),
    "legal_statuses": one_of(_c.legal_status, "legal_statuses"),
    "cufe": _c.document_id.in_(_with_cufe),
    "number": _c.number == sa.bindparam("number"),
    "external_id": _c.external_id == sa.bindparam("external_id"),
    "receiver_ruc": _c.receiver_ruc == sa.bindparam("receiver_ruc"),
    "issued_from": _c.issued_at >= sa.bindparam("issued_from"),
    "issued_before": _c.issued_at < sa.bindparam("issued_before"),
    "updated_since": _c.updated_at >= sa.bindparam("updated_since"),
    "overdue_before": sa.and_(sa.bindparam("overdue_before") > _SINCE, _WAITS),
    "not_overdue_before": sa.or_(sa.bindparam("not_overdue_before") <= _SINCE, sa.not_(_WAITS)),
    "withdrawn": sa.case((_c.withdrawn_at.is_(None), 0), else_=1) == sa.bindparam("withdrawn"),
    "after": _c.document_id < sa.bindparam("after"),
}


def notes_condition(document_types: Collection[DocumentType]) -> str | None:
    """The condition that stands for these types, when they are all those of one kind of notes."""
    return next((name for name, types in _NOTES.items() if set(types) == set(document_types)), None)


@lru_cache(maxsize=256)
def page_of(conditions: frozenset[str]) -> Statement:
    """One page, newest first, under these conditions; each is a parameter of its own, beside ``limit``."""
    return Statement(
        _whole.where(_of_tenant(documents), *(_CONDITIONS[name] for name in sorted(conditions)))
        .order_by(_c.document_id.desc())
        .limit(sa.bindparam("limit"))
    )
