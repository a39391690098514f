"""The fake PAC as a test sees it: where it is, what it holds, and how it is set up."""

import json
import time
from typing import Any

from pytest_istmo.wire import Answer, FakePacCallError, RegisteredCompany, Wire

JsonObject = dict[str, Any]
POLL_SECONDS = 0.02


class FakePac:
    """A fake PAC with one company that may issue.

    ``base_url`` is scheme, host and port; ``api_url`` has ``/pan/v1`` behind it. ``token`` goes into
    ``Authorization: Bearer``. Fields of the documents are those of the fake's ``/_fake`` answers.
    """

    def __init__(self, base_url: str, token: str) -> None:
        """``token`` is the one that the process was started with."""
        self.base_url = base_url
        self.api_url = f"{base_url}/pan/v1"
        self.token = token
        self.company_id = ""
        self.office_id = ""
        self.ruc = ""
        self.wire = Wire(base_url)

    def reset(self) -> None:
        """Forget documents, faults, settings and jumps of the clock; the first company is made again."""
        self._take_first_company(self.wire.script("POST", "/reset", {}))

    # -- calling it as your code does ------------------------------------------------------------------------

    def call(self, method: str, path: str, body: object = None, *, token: str | None = None, **query: str) -> Answer:
        """One call below ``/pan/v1`` with the token: ``call("GET", f"/invoices/{id}", documents="pdf")``."""
        headers = {"Authorization": f"Bearer {self.token if token is None else token}", "Accept": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self.wire.send(method, f"/pan/v1{path}", query=query or None, headers=headers, body=content)

    # -- looking ---------------------------------------------------------------------------------------------

    def state(self) -> JsonObject:
        """Counts, companies, clock, settings, faults that struck."""
        state: JsonObject = self.wire.script("GET", "/state")
        return state

    def documents(self) -> list[JsonObject]:
        """Every document at the PAC, oldest first, each with its ``request``, ``legalStatus`` and ``history``."""
        documents: list[JsonObject] = self.wire.script("GET", "/documents")
        return documents

    def document(self, document_id: str) -> JsonObject:
        """One document. Raises FakePacCallError when the PAC has none under this id."""
        document: JsonObject = self.wire.script("GET", f"/documents/{document_id}")
        return document

    def exchanges(self) -> list[JsonObject]:
        """Every request that reached the PAC with its answer, oldest first; without tokens."""
        exchanges: list[JsonObject] = self.wire.script("GET", "/exchanges")
        return exchanges

    def emails(self) -> list[JsonObject]:
        """The e-mails that it was asked to send."""
        emails: list[JsonObject] = self.wire.script("GET", "/emails")
        return emails

    def webhooks(self) -> list[JsonObject]:
        """Every webhook that it tried to deliver, with the receiver's ``status`` (None: no answer)."""
        webhooks: list[JsonObject] = self.wire.script("GET", "/webhooks")
        return webhooks

    def wait_for_webhooks(self, count: int = 1, seconds: float = 10.0) -> list[JsonObject]:
        """Wait until so many webhooks were tried. Raises TimeoutError when they do not come in time."""
        deadline = time.monotonic() + seconds
        while len(tried := self.webhooks()) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(tried)} of {count} webhooks after {seconds:g} s")
            time.sleep(POLL_SECONDS)
        return tried

    # -- setting up ------------------------------------------------------------------------------------------

    def register_company(self, *, ruc: str, name: str, token: str | None = None, **fields: Any) -> RegisteredCompany:
        """One more company that may issue, under the fake's token or one of its own.

        ``fields``: dv, rucType, tradeName, companyId, environment, affiliated, qr, isActive, webhook.
        """
        asked = {"ruc": ruc, "name": name, "token": self.token if token is None else token, **fields}
        made = self.wire.script("POST", "/companies", asked)
        return RegisteredCompany(
            id=made["company"]["id"],
            office_id=made["offices"][0]["id"],
            token=made["token"],
            ruc=made["company"]["ruc"],
        )

    def register_office(self, code: str, *, company_id: str | None = None) -> str:
        """One more branch of a company; gives its id."""
        made = self.wire.script("POST", f"/companies/{company_id or self.company_id}/offices", {"code": code})
        office_id: str = made["id"]
        return office_id

    def set_webhook(self, url: str, secret: str, *, user_id: str | None = None, company_id: str | None = None) -> None:
        """Where changes of status are told; ``secret`` comes in X-Pac-Signature."""
        target = {"url": url, "secret": secret, "userId": user_id}
        self.wire.script("POST", f"/companies/{company_id or self.company_id}/webhook", target)

    def remove_webhook(self, *, company_id: str | None = None) -> None:
        """Tell nobody any more."""
        self.wire.script("POST", f"/companies/{company_id or self.company_id}/webhook", {})

    def set_affiliation(self, affiliated: str, *, company_id: str | None = None) -> None:
        """PENDING, REQUESTED or SUBSCRIBED; only SUBSCRIBED may issue."""
        path = f"/companies/{company_id or self.company_id}/affiliation"
        self.wire.script("POST", path, {"affiliated": affiliated})

    def add_token(self, token: str) -> None:
        """One more token for the first company."""
        self.wire.script("POST", "/tokens", {"token": token, "accountOf": self.token})

    def revoke_token(self, token: str) -> None:
        """From now on worth a 401."""
        self.wire.script("POST", "/tokens/revoke", {"token": token})

    def know_taxpayer(self, ruc: str, ruc_type: int, receiver: str = "CONTRIBUYENTE") -> None:
        """Put a RUC into the registry with its class: CONTRIBUYENTE, GOBIERNO or another word."""
        self.wire.script("POST", "/registry", {"ruc": ruc, "rucType": ruc_type, "receiver": receiver})

    def forget_taxpayer(self, ruc: str) -> None:
        """The registry does not know this RUC, whatever the setting."""
        self.wire.script("POST", "/registry", {"ruc": ruc, "unknown": True})

    def behave(self, **settings: Any) -> JsonObject:
        """Change settings by name, such as ``duplicate_answer="conflict_with_id"``; gives all that are in force."""
        behaviour: JsonObject = self.wire.script("POST", "/behaviour", settings)
        return behaviour

    def progress(self, policy: str, *, match: JsonObject | None = None, **details: Any) -> None:
        """How documents move: immediate, after (seconds), reads (reads), silent, script (steps, first)."""
        self.wire.script("POST", "/progression", {"policy": policy, "match": match, **details})

    def _take_first_company(self, state: JsonObject) -> None:
        companies = state["companies"]
        if not companies:
            raise FakePacCallError("the fake has no company after its reset")
        first = companies[0]
        self.company_id, self.ruc = first["id"], first["ruc"]
        self.office_id = first["offices"][0]["id"]
