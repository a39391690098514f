"""The whole cross product against a second copy of the table, typed in the codes of the DGI."""

from itertools import product

import pytest

from core.codes import Destination, DocumentType, OperationNature, OperationType, ReceiverType
from core.combinations import COMBINATIONS, combination_breaches

ANYONE = "01 02 03 04"
TABLE = {
    "01": ("01 10 12 13 14", "1", "1", ANYONE),
    "02": ("21", "2", "2", ANYONE),
    "03": ("02 03", "2", "1", "04"),
    "04": ("11 01", "1 2", "1", ANYONE),
    "05": ("01", "1 2", "1", ANYONE),
    "06": ("11 01", "1 2", "1", ANYONE),
    "07": ("01", "1 2", "1", ANYONE),
    "08": ("01 02 10 12 13 14", "1 2", "1", ANYONE),
    "09": ("01 10", "1", "1", ANYONE),
    "10": ("04", "2", "1", "04"),
}
DESTINATION_RULES = {"01": "1534", "03": "1533"}
RECEIVER_RULES = {"03": "1620", "10": "1623"}


def test_walks_the_whole_table():
    walked = allowed = 0
    for document_type, nature, destination, operation, receiver_type in product(
        DocumentType, OperationNature, Destination, OperationType, ReceiverType
    ):
        natures, destinations, operations, receivers = (set(cell.split()) for cell in TABLE[document_type])
        expected = set()
        if nature not in natures:
            expected.add("1524")
        if str(int(destination)) not in destinations:
            expected.add(DESTINATION_RULES.get(document_type, "1526"))
        if str(int(operation)) not in operations:
            expected.add("1525")
        if receiver_type not in receivers:
            expected.add(RECEIVER_RULES[document_type])
        breaches = combination_breaches(
            document_type=document_type,
            nature=nature,
            destination=destination,
            operation=operation,
            receiver_type=receiver_type,
        )
        assert {breach.rule for breach in breaches} == expected
        assert all(breach.given not in breach.allowed for breach in breaches)
        walked += 1
        allowed += not breaches
    assert walked == 10 * 11 * 2 * 2 * 4
    assert allowed == 20 + 4 + 2 + 16 + 8 + 16 + 8 + 48 + 8 + 1


@pytest.mark.parametrize("document_type", DocumentType)
def test_every_document_type_has_a_row_with_something_allowed(document_type):
    row = COMBINATIONS[document_type]
    assert row.natures
    assert row.destinations
    assert row.operations
    assert row.receivers
