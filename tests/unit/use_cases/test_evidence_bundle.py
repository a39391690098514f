"""The evidence of a document: everything is in it, it verifies without Istmo, and no change goes unnoticed."""

import hashlib
import json
from collections.abc import Callable

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.evidence import EVENTS, MANIFEST, REQUEST
from core.evidence_check import check
from core.failures import DocumentNotFoundError
from core.use_cases.gather_evidence import GatherEvidence
from tests.unit.use_cases.drafting import converted, drafted
from tests.world import World, tenant_of

Bundle = dict[str, bytes]


async def evidence_of(world: World, key: str = "sale") -> Bundle:
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), key)
    await world.sweep(times=30, every_seconds=60)
    await world.deliver_webhooks()
    return await gathering(world)(tenant_of(shop), document.document_id)


def gathering(world: World) -> GatherEvidence:
    stores = world.stores
    return GatherEvidence(stores.documents, stores.journal, stores.inbox, stores.files, world.clock)


def problems(bundle: Bundle) -> list[str]:
    return [each.about for each in check(bundle) if each.problem]


@pytest.fixture
async def bundle() -> Bundle:
    return await evidence_of(World())


async def test_everything_is_in_it_and_it_verifies(bundle: Bundle) -> None:
    assert problems(bundle) == []
    assert len(check(bundle)) == 5
    kinds = [event["event"]["kind"] for event in json.loads(bundle[EVENTS])]
    assert kinds[0] == "RECORDED"
    assert kinds.count("FILE_STORED") == sum(name.startswith("files/") for name in bundle) == 2
    answers, webhooks = json.loads(bundle["answers.json"]), json.loads(bundle["webhooks.json"])
    assert [answer["status"] for answer in answers] == [200]
    assert json.loads(bundle[answers[0]["file"]])["document"]["cufe"] == json.loads(bundle[MANIFEST])["cufe"]
    assert webhooks
    assert all(webhook["file"] in bundle for webhook in webhooks)


async def test_the_same_document_gives_the_same_bundle() -> None:
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    gather = gathering(world)
    assert await gather(tenant_of(shop), document.document_id) == await gather(tenant_of(shop), document.document_id)


async def test_a_document_in_doubt_has_evidence_too() -> None:
    world = World()
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_BEFORE),)))
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    bundle = await gathering(world)(tenant_of(shop), document.document_id)
    assert problems(bundle) == []
    assert REQUEST in bundle


def change_an_event(bundle: Bundle) -> None:
    events = json.loads(bundle[EVENTS])
    events[1]["event"]["actor"] = "somebody else"
    bundle[EVENTS] = json.dumps(events).encode()


def drop_an_event(bundle: Bundle) -> None:
    events = json.loads(bundle[EVENTS])
    bundle[EVENTS] = json.dumps([*events[:1], *events[2:]]).encode()


def drop_the_last_event(bundle: Bundle) -> None:
    events = json.loads(bundle[EVENTS])
    assert events[-1]["event"]["kind"] != "FILE_STORED"
    bundle[EVENTS] = json.dumps(events[:-1]).encode()


def change_the_request(bundle: Bundle) -> None:
    bundle[REQUEST] = bundle[REQUEST].replace(b"Taladro", b"Martill")


def change_a_file(bundle: Bundle) -> None:
    name = next(name for name in bundle if name.endswith(".pdf"))
    bundle[name] += b" "


def change_the_cufe(bundle: Bundle) -> None:
    document = json.loads(bundle["document.json"])
    document["cufe"] = document["cufe"][:-1] + str((int(document["cufe"][-1]) + 1) % 10)
    manifest = json.loads(bundle[MANIFEST])
    manifest["cufe"] = document["cufe"]
    bundle[MANIFEST] = json.dumps(manifest).encode()
    bundle["document.json"] = json.dumps(document).encode()


def renew_manifest(bundle: Bundle) -> None:
    """What a forger does next."""
    manifest = json.loads(bundle[MANIFEST])
    for file in manifest["files"]:
        content = bundle[file["name"]]
        file["sha256"], file["size"] = hashlib.sha256(content).hexdigest(), len(content)
    bundle[MANIFEST] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (change_an_event, "the chain of the timeline"),
        (drop_an_event, "the chain of the timeline"),
        (drop_the_last_event, "the chain of the timeline"),
        (change_the_request, "the request is what was recorded before it was sent"),
        (change_a_file, "PDF and XML are those that the timeline stored"),
        (change_the_cufe, "the CUFE is that of the document"),
    ],
)
async def test_a_change_is_noticed_even_with_a_new_manifest(
    bundle: Bundle, change: Callable[[Bundle], None], noticed: str
) -> None:
    change(bundle)
    assert "the files are those of the manifest, byte by byte" in problems(bundle)
    renew_manifest(bundle)
    assert problems(bundle) == [noticed]


async def test_a_missing_a_foreign_and_an_unreadable_file_are_noticed(bundle: Bundle) -> None:
    files = "the files are those of the manifest, byte by byte"
    assert files in problems({name: content for name, content in bundle.items() if name != "webhooks.json"})
    assert problems(bundle | {"note.txt": b"hello"}) == [files]
    assert problems(bundle | {MANIFEST: b"{"}) == ["the manifest"]
    assert "the chain of the timeline" in problems(bundle | {EVENTS: b"[1]"})


async def test_nobody_gathers_another_tenants_evidence() -> None:
    world = World()
    mine, theirs = await world.open_shop(), await world.open_shop("155000002-2-2020", "Otra, S.A.")
    document = await world.invoice(theirs, await world.an_order(theirs))
    with pytest.raises(DocumentNotFoundError):
        await gathering(world)(tenant_of(mine), document.document_id)


async def test_the_evidence_of_a_converted_draft_verifies() -> None:
    world = World()
    shop = await world.open_shop()
    document = await converted(world, await drafted(world, shop))
    bundle = await gathering(world)(tenant_of(shop), document.document_id)
    assert REQUEST in bundle
    assert problems(bundle) == []
