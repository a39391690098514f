"""Disks that fill up under the real process: B09 and B64 of the fault matrix."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.customer import INVOICES, Customer, until
from tests.integration.installation import Installation, beside_processes
from tests.integration.processes import running_istmo, until_ready
from tests.torture.conftest import SmallDisk

MOST_TRIES = 60  # pages that the database has in hand already take a few more documents


@asynccontextmanager
async def serving(folder: Path, database_url: str, **more: str) -> AsyncIterator[Installation]:
    async with beside_processes(folder, database_url, **more) as installed:
        installed.pac.engine.behave(whole_pdf=False)
        async with running_istmo("serve", installed.environment, folder / "serve.log") as process:
            await until_ready(process, installed.http)
            yield installed
            assert process.is_running, process.log.read_text()


async def try_to_issue(customer: Customer, order: str, key: str) -> str:
    """issued, or the code of the refusal."""
    answer = await customer.post(
        "mutation($o: ID!, $k: String!) { generateInvoice(orderId: $o, mode: DGI, idempotencyKey: $k, waitSeconds: 5)"
        " { invoice { id } errors { code } } }",
        {"o": order, "k": key},
    )
    content = answer.json()
    if "errors" in content:
        return str(content["errors"][0]["extensions"]["code"])
    payload = content["data"]["generateInvoice"]
    return "issued" if payload["invoice"] else str(payload["errors"][0]["code"])


async def keys_of(customer: Customer) -> list[str]:
    found = await customer.ask(INVOICES, f={})
    return [edge["node"]["number"] for edge in found["edges"]]


async def test_b09_a_full_database_disk_refuses_mutations_serves_reads_and_recovers_alone(
    tmp_path: Path, small_disk: SmallDisk
) -> None:
    async with serving(tmp_path, f"sqlite:///{small_disk.folder / 'istmo.db'}") as installed:
        customer = await installed.customer()
        first = await customer.issue(key="before")
        await customer.until_submission(first["id"], "ACCEPTED")
        orders = [await customer.order() for _ in range(MOST_TRIES)]
        small_disk.fill()
        tried: dict[str, str] = {}
        for place, order in enumerate(orders):
            tried[f"full-{place}"] = await try_to_issue(customer, order, f"full-{place}")
            if tried[f"full-{place}"] != "issued":
                break
        assert list(tried.values())[-1] == "store_unavailable", tried
        key, order = list(tried)[-1], orders[len(tried) - 1]
        assert (await customer.invoice(first["id"]))["number"] == first["number"], "reads work"
        assert len(await keys_of(customer)) == len(tried), "what was refused is not half there"
        small_disk.make_room()

        async def again() -> str:
            return await try_to_issue(customer, order, key)

        await until(again, lambda outcome: outcome == "issued")
        numbers = sorted(int(number) for number in await keys_of(customer))
        assert numbers == list(range(1, len(tried) + 2)), "no number was lost with what was refused"


async def test_b64_a_full_file_disk_leaves_the_document_authorised_and_the_files_come_later(
    tmp_path: Path, small_disk: SmallDisk
) -> None:
    more = {"ISTMO_FILE_STORE_URL": str(small_disk.folder / "files")}
    async with serving(tmp_path, f"sqlite:///{tmp_path / 'istmo.db'}", **more) as installed:
        customer = await installed.customer()
        (small_disk.folder / "files").mkdir(exist_ok=True)
        small_disk.fill()
        issued = await customer.issue()
        installed.pac.let_the_dgi_authorise()

        async def look() -> dict[str, object]:
            return await customer.invoice(issued["id"])

        authorised = await until(look, lambda seen: seen["legalStatus"] == "DGI_AUTHORIZED")
        failed = await until(look, lambda seen: "FILE_FAILED" in str(seen["events"]))
        assert (authorised["attachments"], failed["attachments"]) == ([], [])
        small_disk.make_room()
        done = await customer.until_done(issued["id"])
        assert done["submission"] == "ACCEPTED"
        assert installed.pac.posts() == 1
        stored = [path for path in (small_disk.folder / "files").rglob("*") if path.is_file()]
        assert {path.name for path in stored} >= {each["digest"] for each in done["attachments"]}
        assert not [path for path in stored if path.stat().st_size == 0], "nothing half-written"
