"""Bugs in what an answer to a POST is taken to prove: adapters.alanube.answers and known_codes."""

from dataclasses import replace

from adapters.alanube.replies import Reply, Silence
from core.ports.pac_gateway import Accepted, NotSent, PacDocument, RawAnswer, Rejected, Throttled, Unknown
from tests.simulation.planted_bug import planted_bug

ANSWERS = "adapters.alanube.answers"


def _read_otherwise(is_meant, otherwise):
    """``classify`` that reads the answers that are meant in another way."""

    def wrong(right):
        def classify(outcome, known):
            answer = right(outcome, known)
            return otherwise(outcome, answer) if is_meant(outcome, answer) else answer

        return classify

    return wrong


def _refused(outcome, answer):
    return Rejected(raw=answer.raw, codes=(f"HTTP_{outcome.status}",), messages=(), is_recognised=True)


@planted_bug(
    f"{ANSWERS}:classify",
    breaks="A 5xx counts as a refusal, although the PAC may have accepted the document before it fell over.",
    within=5,
    speaks="A6",
)
def a_5xx_is_taken_as_a_refusal(right):
    return _read_otherwise(lambda outcome, _: isinstance(outcome, Reply) and outcome.status >= 500, _refused)(right)


@planted_bug(
    f"{ANSWERS}:classify",
    breaks="A 429 counts as a refusal: a document that nobody looked at is given up.",
    within=100,
    speaks="A17",
)
def a_429_is_taken_as_a_refusal(right):
    return _read_otherwise(lambda _, answer: isinstance(answer, Throttled), _refused)(right)


@planted_bug(
    f"{ANSWERS}:classify",
    breaks="A 401 counts as a refusal: an old token at the PAC costs documents.",
    within=25,
    speaks="A17",
)
def a_401_is_taken_as_a_refusal(right):
    return _read_otherwise(lambda outcome, _: isinstance(outcome, Reply) and outcome.status == 401, _refused)(right)


@planted_bug(
    f"{ANSWERS}:classify",
    breaks="A connection that broke after the bytes had left counts as one that never was.",
    within=25,
    speaks="A10",
)
def not_sent_is_said_after_bytes_left(right):
    def not_sent(outcome, answer):
        return NotSent(raw=answer.raw, reason=outcome.reason)

    return _read_otherwise(lambda outcome, _: isinstance(outcome, Silence) and outcome.left, not_sent)(right)


@planted_bug(
    f"{ANSWERS}:classify",
    breaks="A 2xx whose body broke off counts as accepted, under the id that can still be read or under none.",
    within=5,
    speaks="I6",
)
def a_truncated_2xx_is_taken_as_accepted(right):
    def accepted(outcome, answer):
        return Accepted(raw=answer.raw, document=PacDocument(pac_document_id=answer.hinted_id))

    def is_meant(outcome, answer):
        return isinstance(answer, Unknown) and isinstance(outcome, Reply) and outcome.status == 200

    return _read_otherwise(is_meant, accepted)(right)


@planted_bug(
    f"{ANSWERS}:classify",
    breaks="The id that a broken answer still names is thrown away: where no webhook comes, the evidence is lost.",
    within=25,
    speaks="A5",
)
def the_id_in_a_broken_answer_is_thrown_away(right):
    def forgotten(outcome, answer):
        return replace(answer, hinted_id=None)

    return _read_otherwise(lambda _, answer: isinstance(answer, Unknown) and answer.hinted_id, forgotten)(right)


@planted_bug(
    "adapters.alanube.known_codes:KnownCodes.duplicate_in",
    breaks="The code that says that the number is taken is read as any other refusal.",
    within=50,
    speaks="A6",
)
def a_repeated_number_is_taken_as_a_refusal(right):
    return lambda _known, _codes: False


@planted_bug(
    "core.lifecycle.sending:record_answer",
    breaks="The raw answer is kept as this program would have written it, not as it came.",
    within=25,
    speaks="step 4",
)
def the_raw_answer_is_encoded_anew(right):
    def record_answer(document, *, answer, **others):
        raw = answer.raw
        anew = RawAnswer(status=raw.status, body=raw.body.decode("ascii", "ignore").encode().strip(), note=raw.note)
        return right(document, answer=replace(answer, raw=anew), **others)

    return record_answer
