"""Rules about free text and contact data: characters that XML cannot hold, lengths, e-mails and phones."""

import re
from collections.abc import Iterator

from core.drafts import Draft, DraftLine, DraftReceiver
from core.errors import Path, Wording
from core.preflight.verdict import Case, Confidence, Finding, Rule

LONGEST_INFORMATION = 5000
LONGEST_EMAIL = 50
MOST_CONTACTS = 3
MOST_LINES_READ = 1000

# XML 1.0 has no C0 controls, lone surrogates or the two noncharacters; C1 controls and DEL are legal but never meant.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile(r"[\t\r\n]")
_PHONE = re.compile(r"[0-9]{3,4}-[0-9]{4}", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")

CONTROL_CHARACTER = Rule(
    code="control_character",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording(
        "The text holds a character that a document cannot carry (U+{point}).",
        "El texto contiene un carácter que un documento no admite (U+{point}).",
    ),
    hint=Wording(
        "Remove it; line breaks fit only in the free text.",
        "Quítelo; los saltos de línea solo caben en el texto libre.",
    ),
)
INFORMATION_LENGTH = Rule(
    code="information_length",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The free text has at most 5000 characters.", "El texto libre tiene hasta 5000 caracteres."),
    hint=Wording("Shorten it.", "Acórtelo."),
)
EMAIL_MALFORMED = Rule(
    code="email_malformed",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording(
        '"{email}" is no e-mail address of at most 50 characters.', '"{email}" no es un correo de hasta 50 caracteres.'
    ),
    hint=Wording("Correct or remove it.", "Corríjalo o quítelo."),
)
PHONE_MALFORMED = Rule(
    code="phone_malformed",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording('"{phone}" is no phone number.', '"{phone}" no es un teléfono.'),
    hint=Wording("Write it as 200-0101 or 6000-0101.", "Escríbalo como 200-0101 o 6000-0101."),
)
TOO_MANY_CONTACTS = Rule(
    code="too_many_contacts",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("At most 3 {field} fit.", "Caben hasta 3 en {field}."),
    hint=Wording("Keep three.", "Deje tres."),
)


def judge(case: Case) -> Iterator[Finding]:
    """Characters of every text, the free text's length, e-mails and phones."""
    for path, text in _texts(case.draft):
        bad = _FORBIDDEN.search(text)
        if bad is None and path != ("information",):
            bad = _LINE_BREAKS.search(text)
        if bad is not None:
            yield CONTROL_CHARACTER.at(*path, point=f"{ord(bad[0]):04X}")
    if case.draft.information is not None and len(case.draft.information) > LONGEST_INFORMATION:
        yield INFORMATION_LENGTH.at("information")
    yield from _judge_contacts(case.draft.receiver)


def _judge_contacts(receiver: DraftReceiver) -> Iterator[Finding]:
    for field, contacts in (("emails", receiver.emails), ("phones", receiver.phones)):
        if len(contacts) > MOST_CONTACTS:
            yield TOO_MANY_CONTACTS.at("receiver", field, field=field)
    for place, email in enumerate(receiver.emails[:MOST_CONTACTS]):
        if len(email) > LONGEST_EMAIL or _EMAIL.fullmatch(email) is None:
            yield EMAIL_MALFORMED.at("receiver", "emails", place, email=email[:60])
    for place, phone in enumerate(receiver.phones[:MOST_CONTACTS]):
        if _PHONE.fullmatch(phone) is None:
            yield PHONE_MALFORMED.at("receiver", "phones", place, phone=phone[:30])


def _texts(draft: Draft) -> Iterator[tuple[Path, str]]:
    yield from _receiver_texts(draft.receiver)
    for place, line in enumerate(draft.lines[:MOST_LINES_READ]):
        yield from _line_texts(place, line)
    yield from _money_texts(draft)
    for place, reference in enumerate(draft.references[:MOST_LINES_READ]):
        for field, number in (("paperNumber", reference.paper_number), ("printerNumber", reference.printer_number)):
            if number is not None:
                yield ("references", place, field), number
    if draft.export is not None and draft.export.port is not None:
        yield ("export", "port"), draft.export.port
    if draft.contingency is not None:
        yield ("contingency", "reason"), draft.contingency.reason
    if draft.information is not None:
        yield ("information",), draft.information


def _money_texts(draft: Draft) -> Iterator[tuple[Path, str]]:
    for place, payment in enumerate(draft.payments[:MOST_LINES_READ]):
        if payment.description is not None:
            yield ("payments", place, "description"), payment.description
    for place, instalment in enumerate(draft.instalments[:MOST_LINES_READ]):
        if instalment.note is not None:
            yield ("instalments", place, "note"), instalment.note
    for place, discount in enumerate(draft.discounts[:MOST_LINES_READ]):
        yield ("discounts", place, "description"), discount.description


def _receiver_texts(receiver: DraftReceiver) -> Iterator[tuple[Path, str]]:
    for field, text in (
        ("name", receiver.name),
        ("address", receiver.address),
        ("countryName", receiver.country_name),
    ):
        if text is not None:
            yield ("receiver", field), text
    if receiver.foreign_identity is not None:
        yield ("receiver", "foreignIdentity", "number"), receiver.foreign_identity.number


def _line_texts(place: int, line: DraftLine) -> Iterator[tuple[Path, str]]:
    yield ("lines", place, "description"), line.description
    for field, text in (("code", line.code), ("unit", line.unit), ("cpbsUnit", line.cpbs_unit)):
        if text is not None:
            yield ("lines", place, field), text
