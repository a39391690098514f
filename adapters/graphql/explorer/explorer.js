// The page: a key, a query, its answer. It speaks to /graphql of the server that it came from, and to nobody else.
import { $, element, showJson, tell } from "./page.js";
import { INTROSPECTION, SchemaBrowser } from "./schema_browser.js";
import { WORDS } from "./words.js";

const ENDPOINT = "/graphql";
const VIEWER = "{ viewer { role tenant { name environment } } }";
const WORD = /^<(.+)>$/;

let examples = [];
let last = "";
let current = "";
const words = () => WORDS[$("language").value];
const browser = new SchemaBrowser($("schema"), words, write);

async function ask(query, variables = {}) {
  const key = $("key").value.trim();
  const answer = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": $("language").value, ...(key && { Authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: answer.status, text: await answer.text() };
}

function givenVariables() {
  return JSON.parse($("variables").value.trim() || "{}");
}

async function run() {
  let variables;
  try {
    variables = givenVariables();
  } catch {
    return tell($("status"), words().notJson, "bad");
  }
  tell($("status"), `${words().running} ...`);
  $("run").disabled = true;
  const began = performance.now();
  try {
    const { status, text } = await ask($("query").value, variables);
    const content = JSON.parse(text);
    const failed = content.errors || Object.values(content.data ?? {}).some((payload) => payload?.errors?.length);
    const took = `${status} · ${Math.round(performance.now() - began)} ms`;
    tell($("status"), failed ? `${took} · ${words().withErrors}` : took, failed ? "bad" : "good");
    last = JSON.stringify(content, null, 2);
    showJson($("result"), last);
  } catch {
    tell($("status"), words().away, "bad");
  } finally {
    $("run").disabled = false;
  }
}

function write({ query, variables, about = "", title = "" }) {
  $("query").value = query;
  $("variables").value = JSON.stringify(variables ?? {}, null, 2);
  tell($("about"), about);
  tell($("hint"), wordsIn(variables).length ? words().placeholders : "");
  current = title;
  showExamples();
}

function wordsIn(value) {
  if (value && typeof value === "object") return Object.values(value).flatMap(wordsIn);
  return typeof value === "string" && WORD.test(value) ? [WORD.exec(value)[1]] : [];
}

function filledIn(value, ids) {
  if (Array.isArray(value)) return value.map((entry) => filledIn(entry, ids));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, filledIn(entry, ids)]));
  const word = typeof value === "string" && WORD.exec(value)?.[1];
  return (word && ids[word]) || value;
}

async function fill() {
  try {
    const variables = givenVariables();
    const ids = {};
    for (const word of new Set(wordsIn(variables))) {
      const query = browser.newest(word);
      const [found] = query ? Object.values(JSON.parse((await ask(query)).text).data ?? {}) : [];
      ids[word] = (found?.edges?.[0]?.node ?? found?.[0])?.id;
    }
    const filled = filledIn(variables, ids);
    $("variables").value = JSON.stringify(filled, null, 2);
    const left = wordsIn(filled);
    tell($("hint"), left.length ? words().notFilled + left.join(", ") : words().filled, left.length ? "bad" : "");
  } catch {
    tell($("hint"), words().notJson, "bad");
  }
}

function showExamples() {
  const wanted = $("search").value.toLowerCase();
  const found = examples.filter((each) => `${each.title} ${each.about}`.toLowerCase().includes(wanted));
  const shown = found.flatMap((each, place) =>
    each.part === found[place - 1]?.part ? [offer(each)] : [element("h3", { text: each.part }), offer(each)]);
  $("examples").replaceChildren(...(shown.length ? shown : [element("p", { kind: "head", text: words().none })]));
}

function offer(example) {
  const isCurrent = example.title === current;
  const told = { kind: "entry", title: `${example.role} ${words().plus}`, "aria-current": String(isCurrent) };
  return element("button", { ...told, on: () => write(example) }, example.title, element("small", { text: example.about }));
}

async function lookAtKey() {
  sessionStorage.setItem("istmo-key", $("key").value.trim());
  browser.types.clear();
  try {
    if (!$("key").value.trim()) return tell($("viewer"), words().noKey);
    const { status, text } = await ask(VIEWER);
    if (status !== 200) return tell($("viewer"), words().badKey, "bad");
    const { role, tenant } = JSON.parse(text).data.viewer;
    tell($("viewer"), `${role} · ${tenant.name} · ${tenant.environment}`, "good");
    const schema = await ask(INTROSPECTION);
    if (schema.status === 200) browser.load(JSON.parse(schema.text).data.__schema);
  } catch {
    tell($("viewer"), words().away, "bad");
  } finally {
    browser.show($("search").value);
  }
}

function open(tab) {
  for (const name of ["examples", "schema"]) {
    $(name).hidden = name !== tab;
    $(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
  }
  $("search").value = "";
  search();
}

function search() {
  const isSchema = !$("schema").hidden;
  $("search").placeholder = isSchema ? words().searchSchema : words().searchExamples;
  if (isSchema) browser.show($("search").value);
  else showExamples();
}

function speak() {
  document.documentElement.lang = $("language").value;
  localStorage.setItem("istmo-language", $("language").value);
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = words()[place.dataset.text];
  search();
  return lookAtKey();
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  tell($("status"), words().copied, "good");
}

function asCurl() {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const body = JSON.stringify({ query: $("query").value, variables: givenVariables() });
  return `curl -s ${new URL(ENDPOINT, location.href)} -H "Authorization: Bearer $ISTMO_KEY" -H 'Content-Type: application/json' -H 'Accept-Language: ${$("language").value}' -d ${quoted(body)}`;
}

// A key in the address (#key=...) is never sent to a server, and is taken out of the address at once.
const inAddress = new URLSearchParams(location.hash.slice(1)).get("key");
if (inAddress) history.replaceState(null, "", location.pathname);
$("key").value = inAddress ?? sessionStorage.getItem("istmo-key") ?? "";
$("language").value = localStorage.getItem("istmo-language") ?? (navigator.language.startsWith("es") ? "es" : "en");
$("key").addEventListener("change", lookAtKey);
$("language").addEventListener("change", speak);
$("search").addEventListener("input", search);
$("run").addEventListener("click", run);
$("fill").addEventListener("click", fill);
$("copy").hidden = $("copy-curl").hidden = !navigator.clipboard; // not there on a plain http address
$("copy").addEventListener("click", () => copy(last));
$("copy-curl").addEventListener("click", () => copy(asCurl()));
$("tab-examples").addEventListener("click", () => open("examples"));
$("tab-schema").addEventListener("click", () => open("schema"));
document.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && run());
examples = await (await fetch(new URL("examples.json", import.meta.url))).json();
write(examples[0]);
await speak();
