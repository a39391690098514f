"""A small installation to back up."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.persistence.backup import Made, make_backup
from adapters.persistence.migration import migrate
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.stores import open_stores
from core.documents import Change
from tests.builders import INVOICES, a_tenant, an_attachment, record_document

KEY = bytes(range(32))


CONTENT = b"%PDF-1.7 \x00\xff"


DIGEST = hashlib.sha256(CONTENT).hexdigest()


MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class Site:
    """A small installation: one tenant, three documents, one of them with its PDF, a mark at 2."""

    def __init__(self, folder: Path) -> None:
        self.settings = SqliteSettings(path=folder / "istmo.db")
        self.files, self.marks = folder / "files", folder / "marks"
        self.moments = (MONDAY + timedelta(seconds=second) for second in range(100))

    async def set_up(self) -> None:
        migrate(f"sqlite:///{self.settings.path}")
        stores = await open_stores(self.settings, secrets_key=KEY, files_folder=self.files, marks_folder=self.marks)
        tenant = a_tenant()
        self.tenant_id = tenant.tenant_id
        await stores.directory.add_tenant(tenant)
        documents = [await record_document(stores.documents, self.tenant_id) for _ in range(3)]
        pdf = an_attachment(digest=await stores.files.put(self.tenant_id, CONTENT), size=len(CONTENT))
        await stores.documents.update(
            self.tenant_id,
            documents[0].document_id,
            lambda current: Change(document=replace(current, files=(pdf,)), attachments=(pdf,)),
        )
        await stores.marks.raise_to(self.tenant_id, INVOICES, 2)
        await stores.close()

    @property
    def pdf(self) -> Path:
        return self.files / self.tenant_id / DIGEST[:2] / DIGEST

    def back_up(self, folder: Path, **changes: object) -> Made:
        chosen: dict[str, object] = {
            "database": self.settings,
            "files_root": self.files,
            "files_at": None,
            "marks_root": self.marks,
            "now": lambda: next(self.moments),
            **changes,
        }
        return make_backup(folder, **chosen)  # type: ignore[arg-type]
