"""What the demo says once it runs: where it is, the keys, what is there, what to try."""

from collections.abc import Iterator

from bootstrap.demo.environment import DemoFolder
from bootstrap.demo.history import RUC, Shop
from core.tenants import Role

_MAY = {
    Role.VIEWER: "reads",
    Role.ISSUER: "reads and issues",
    Role.OPERATOR: "all of it, and repairs",
}


def sheet(shop: Shop, *, base_url: str, pac_url: str, folder: DemoFolder) -> str:
    """The lines, each address and key whole on its own line so that a terminal lets one click or copy it."""
    return "\n".join(_lines(shop, base_url, pac_url, folder))


def _lines(shop: Shop, base_url: str, pac_url: str, folder: DemoFolder) -> Iterator[str]:
    operator = shop.keys[Role.OPERATOR]
    yield f"Istmo demo: {shop.tenant.name}, RUC {RUC}. Nothing here reaches a PAC or the DGI."
    yield ""
    yield f"  explorer  {base_url}/explorer#key={operator}"
    yield f"  API       {base_url}/graphql"
    yield f"  fake PAC  {pac_url}"
    yield ""
    yield "Keys, one for each role:"
    for role, key in shop.keys.items():
        yield f"  {role.name:<9} {key}  {_MAY[role]}"
    yield ""
    yield "Invoices:"
    for story, document in shop.documents:
        status = f"{document.submission.value}, {document.legal_status.value}"
        yield f"  {document.number:010d}  {document.document_id}  {status:<27} {story.told}"
    yield ""
    yield "To try:"
    yield "  1. Open the explorer: it has an example of everything, and the schema beside it."
    yield f"  2. Issue the order that is still open: generateInvoice with orderId {shop.open_order}"
    yield f"  3. Solve the doubt: adoptPacDocument with pacDocumentId {shop.lost_id}"
    yield f"  4. Lose the PAC's next answer, then issue:  curl -s {pac_url}/_fake/faults \\"
    yield """       -d '{"rules": [{"kind": "drop_after_accept", "times": 1}]}'"""
    yield "     The fake's other tricks are in docs/fake-pac.md."
    yield ""
    fate = "which stays" if folder.is_kept else "which goes when the demo ends"
    yield f"Everything lies in {folder.path}, {fate}. Ctrl+C ends it."
