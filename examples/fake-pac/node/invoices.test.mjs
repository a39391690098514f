// What a client in Node does when the PAC has a bad day. Run: node --test examples/fake-pac/node/invoices.test.mjs
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, test } from "node:test";
import { FakePac } from "./fake_pac.mjs";

const INVOICE = JSON.parse(await readFile(new URL("../invoice.json", import.meta.url), "utf8"));
let pac;

before(async () => {
  pac = await FakePac.start();
});
after(() => pac.stop());
beforeEach(() => pac.reset());

// The client under test: a real one would be your own module.
async function call(method, path, body) {
  const answer = await fetch(pac.apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${pac.token}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const numbered = (number) => ({
  ...INVOICE,
  information: { ...INVOICE.information, numeration: String(number).padStart(10, "0") },
});

test("an invoice is authorised by the PAC and then by the DGI", async () => {
  const posted = await call("POST", "/invoices", INVOICE);
  assert.equal(posted.body.document.legalStatus, "PAC_AUTHORIZED");
  await pac.advance(2);
  const shown = await call("GET", `/invoices/${posted.body.document.id}`);
  assert.equal(shown.body.document.legalStatus, "DGI_AUTHORIZED");
  assert.equal(shown.body.document.cufe.length, 66);
});

test("an accepted invoice whose answer is lost is there once", async () => {
  await pac.fault("drop_after_accept", { nth: [1] });
  await assert.rejects(call("POST", "/invoices", INVOICE));
  const again = await call("POST", "/invoices", INVOICE);
  assert.equal(again.status, 400);
  assert.equal(again.body.errors[0].code, "1002");
  assert.equal((await pac.documents()).length, 1);
});

test("a PAC that is down half of the time still takes every number once", async () => {
  await pac.fault("error_503_before", { rate: 0.5 });
  for (let number = 1; number <= 10; number++) {
    while ((await call("POST", "/invoices", numbered(number))).status === 503);
  }
  const numbers = (await pac.documents()).map((document) => Number(document.numeration));
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
