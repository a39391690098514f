"""Companies and their affiliation at Alanube (contract section 1, rows 9 to 12 and 16; section 2.5)."""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.alanube.bodies import ADDRESS_LENGTH_MAX, STATUS_LENGTH_MAX, pac_id, text_of
from adapters.alanube.calls import good_reply, read_entries, read_entry
from adapters.alanube.client import AlanubeClient
from adapters.alanube.replies import Outcome, Silence
from adapters.alanube.settings import AlanubeSettings
from adapters.alanube.wire import (
    WireCertificate,
    WireCertificates,
    WireCompany,
    WireCompanyChange,
    WireRucType,
    to_bytes,
)
from core.certificates import CertificateFile, CertificateKind
from core.codes import RucType
from core.failures import PacNotReachedError, PacUnavailableError
from core.ports.pac_accounts import AffiliationAnswer, AffiliationKind, NewPacCompany, PacCompanies, PacCompany
from core.ports.pac_gateway import PacAccount
from core.taxpayer import MalformedRucError, parse_ruc

COMPANIES_MAX = 10_000
_CODE = re.compile(r"[0-9]{9}", re.ASCII)
_RUC_TYPES = {"1": RucType.NATURAL, "2": RucType.LEGAL}


class AlanubePacCompanies(PacCompanies):
    """This installation's companies at Alanube."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient) -> None:
        """``client`` is shared and closed by whoever made it."""
        self._settings = settings
        self._client = client

    async def find_companies(self, ruc: str) -> Sequence[PacCompany]:
        """Look through the flat array of all companies (ASSUME-035): a new one may be inactive yet."""
        outcome = await self._client.send("GET", ("companies",), token=None)
        companies = map(_company, read_entries(good_reply(outcome, self._settings.known_codes), COMPANIES_MAX))
        return tuple(each for each in companies if each is not None and each.ruc == ruc)

    async def create_company(self, company: NewPacCompany) -> PacCompany:
        """POST once; an answer that cannot be read is PacUnavailableError, and the company may exist: look again."""
        body = to_bytes(
            WireCompany(
                name=company.name,
                trade_name=company.trade_name,
                ruc=company.ruc,
                check_digit=company.dv,
                type="main" if company.is_main else "associated",
                type_ruc=WireRucType(code=company.ruc_type.value),
                certificates=_certificates(company.certificates),
                logo=company.logo,
            )
        )
        outcome = await self._client.send("POST", ("companies",), token=None, body=body)
        if isinstance(outcome, Silence) and not outcome.left:
            raise PacNotReachedError(reason=outcome.reason)
        return self._one_company(outcome, company.certificates)

    async def get_company(self, account: PacAccount) -> PacCompany:
        """See the port."""
        return self._one_company(await self._client.send("GET", ("companies", account.company_id), token=account.token))

    async def replace_certificates(
        self, account: PacAccount, certificates: Mapping[CertificateKind, CertificateFile]
    ) -> PacCompany:
        """PATCH with the certificates alone (ASSUME-039)."""
        body = to_bytes(WireCompanyChange(certificates=_certificates(certificates)))
        outcome = await self._client.send("PATCH", ("companies", account.company_id), token=account.token, body=body)
        return self._one_company(outcome, certificates)

    async def ask_affiliation(self, account: PacAccount, kind: AffiliationKind) -> AffiliationAnswer:
        """See the port (ASSUME-016: sources disagree which reply carries the code, so either may)."""
        query = {"idCompany": account.company_id, "affiliationType": str(kind.value)}
        outcome = await self._client.send("GET", ("company-affiliate",), token=account.token, query=query)
        entry = read_entry(good_reply(outcome, self._settings.known_codes))
        shown = text_of(entry.get("qr"), ADDRESS_LENGTH_MAX)
        code = _security_code(shown)
        return AffiliationAnswer(
            affiliation=text_of(entry.get("affiliated"), STATUS_LENGTH_MAX),
            security_code=code,
            address=shown if code is None else None,
        )

    def _one_company(
        self, outcome: Outcome, sent: Mapping[CertificateKind, CertificateFile] | None = None
    ) -> PacCompany:
        passwords = {file.password for file in (sent or {}).values()}
        reply = good_reply(outcome, self._settings.known_codes, unspeakable=passwords)
        company = _company(read_entry(reply))
        if company is None:
            raise PacUnavailableError(reason="the PAC's answer names no company")
        return company


def _company(entry: dict[str, Any]) -> PacCompany | None:
    company_id, ruc = pac_id(entry.get("id")), text_of(entry.get("ruc"), 40)
    if company_id is None or ruc is None:
        return None
    kind = entry.get("typeRuc")
    code = kind.get("code") if isinstance(kind, dict) else kind
    return PacCompany(
        company_id=company_id,
        ruc=_normalised(ruc),
        ruc_type=_RUC_TYPES.get(str(code)),
        is_active=entry.get("isActive") is not False,
        affiliation=text_of(entry.get("affiliated"), STATUS_LENGTH_MAX),
        security_code=_security_code(text_of(entry.get("qr"), ADDRESS_LENGTH_MAX)),
    )


def _normalised(ruc: str) -> str:
    """However the PAC spells it: one that is not recognised would be made a second time."""
    for ruc_type in RucType:
        try:
            return parse_ruc(ruc, ruc_type).normalised
        except MalformedRucError:
            continue
    return ruc.strip()


def _security_code(shown: str | None) -> str | None:
    return shown if shown is not None and _CODE.fullmatch(shown) else None


def _certificates(files: Mapping[CertificateKind, CertificateFile]) -> WireCertificates:
    wired = {
        kind.value: WireCertificate(
            extension="p12", password=file.password, content=base64.b64encode(file.content).decode()
        )
        for kind, file in files.items()
    }
    return WireCertificates(**wired)
