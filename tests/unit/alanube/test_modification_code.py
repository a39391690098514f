"""What a note does to what was billed, in the PAC's codes (contract 2.2 and 2.3)."""

import json
from dataclasses import replace

import pytest

from adapters.alanube.mapping import encode
from adapters.alanube.settings import WireOptions
from core.codes import DocumentType
from core.drafts import Modification
from core.identifiers import TenantId
from tests.builders import a_document, a_draft


def code_of(document_type: DocumentType, modification: Modification | None) -> int | None:
    draft = replace(a_draft(document_type=document_type, payments=()), sale_type=None, modification=modification)
    body = json.loads(encode(a_document(TenantId("tenant"), draft=draft), WireOptions()))
    code: int | None = body["information"].get("modificationCode")
    return code


@pytest.mark.parametrize(
    ("document_type", "modification", "code"),
    [
        (DocumentType.REFERRING_CREDIT_NOTE, Modification.WHOLE, 1),
        (DocumentType.REFERRING_CREDIT_NOTE, Modification.PART, 3),
        (DocumentType.GENERIC_CREDIT_NOTE, None, 3),
        (DocumentType.REFERRING_DEBIT_NOTE, Modification.INTEREST, 2),
        (DocumentType.GENERIC_DEBIT_NOTE, Modification.ADJUSTMENT, 3),
        (DocumentType.REFERRING_DEBIT_NOTE, None, 3),
        (DocumentType.DOMESTIC_INVOICE, None, None),
    ],
)
def test_a_note_carries_the_code_of_what_it_does(
    document_type: DocumentType, modification: Modification | None, code: int | None
) -> None:
    assert code_of(document_type, modification) == code
