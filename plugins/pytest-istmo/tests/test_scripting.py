"""Everything that the fixtures offer, against a real fake. Runs in an environment that has the plugin alone."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pytest_istmo import FakePacCallError, an_invoice


class Receiver:
    """A webhook receiver that keeps what it is told."""

    def __init__(self):
        told = self.told = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                told.append((self.headers["X-Pac-Signature"], self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def issue(fake_pac, number=1, **options):
    answer = fake_pac.call("POST", "/invoices", an_invoice(number), **options)
    assert answer.status == 200, answer.body
    return answer.json()["document"]["id"]


def test_webhooks_are_delivered_and_shown(fake_pac, fake_pac_clock, receiver):
    fake_pac.set_webhook(receiver.url, "a secret", user_id="u")
    issue(fake_pac)
    fake_pac_clock.advance(seconds=2)
    tried = fake_pac.wait_for_webhooks(2)
    assert [each["status"] for each in tried] == [200, 200]
    assert [signature for signature, _ in receiver.told] == ["a secret", "a secret"]
    assert b"DGI_AUTHORIZED" in receiver.told[-1][1]
    fake_pac.remove_webhook()
    issue(fake_pac, 2)
    with pytest.raises(TimeoutError, match="2 of 3 webhooks"):
        fake_pac.wait_for_webhooks(3, seconds=0.2)


def test_a_receiver_that_is_down_is_tried_again(fake_pac, fake_pac_clock):
    fake_pac.set_webhook("http://127.0.0.1:9/hook", "s")
    issue(fake_pac)
    fake_pac.wait_for_webhooks(1)
    fake_pac_clock.advance(seconds=1)
    tried = fake_pac.wait_for_webhooks(3)
    assert 2 in [each["attempt"] for each in tried]
    assert {each["status"] for each in tried} == {None}


def test_companies_offices_and_tokens(fake_pac):
    other = fake_pac.register_company(ruc="155000001-2-2020", name="Otra, S.A.", token="other")
    office = fake_pac.register_office("0001", company_id=other.id)
    body = an_invoice() | {"idOffice": office}
    assert fake_pac.call("POST", "/invoices", body, token="other", idCompany=other.id).status == 200
    assert fake_pac.call("POST", "/invoices", body, idCompany=other.id).status == 404
    assert fake_pac.register_office("0002")
    fake_pac.add_token("second")
    issue(fake_pac, 2, token="second")
    fake_pac.revoke_token("second")
    assert fake_pac.call("GET", "/company", token="second").status == 401
    assert (other.token, fake_pac.company_id != other.id) == ("other", True)
    assert len(fake_pac.state()["companies"]) == 2


def test_a_company_that_may_not_issue(fake_pac):
    fake_pac.set_affiliation("REQUESTED")
    assert fake_pac.call("POST", "/invoices", an_invoice()).json()["code"] == "AP1011"
    fake_pac.set_affiliation("SUBSCRIBED")
    issue(fake_pac)


def test_taxpayers(fake_pac):
    def known(ruc):
        return fake_pac.call("GET", "/check-digit", ruc=ruc, type="JURIDICO")

    fake_pac.know_taxpayer("155000001-2-2020", 2, "GOBIERNO")
    assert known("155000001-2-2020").json()["receiver"] == "GOBIERNO"
    fake_pac.forget_taxpayer("155000001-2-2020")
    assert known("155000001-2-2020").status == 400


def test_emails_exchanges_and_a_missing_document(fake_pac):
    asked = {"documentId": issue(fake_pac), "mail": "ana@example.com", "documentType": "invoice"}
    fake_pac.call("POST", "/documents/notify-email", asked)
    assert fake_pac.emails()[0]["mail"] == "ana@example.com"
    assert [each["path"] for each in fake_pac.exchanges()] == ["/pan/v1/invoices", "/pan/v1/documents/notify-email"]
    assert fake_pac.token not in str(fake_pac.exchanges())
    with pytest.raises(FakePacCallError, match="404: unknown"):
        fake_pac.document("nothing")


def test_settings_and_scripts(fake_pac, fake_pac_clock):
    assert fake_pac.behave(accepted_status=201)["accepted_status"] == 201
    steps = [{"legalStatus": "DGI_REJECTED", "governmentResponse": [{"code": "1534", "message": "Destino"}]}]
    fake_pac.progress("script", steps=steps, match={"numeration": "0000000002"})
    ids = [fake_pac.call("POST", "/invoices", an_invoice(number)).json()["document"]["id"] for number in (1, 2)]
    fake_pac_clock.advance(seconds=5)
    shown = [fake_pac.call("GET", f"/invoices/{each}").json()["document"]["legalStatus"] for each in ids]
    assert shown == ["DGI_AUTHORIZED", "DGI_REJECTED"]
    with pytest.raises(FakePacCallError, match="no setting colour"):
        fake_pac.behave(colour="blue")


def test_the_clock(fake_pac, fake_pac_clock):
    stopped = fake_pac_clock.freeze()
    assert fake_pac_clock.now() == stopped
    assert fake_pac_clock.advance(timedelta(days=3)) == stopped + timedelta(days=3)
    assert fake_pac_clock.advance_to(stopped + timedelta(days=4)) == stopped + timedelta(days=4)
    with pytest.raises(FakePacCallError, match="400"):
        fake_pac_clock.advance(seconds=-1)
    assert fake_pac_clock.next_due_at() is None
    issue(fake_pac)
    assert fake_pac_clock.next_due_at() == stopped + timedelta(days=4, seconds=2)
    assert fake_pac_clock.release() >= stopped + timedelta(days=4)


def test_the_next_test_has_the_machines_time_again(fake_pac_clock, fake_pac_faults):
    before = fake_pac_clock.now()
    assert fake_pac_faults.fired == {}
    assert fake_pac_clock.now() - before < timedelta(minutes=5)


def test_faults_add_up_and_match(fake_pac, fake_pac_faults):
    fake_pac_faults.plan("unauthorized_401", nth=[1], method="GET", path_contains="/company")
    fake_pac_faults.plan("throttled_429", seconds=9, times=1)
    answers = [fake_pac.call("GET", "/company").status, fake_pac.call("GET", "/company").status]
    throttled = fake_pac.call("POST", "/invoices", an_invoice())
    assert (answers, throttled.status, throttled.headers["retry-after"]) == ([401, 200], 429, "9")
    assert fake_pac_faults.fired == {"unauthorized_401": 1, "throttled_429": 1}
    with pytest.raises(FakePacCallError, match="kind must be one of"):
        fake_pac_faults.plan("earthquake")
    assert "drop_after_accept" in fake_pac_faults.kinds
    fake_pac_faults.clear()
    issue(fake_pac)
