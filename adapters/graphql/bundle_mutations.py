"""Archives and evidence as downloads."""

from typing import Any

from adapters.graphql.argument_paths import Mutations, locating
from adapters.graphql.request_context import Info
from core.identifiers import DocumentId
from core.months import read_month
from core.tenants import Role
from core.use_cases.offer_bundle import BundleOffer

Payload = dict[str, Any]


async def _make_archive(_root: object, info: Info, *, month: str) -> Payload:
    context = info.context
    offer = await context.operations.make_archive(context.caller.tenant_id, read_month(month))
    return {"archive": _shown(offer, info) | {"document_count": offer.entry_count}}


async def _make_evidence(_root: object, info: Info, *, document_id: str) -> Payload:
    context = info.context
    offer = await context.operations.make_evidence(context.caller.tenant_id, DocumentId(document_id))
    return {"evidence": _shown(offer, info) | {"file_count": offer.entry_count}}


def _shown(offer: BundleOffer, info: Info) -> dict[str, Any]:
    return {
        "download_url": f"{info.context.settings.public_url.rstrip('/')}/bundles/{offer.token}",
        "expires_at": offer.expires_at,
        "file_name": offer.file_name,
        "size": offer.size,
        "sha_256": offer.digest,  # the snake form that the schema binding makes of sha256
    }


BUNDLE_MUTATIONS: Mutations = (
    ("makeArchive", Role.ISSUER, _make_archive, locating(("month",), "month")),
    ("makeEvidence", Role.OPERATOR, _make_evidence, locating(("documentId",), "documentId")),
)
