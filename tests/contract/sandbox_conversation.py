"""One conversation with a PAC, the same at every door: what was asked, by name, and what was seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.issue_time import wire_time
from tests.contract.sandbox_doors import Door, Seen
from tests.unit.fake_pac.pac_at_hand import (
    consumer_invoice,
    credit_note,
    debit_note,
    export_invoice,
    government_invoice,
)

Transcript = dict[str, Seen]
Payload = dict[str, Any]
UNKNOWN_ID = "01JA0B1C2D3E4F5G6H7J8K9M0N"
POINT, OTHER_POINT = "901", "902"
LOOKS, PAUSE_SECONDS = 20, 3.0
CATALOGUES = (
    *("countries", "provinces", "districts", "corrections", "locations", "measurement-units", "goods-and-services"),
)


class Conversation:
    """Fills a transcript."""

    def __init__(self, door: Door) -> None:
        """Says nothing yet."""
        self.seen: Transcript = {}
        self._door = door
        self._numbers = iter(range(door.first_number, door.first_number + 1000))

    async def hold(self) -> Transcript:
        """All of it."""
        await self._company()
        first = await self._invoices()
        await self._refusals()
        await self._numbers_and_fields()
        await self._notes(first)
        await self._void(first)
        await self._unconfirmed()
        await self._catalogues()
        if self._door.engine is not None:
            await self._what_a_sandbox_is_spared()
        return self.seen

    async def _ask(self, name: str, method: str, *path: str, **options: Any) -> Seen:
        self.seen[name] = await self._door.send(method, *path, **options)
        return self.seen[name]

    async def _here(self, name: str, method: str, *path: str, **options: Any) -> Seen:
        return await self._ask(name, method, *path, idCompany=self._door.company_id, **options)

    def _invoice(self, change: Callable[[Payload], object] | None = None, number: int | None = None) -> Payload:
        payload = consumer_invoice(number or next(self._numbers))
        self._date(payload)
        if change is not None:
            change(payload)
        return payload

    def _date(self, payload: Payload) -> None:
        payload["information"] |= {"issueDate": wire_time(self._door.now()), "billingPoint": POINT}
        payload.pop("idOffice", None)

    async def _company(self) -> None:
        company = await self._here("company", "GET", "company")
        await self._ask("company by id", "GET", "companies", self._door.company_id)
        await self._ask("companies", "GET", "companies")
        await self._ask("offices", "GET", "companies", self._door.company_id, "offices")
        ruc = company.body.get("ruc", "") if isinstance(company.body, dict) else ""
        for name, words in (("in words", "JURIDICO"), ("in numbers", "2")):
            await self._here(f"check-digit {name}", "GET", "check-digit", ruc=ruc, type=words)
        await self._here("check-digit of nobody", "GET", "check-digit", ruc="0-0-0", type="JURIDICO")
        await self._ask("wrong token", "GET", "company", token="not-a-token")

    async def _invoices(self) -> Payload:
        payload = self._invoice()
        posted = await self._here("invoice", "POST", "invoices", body=payload)
        await self._here("invoice again", "POST", "invoices", body=payload)
        document_id = str(posted.document.get("id", UNKNOWN_ID))
        await self._here("invoice without pdf", "GET", "invoices", document_id)
        await self._here("invoice with pdf", "GET", "invoices", document_id, documents="pdf")
        for _ in range(LOOKS):
            shown = await self._here("invoice decided", "GET", "invoices", document_id, documents="pdf")
            if str(shown.document.get("legalStatus", "")).startswith("DGI_"):
                break
            await self._door.wait(PAUSE_SECONDS)
        await self._here("unknown id", "GET", "invoices", UNKNOWN_ID)
        await self._here("another family", "GET", "credit-notes", document_id)
        mail = {"documentId": document_id, "mail": "nadie@example.com", "message": "", "documentType": "invoice"}
        await self._here("e-mail", "POST", "documents", "notify-email", body=mail)
        hook = {"documentId": document_id, "webhookUrl": "https://example.com/x", "webhookSecret": "s", "userId": "u"}
        await self._here("webhook on demand", "POST", "documents", "notify-webhook", body=hook)
        return payload

    async def _refusals(self) -> None:
        number = next(self._numbers)
        broken = self._invoice(lambda each: each["information"].update(destination=2), number)
        await self._here("broken rule", "POST", "invoices", body=broken)
        await self._here("number of a broken rule", "POST", "invoices", body=self._invoice(number=number))
        await self._here("broken shape", "POST", "invoices", body={})
        less = self._invoice(lambda each: each["totals"]["paymentMethods"][0].update(amount=1.00))
        await self._here("payments that miss the total", "POST", "invoices", body=less)

    async def _numbers_and_fields(self) -> None:
        number = next(self._numbers)
        await self._here("number at one point", "POST", "invoices", body=self._invoice(number=number))
        elsewhere = self._invoice(lambda each: each["information"].update(billingPoint=OTHER_POINT), number)
        await self._here("number at another point", "POST", "invoices", body=elsewhere)
        await self._ask("no company named", "POST", "invoices", body=self._invoice())
        extra = self._invoice(lambda each: each.update(istmoProbe="x"))
        await self._here("extra field", "POST", "invoices", body=extra)
        await self._here("rounding by line", "POST", "invoices", body=self._invoice(_three_lines_of_half_a_balboa))

    async def _notes(self, invoice: Payload) -> None:
        shown = self.seen["invoice decided"].document
        reference = {
            "emissionType": "CUFE",
            "cufeIdentification": shown.get("cufe", ""),
            "issueDate": invoice["information"]["issueDate"],
        }
        makers = (("credit note", credit_note, "credit-notes"), ("debit note", debit_note, "debit-notes"))
        for name, make, family in makers:
            note = make(dict(reference), next(self._numbers))
            self._date(note)
            note["receiver"], note["totals"] = invoice["receiver"], invoice["totals"]
            note["items"] = invoice["items"]
            posted = await self._here(name, "POST", family, body=note)
            note_id = str(posted.document.get("id", UNKNOWN_ID))
            await self._here(f"{name} shown", "GET", family, note_id)
        reason = {"reason": "Prueba de anulación de una nota"}
        await self._here("void of a debit note", "DELETE", "debit-notes", note_id, body=reason)
        mail = {"documentId": note_id, "mail": "nadie@example.com", "message": "", "documentType": "debit-note"}
        await self._here("e-mail of a debit note", "POST", "documents", "notify-email", body=mail)

    async def _void(self, invoice: Payload) -> None:
        posted = self.seen["number at another point"].document
        document_id = str(posted.get("id", UNKNOWN_ID))
        await self._door.wait(PAUSE_SECONDS * 2)
        await self._here("void without a reason", "DELETE", "invoices", document_id, body={"reason": "corta"})
        reason = {"reason": "Prueba de anulación desde el contrato"}
        await self._here("void", "DELETE", "invoices", document_id, body=reason)
        await self._here("voided", "GET", "invoices", document_id)
        await self._here("void again", "DELETE", "invoices", document_id, body=reason)
        await self._here("void of nothing", "DELETE", "invoices", UNKNOWN_ID, body=reason)

    async def _unconfirmed(self) -> None:
        for place in ("root", "receiver"):
            payload = export_invoice(next(self._numbers))
            self._date(payload)
            if place == "receiver":
                payload["receiver"]["exportation"] = payload.pop("exportation")
            await self._here(f"export, group at the {place}", "POST", "invoices", body=payload)
        start = wire_time(self._door.now() - timedelta(hours=1))
        keys = {"issueType": "02", "contingencyStart": start, "contingencyReason": "Corte de energía en la sede"}
        contingent = self._invoice(lambda each: each["information"].update(keys))
        await self._here("contingency", "POST", "invoices", body=contingent)

    async def _catalogues(self) -> None:
        for name in CATALOGUES:
            await self._ask(f"catalogue {name}", "GET", "dgi", name)
        await self._ask("report", "GET", "reports", "companies", self._door.company_id, "documents", "total")

    async def _what_a_sandbox_is_spared(self) -> None:
        """What would change the sandbox's company, or needs its cooperation."""
        engine = self._door.engine
        if engine is None:
            raise ValueError("only the fake can be asked for these")
        await self._here("affiliation, final", "GET", "company-affiliate", affiliationType="1")
        p12 = {"extension": "p12", "password": "a password", "content": "cmVuZXdlZA=="}
        path = ("companies", self._door.company_id)
        await self._ask("certificate replaced", "PATCH", *path, body={"certificates": {"signature": p12}})
        company = next(each for each in engine.companies if each.id == self._door.company_id)
        for state in ("PENDING", "REQUESTED"):
            company.affiliated = state
            await self._here(f"invoice while {state}", "POST", "invoices", body=self._invoice())
        company.affiliated = "SUBSCRIBED"
        for name, paid in (("gross", 1070.0), ("net", 1035.0)):
            payload = government_invoice(next(self._numbers))
            self._date(payload)
            payload["totals"]["paymentMethods"][0]["amount"] = paid
            await self._here(f"retention, {name} payment", "POST", "invoices", body=payload)
        engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.THROTTLED_429, seconds=7.0, times=1),)))
        await self._here("throttled", "POST", "invoices", body=self._invoice())


def _three_lines_of_half_a_balboa(payload: Payload) -> None:
    """0.035 of ITBMS a line: 0.04 each is 1.62 in all; a tax rounded on the sum would make 1.61."""
    line = payload["items"][0] | {"quantity": 1, "prices": {"transfer": 0.5}}
    payload["items"] = [line | {"number": f"{place:04d}"} for place in (1, 2, 3)]
    payload["totals"]["paymentMethods"] = [{"type": "02", "amount": 1.62}]
