"""A fake of the Panamanian PAC Alanube for tests: it runs ``istmo fake-pac`` as a process and scripts it.

Only pytest and the standard library are imported: your project may have packages named as it likes.
"""

from pytest_istmo.clock import FakePacClock
from pytest_istmo.faults import FakePacFaults
from pytest_istmo.payloads import an_invoice
from pytest_istmo.process import FakePacProcess, FakePacStartError, IstmoNotFoundError
from pytest_istmo.scripting import FakePac
from pytest_istmo.wire import Answer, FakePacCallError, RegisteredCompany

__all__ = [
    "Answer",
    "FakePac",
    "FakePacCallError",
    "FakePacClock",
    "FakePacFaults",
    "FakePacProcess",
    "FakePacStartError",
    "IstmoNotFoundError",
    "RegisteredCompany",
    "an_invoice",
]
