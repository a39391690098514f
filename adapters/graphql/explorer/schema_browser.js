// The schema from introspection: operations and types, with search, descriptions and a written call for each operation.
import { $, element } from "./page.js";

const REFERENCE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const INPUT = `name description defaultValue isDeprecated deprecationReason type { ${REFERENCE} }`;
export const INTROSPECTION = `query Schema { __schema {
  queryType { name } mutationType { name }
  types { kind name description
    fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ${REFERENCE} }
      args(includeDeprecated: true) { ${INPUT} } }
    inputFields(includeDeprecated: true) { ${INPUT} }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } } } }`;

const firstSentence = (text) => (text ?? "").replaceAll("\n", " ").split(/(?<=[.;:]) /)[0];
const named = (type) => (type.ofType ? named(type.ofType) : type.name);
const isDemanded = (entry) => entry.type.kind === "NON_NULL" && entry.defaultValue === null;
const spelled = (type) =>
  type.kind === "NON_NULL" ? `${spelled(type.ofType)}!` : type.kind === "LIST" ? `[${spelled(type.ofType)}]` : type.name;

export class SchemaBrowser {
  constructor(place, words, onCall) {
    Object.assign(this, { place, words, onCall, types: new Map(), roots: [], open: null });
  }

  load(schema) {
    this.types = new Map(schema.types.filter((type) => !type.name.startsWith("__")).map((type) => [type.name, type]));
    this.roots = [["queries", "query", schema.queryType], ["mutations", "mutation", schema.mutationType]]
      .filter(([, , type]) => type)
      .map(([title, kind, type]) => ({ title, kind, type: this.types.get(type.name) }));
  }

  show(search) {
    const words = this.words();
    if (!this.types.size) return this.place.replaceChildren(element("p", { kind: "head", text: words.needKey }));
    if (this.open && !search) return this.place.replaceChildren(...this.page(this.open));
    const isRoot = (type) => this.roots.some((root) => root.type === type);
    const finds = (...texts) => texts.some((text) => (text ?? "").toLowerCase().includes(search.toLowerCase()));
    const groups = this.roots.map(({ title, kind, type }) => [words[title], type.fields
      .filter((field) => finds(field.name, field.description))
      .map((field) => this.entry(field.name, field.description, () => this.visit({ kind, field })))]);
    const parts = (type) => [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])];
    const types = [...this.types.values()].filter((type) => !isRoot(type) &&
      (finds(type.name, type.description) || (search && parts(type).some((part) => finds(part.name, part.description)))));
    groups.push([words.types, types.sort((a, b) => a.name.localeCompare(b.name))
      .map((type) => this.entry(type.name, type.description, () => this.visit({ type })))]);
    const shown = groups.filter(([, entries]) => entries.length)
      .flatMap(([title, entries]) => [element("h3", { text: title }), ...entries]);
    this.place.replaceChildren(...(shown.length ? shown : [element("p", { kind: "head", text: words.none })]));
  }

  visit(open) {
    this.open = open;
    $("search").value = "";
    this.show("");
    this.place.scrollTop = 0;
  }

  entry(name, about, on) {
    return element("button", { kind: "entry", on }, name, element("small", { text: firstSentence(about) }));
  }

  page({ type, kind, field }) {
    const subject = type ?? field;
    const head = element("div", { kind: "head" }, element("strong", { text: subject.name }),
      element("p", { text: subject.description ?? "" }));
    if (field) {
      head.append(element("p", {}, "→ ", this.link(field.type)),
        element("button", { text: this.words().use, on: () => this.onCall(this.call(kind, field)) }));
    }
    const parts = field ? field.args : [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])];
    const back = element("button", { kind: "entry", text: `← ${this.words().back}`, on: () => this.visit(null) });
    return [back, head, ...parts.map((part) => this.part(part))];
  }

  part(part) {
    const line = element("code", { text: part.name });
    const made = element("div", { kind: part.isDeprecated ? "part gone" : "part" }, line);
    if (part.type) made.append(": ", this.link(part.type));
    if (part.defaultValue != null) made.append(` = ${part.defaultValue}`);
    const gone = part.isDeprecated ? `${this.words().deprecated}${part.deprecationReason} ` : "";
    if (gone || part.description) made.append(element("small", { text: gone + (part.description ?? "") }));
    return made;
  }

  link(reference) {
    const type = this.types.get(named(reference));
    const text = spelled(reference);
    const leads = type && (type.fields || type.inputFields || type.enumValues || type.description);
    return leads ? element("button", { kind: "link", text, on: () => this.visit({ type }) }) : element("code", { text });
  }

  // A query for the newest of what a word names: <client> is found with clients. Null where there is no such query.
  newest(word) {
    const field = this.roots[0]?.type.fields.find((each) => each.name === `${word}s` && !each.args.some(isDemanded));
    const type = field && this.types.get(named(field.type));
    if (type?.name.endsWith("Connection")) return `{ ${field.name}(first: 1) { edges { node { id } } } }`;
    return type?.fields?.some((each) => each.name === "id") ? `{ ${field.name} { id } }` : null;
  }

  // A call of an operation: demanded arguments as variables, and what can be selected without going deep.
  call(kind, field) {
    const demanded = field.args.filter(isDemanded);
    const declared = demanded.map((each) => `$${each.name}: ${spelled(each.type)}`).join(", ");
    const passed = demanded.map((each) => `${each.name}: $${each.name}`).join(", ");
    const name = field.name[0].toUpperCase() + field.name.slice(1);
    const query = `${kind} ${name}${declared && `(${declared})`} {\n  ${field.name}${passed && `(${passed})`}${this.selection(field.type, "  ", 3)}\n}`;
    return { query, variables: Object.fromEntries(demanded.map((each) => [each.name, this.sample(each.type, each.name)])) };
  }

  selection(reference, indent, depth) {
    const type = this.types.get(named(reference));
    if (!type?.fields) return "";
    const inner = `${indent}  `;
    const lines = type.fields.filter((field) => !field.isDeprecated && !field.args.some(isDemanded)).flatMap((field) => {
      const isLeaf = !this.types.get(named(field.type))?.fields;
      if (isLeaf) return [`${inner}${field.name}`];
      const below = depth > 1 && ["edges", "node", "pageInfo", "errors"].includes(field.name) || depth === 3 && type.name.endsWith("Payload");
      return below ? [`${inner}${field.name}${this.selection(field.type, inner, depth - (field.name === "edges" ? 0 : 1))}`] : [];
    });
    return lines.length ? ` {\n${lines.join("\n")}\n${indent}}` : " { __typename }";
  }

  sample(reference, name = "") {
    if (name === "idempotencyKey") return `explorer-${Date.now()}`;
    if (reference.kind === "NON_NULL") return this.sample(reference.ofType);
    if (reference.kind === "LIST") return [this.sample(reference.ofType)];
    const type = this.types.get(reference.name);
    if (type?.enumValues) return type.enumValues[0].name;
    if (type?.inputFields)
      return Object.fromEntries(type.inputFields.filter(isDemanded).map((each) => [each.name, this.sample(each.type)]));
    const now = new Date().toISOString();
    return { Int: 1, Boolean: true, Decimal: "1.00", ID: "<id>", Date: now.slice(0, 10), DateTime: now }[reference.name] ?? "";
  }
}
