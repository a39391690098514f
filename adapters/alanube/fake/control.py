"""The /_fake/* calls: the same scripting and looking as in Python, as JSON, for test suites in any language."""

import dataclasses
import re
from collections.abc import Callable

from adapters.alanube.fake import control_values as values
from adapters.alanube.fake.clocks import AdjustableClock
from adapters.alanube.fake.company_routes import AFFILIATION_STATES, accept_affiliation, company_view, office_view
from adapters.alanube.fake.control_views import (
    clock_view,
    delivery_view,
    document_report,
    exchange_view,
    state_view,
)
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.faults import FaultKind
from adapters.alanube.fake.records import Company, WebhookTarget
from adapters.alanube.fake.wire import JsonObject, WireAnswer, WireRequest, json_answer, read_json
from core.errors import IstmoError

PREFIX = "/_fake"
MOST_SHOWN = 1000
Preparation = Callable[[FakePacEngine], None]
_FIXED_CLOCK = json_answer(409, {"error": "the clock of this fake cannot be moved"})
_COMPANY_FIELDS = {
    "ruc": "ruc",
    "name": "name",
    "dv": "dv",
    "rucType": "ruc_type",
    "tradeName": "trade_name",
    "token": "token",
    "companyId": "company_id",
    "environment": "environment",
    "affiliated": "affiliated",
    "qr": "qr",
    "isActive": "is_active",
}


def nothing_to_prepare(engine: FakePacEngine) -> None:
    """A reset leaves the engine empty."""
    del engine


