"""Bugs of notes and payments: worlds in which many documents are paid for, charged and taken back at once."""

from dataclasses import replace

from tests.simulation.planted_bug import Search, planted_bug

LATER = Search.LATER_WISHES
BOOK = "adapters.persistence.sql_payment_book"


@planted_bug(
    f"{BOOK}:claim_intent",
    breaks="The same call made again, because its answer was lost or came twice at once, is a second payment.",
    search=LATER,
    within=20,
    speaks="A8",
)
def a_payment_is_recorded_once_for_each_call(right):
    def claim_intent(connection, tenant_id, intent, *, subject_id, at):
        return subject_id

    return claim_intent


@planted_bug(
    f"{BOOK}:SqlPaymentBook.record",
    breaks="A payment is written in a transaction of its own, after its event: a crash in between loses it.",
    search=LATER,
    within=60,
    speaks="A32",
)
def a_payment_is_written_after_its_event(right):
    async def record(self, payment, *, intent, judge):
        kept = []

        class Later:
            def __init__(self, connection):
                self._connection = connection

            def run(self, statement, **params):
                if params.get("payment_id") == payment.payment_id:
                    kept.append((statement, params))
                else:
                    self._connection.run(statement, **params)

            def __getattr__(self, name):
                return getattr(self._connection, name)

        units = self._units

        class Units:
            def __getattr__(self, name):
                return getattr(units, name)

            async def claim(self, unit, *, tenant_id):
                return await units.claim(lambda connection: unit(Later(connection)), tenant_id=tenant_id)

        entered = await right(type(self)(Units()), payment, intent=intent, judge=judge)
        for statement, params in kept:
            await units.claim(lambda c, s=statement, p=params: c.run(s, **p), tenant_id=payment.tenant_id)
        return entered

    return record


@planted_bug(
    "core.payments:RecordedPayment.counts",
    breaks="A reversed payment still counts.",
    search=LATER,
    within=20,
    speaks="A34",
)
def a_reversed_payment_counts(right):
    return property(lambda _: True)


@planted_bug(
    "core.notes.agreement:refuse_unfit",
    breaks="A note is issued beside the void of its invoice.",
    search=LATER,
    within=20,
    speaks="A25",
)
def a_note_does_not_ask_for_the_void(right):
    return lambda invoice: right(replace(invoice, void=None))
