"""An administrator brings a taxpayer to its first document. Each calls the use case that `istmo onboard` calls."""

from typing import Any

from adapters.graphql.admin.context import AdminInfo
from adapters.graphql.argument_paths import locating
from adapters.graphql.inputs import Input
from core.certificates import CertificateFile, CertificateKind, for_both_slots
from core.identifiers import TenantId
from core.onboarding import FirstOffice, Taxpayer

Payload = dict[str, Any]


def read_taxpayer(data: Input) -> Taxpayer:
    """What is said of the taxpayer; the use case judges it."""
    return Taxpayer(
        name=data["name"],
        trade_name=data.get("trade_name") or data["name"],
        ruc=data["ruc"],
        ruc_type=data["contributor_type"],
        dv=data["dv"],
        environment=data["environment"],
        is_main=data["is_main"],
        logo=data.get("logo"),
    )


def read_first_office(data: Input) -> FirstOffice:
    """The first office; the use case judges it."""
    return FirstOffice(
        code=data["code"],
        address=data["address"],
        coordinates=data["coordinates"],
        location_code=data["location_code"],
        telephone=data["telephone"],
        billing_points=tuple(data.get("billing_points") or ()),
    )


def read_certificates(data: Input | None) -> dict[CertificateKind, CertificateFile]:
    """The slots that are named."""
    given = {kind: (data or {}).get(kind.value) for kind in CertificateKind}
    return {
        kind: CertificateFile(content=file["file"], password=file["password"])
        for kind, file in given.items()
        if file is not None
    }


async def _onboard(_root: object, info: AdminInfo, *, input: Input) -> Payload:  # noqa: A002
    certificates = for_both_slots(read_certificates(input.get("certificates")))
    taxpayer, office = read_taxpayer(input), read_first_office(input["office"])
    return {
        "onboarding": await info.context.operations.administer_onboarding.onboard(
            info.context.actor, taxpayer, office, certificates
        )
    }


async def _resume(_root: object, info: AdminInfo, *, tenant_id: str) -> Payload:
    return {
        "onboarding": await info.context.operations.administer_onboarding.resume(
            info.context.actor, TenantId(tenant_id)
        )
    }


async def _replace(_root: object, info: AdminInfo, *, tenant_id: str, certificates: Input) -> Payload:
    replace = info.context.operations.administer_onboarding.replace_certificates
    return {"onboarding": await replace(info.context.actor, TenantId(tenant_id), read_certificates(certificates))}


ONBOARDING_MUTATIONS = (
    ("onboardTaxpayer", _onboard, locating(("input",), "input")),
    ("resumeOnboarding", _resume, locating(("tenantId",), "tenantId")),
    ("replaceCertificates", _replace, locating(("tenantId", "certificates"), "certificates")),
)
