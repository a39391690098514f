"""Bugs in following an accepted document to its end and fetching its files."""

from dataclasses import replace

from core.documents import FileKind
from tests.simulation.planted_bug import planted_bug

FOLLOWING = "core.lifecycle.following"


@planted_bug(
    f"{FOLLOWING}:schedule_follow_up",
    breaks="A document that the DGI has not decided at the first look is never looked at again.",
    within=25,
    speaks="I8",
)
def the_follow_up_stops(right):
    def schedule_follow_up(document, *, now, fraction, schedules):
        after = right(document, now=now, fraction=fraction, schedules=schedules)
        return replace(after, next_action_at=None)

    return schedule_follow_up


@planted_bug(
    f"{FOLLOWING}:missing_files",
    breaks="Nobody fetches the PDF and the XML, the legal document itself.",
    within=25,
    speaks="A19",
)
def no_file_is_ever_missing(right):
    return lambda _document: ()


@planted_bug(
    f"{FOLLOWING}:missing_files",
    breaks="The PDF from before the DGI decided stays the document's PDF.",
    within=25,
    speaks="A19",
)
def a_provisional_file_stays(right):
    def missing_files(document):
        held = {file.kind for file in document.files}
        return tuple(kind for kind in right(document) if kind not in held)

    return missing_files


@planted_bug(
    f"{FOLLOWING}:missing_files",
    breaks="Every look fetches the files again, for ever.",
    within=25,
    speaks="A19",
)
def a_file_that_is_there_is_fetched_again(right):
    return lambda document: tuple(FileKind) if document.legal_status.is_authorized else ()


@planted_bug(
    "adapters.persistence.in_memory_documents:_others",
    breaks="The final PDF is kept beside the provisional one: a document with two current PDFs.",
    within=25,
    speaks="I9",
)
def a_second_pdf_is_current(right):
    return lambda attachments, _newest: attachments


@planted_bug(
    "adapters.persistence.in_memory_file_store:InMemoryFileStore.put",
    breaks="The row says that a file is there, and its bytes are not.",
    within=25,
    speaks="A20",
)
def the_row_comes_before_the_blob(right):
    async def put(self, tenant_id, content):
        digest = await right(self, tenant_id, content)
        del self._store.files[tenant_id, digest]
        return digest

    return put