class Control:
    """Answers the control calls of one engine."""

    def __init__(
        self,
        engine: FakePacEngine,
        prepare: Preparation = nothing_to_prepare,
        clock: AdjustableClock | None = None,
    ) -> None:
        """``clock`` is what clock/advance moves (None: the engine's own).

        ``prepare`` sets the engine up again after a reset: its token, its first company.
        """
        self._engine = engine
        self._clock = engine.clock if clock is None else clock
        self._prepare = prepare
        self._first_behaviour = engine.behaviour
        self._routes: tuple[tuple[str, str, Callable[[tuple[str, ...], JsonObject], WireAnswer]], ...] = (
            ("GET", "/state", self._state),
            ("GET", "/documents", self._documents),
            ("GET", "/documents/([^/]+)", self._document),
            ("GET", "/exchanges", self._exchanges),
            ("GET", "/emails", self._emails),
            ("GET", "/webhooks", self._deliveries),
            ("POST", "/reset", self._reset),
            ("GET", "/clock", self._show_clock),
            ("POST", "/clock/advance", self._advance_clock),
            ("POST", "/clock/freeze", self._freeze_clock),
            ("POST", "/clock/release", self._release_clock),
            ("GET", "/faults", self._show_faults),
            ("POST", "/faults", self._faults),
            ("POST", "/progression", self._progression),
            ("POST", "/behaviour", self._behaviour),
            ("POST", "/registry", self._registry),
            ("POST", "/tokens", self._add_token),
            ("POST", "/tokens/revoke", self._revoke_token),
            ("POST", "/companies", self._add_company),
            ("POST", "/companies/([^/]+)/offices", self._add_office),
            ("POST", "/companies/([^/]+)/webhook", self._set_webhook),
            ("POST", "/companies/([^/]+)/webhooks", self._switch_webhooks),
            ("POST", "/companies/([^/]+)/affiliation", self._set_affiliation),
            ("POST", "/companies/([^/]+)/accept-affiliation", self._accept_affiliation),
        )

    def handle(self, request: WireRequest) -> WireAnswer:
        """Answer one call. A bad value is 400 with words, an unknown thing 404."""
        path = request.path.removeprefix(PREFIX).rstrip("/")
        for method, pattern, answer in self._routes:
            match = re.fullmatch(pattern, path)
            if match is None or method != request.method:
                continue
            try:
                body = read_json(request.body or b"{}")
                if not isinstance(body, dict):
                    return json_answer(400, {"error": "the body must be a JSON object"})
                return answer(match.groups(), body)
            except KeyError as error:
                return json_answer(404, {"error": f"unknown: {error.args[0]}"})
            except (ValueError, TypeError, IstmoError) as error:
                return json_answer(400, {"error": str(error)})
        return json_answer(404, {"error": "no such control call", "calls": self.calls})

    @property
    def calls(self) -> list[str]:
        """Every call as ``METHOD /_fake/path``, ``ID`` standing for an id."""
        return [f"{method} {PREFIX}{pattern.replace('([^/]+)', 'ID')}" for method, pattern, _ in self._routes]

    def _state(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        return json_answer(200, state_view(self._engine))

    def _documents(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        return json_answer(200, [document_report(each) for each in self._engine.documents[-MOST_SHOWN:]])

    def _document(self, parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        return json_answer(200, document_report(self._engine.document(parts[0])))

    def _exchanges(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        return json_answer(200, [exchange_view(each) for each in self._engine.exchanges[-MOST_SHOWN:]])

    def _emails(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        shown = [
            {
                "companyId": sent.company_id,
                "documentId": sent.document_id,
                "documentType": sent.document_type,
                "mail": sent.mail,
                "message": sent.message,
                "at": sent.at.isoformat(),
            }
            for sent in self._engine.emails[-MOST_SHOWN:]
        ]
        return json_answer(200, shown)

    def _deliveries(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        return json_answer(200, [delivery_view(each) for each in self._engine.deliveries[-MOST_SHOWN:]])

    def _reset(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        first = self._first_behaviour
        self._engine.behave(**{field.name: getattr(first, field.name) for field in dataclasses.fields(first)})
        if isinstance(self._clock, AdjustableClock):
            self._clock.restart()
        self._engine.reset()
        self._prepare(self._engine)
        return json_answer(200, state_view(self._engine))

    def _show_clock(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        return json_answer(200, clock_view(self._engine))

    def _advance_clock(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        if not isinstance(self._clock, AdjustableClock):
            return _FIXED_CLOCK
        self._clock.advance(values.jump(body, self._clock()))
        self._engine.advance()
        return json_answer(200, clock_view(self._engine))

    def _freeze_clock(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        if not isinstance(self._clock, AdjustableClock):
            return _FIXED_CLOCK
        self._clock.freeze()
        return json_answer(200, clock_view(self._engine))

    def _release_clock(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        if not isinstance(self._clock, AdjustableClock):
            return _FIXED_CLOCK
        self._clock.release()
        return json_answer(200, clock_view(self._engine))

    def _show_faults(self, _parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        fired = {kind.value: count for kind, count in self._engine.faults_fired.items()}
        return json_answer(200, {"kinds": [kind.value for kind in FaultKind], "fired": fired})

    def _faults(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        plan = values.fault_plan(body)
        self._engine.set_faults(plan)
        return json_answer(200, {"rules": len(plan.rules), "seed": plan.seed})

    def _progression(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        progression, match = values.progression(body)
        self._engine.set_progression(progression, match)
        return json_answer(200, {"steps": len(progression.steps)})

    def _behaviour(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        changes = values.behaviour_changes(self._engine.behaviour, body)
        return json_answer(200, values.behaviour_view(self._engine.behave(**changes)))

    def _registry(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        ruc = str(values.needed(body, "ruc"))
        if body.get("unknown"):
            self._engine.registry.forget(ruc)
        else:
            ruc_type = int(values.needed(body, "rucType"))
            self._engine.registry.register(ruc, ruc_type, str(values.needed(body, "receiver")))
        return json_answer(200, {"ruc": ruc})

    def _add_token(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        account = self._engine.register_token(str(values.needed(body, "token")), account_of=body.get("accountOf"))
        return json_answer(201, {"account": account})

    def _revoke_token(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        self._engine.revoke_token(str(values.needed(body, "token")))
        return json_answer(200, {"revoked": True})

    def _add_company(self, _parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        unknown = set(body) - set(_COMPANY_FIELDS) - {"webhook"}
        if unknown:
            message = f"a company has no {', '.join(sorted(unknown))}; it has {', '.join(_COMPANY_FIELDS)}, webhook"
            raise ValueError(message)
        webhook = body.get("webhook")
        given = {ours: body[theirs] for theirs, ours in _COMPANY_FIELDS.items() if theirs in body}
        company = self._engine.register_company(**given, webhook=None if webhook is None else _webhook_target(webhook))
        offices = [office_view(office) for office in company.offices.values()]
        token = body.get("token", DEFAULT_TOKEN)
        return json_answer(201, {"company": company_view(company), "offices": offices, "token": token})

    def _add_office(self, parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        office = self._engine.register_office(parts[0], code=values.needed(body, "code"), office_id=body.get("id"))
        return json_answer(201, office_view(office))

    def _set_webhook(self, parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        self._engine.set_webhook(parts[0], _webhook_target(body) if body else None)
        return json_answer(200, {"registered": bool(body)})

    def _switch_webhooks(self, parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        enabled = values.needed(body, "enabled") is True
        self._engine.switch_webhooks(parts[0], enabled=enabled)
        return json_answer(200, {"enabled": enabled})

    def _set_affiliation(self, parts: tuple[str, ...], body: JsonObject) -> WireAnswer:
        state = values.needed(body, "affiliated")
        if state not in AFFILIATION_STATES:
            message = f"affiliated must be one of {', '.join(AFFILIATION_STATES)}"
            raise ValueError(message)
        company = self._company(parts[0])
        company.affiliated = state
        return json_answer(200, company_view(company))

    def _accept_affiliation(self, parts: tuple[str, ...], _body: JsonObject) -> WireAnswer:
        company = self._company(parts[0])
        accept_affiliation(company)
        return json_answer(200, company_view(company))

    def _company(self, company_id: str) -> Company:
        company = next((each for each in self._engine.companies if each.id == company_id), None)
        if company is None:
            raise KeyError(company_id)
        return company


def _webhook_target(body: JsonObject) -> WebhookTarget:
    url, secret = values.needed(body, "url"), values.needed(body, "secret")
    return WebhookTarget(url=str(url), secret=str(secret), user_id=body.get("userId"))
