// Small pieces of the page: elements without markup in strings, and JSON in colours.
export const $ = (id) => document.getElementById(id);

export function element(tag, { text, kind, title, on, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  if (title) made.title = title;
  if (on) made.addEventListener("click", on);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function tell(place, text, kind = "") {
  place.textContent = text;
  place.classList.remove("good", "bad");
  if (kind) place.classList.add(kind);
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function showJson(place, value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, quoted, colon, word] = match;
    const kind = colon ? "name" : quoted ? "text" : word ? "word" : "number";
    pieces.push(text.slice(end, match.index), element("span", { kind, text: colon ? quoted : whole }), colon ?? "");
    end = match.index + whole.length;
  }
  place.replaceChildren(...pieces, text.slice(end));
}
