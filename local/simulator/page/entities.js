// Turns message entities into elements. Offsets are UTF-16 units, as in JavaScript's strings.
import { element } from "./elements.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote", spoiler: "span", url: "a", text_link: "a", email: "a", bot_command: "a",
  mention: "a", hashtag: "a",
};

// Calls `follow(kind, value)` when a command or a link is clicked.
export function renderText(text, entities, follow) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return renderRange(text, 0, text.length, sorted, follow);
}

function renderRange(text, start, end, entities, follow) {
  const fragment = document.createDocumentFragment();
  let position = start;
  while (entities.length) {
    const [entity, ...rest] = entities;
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    const inside = rest.filter((each) => each.offset < to);
    entities = rest.filter((each) => each.offset >= to);
    if (from >= to) continue;
    fragment.append(text.slice(position, from));
    fragment.append(wrap(entity, text.slice(from, to), renderRange(text, from, to, inside, follow), follow));
    position = to;
  }
  fragment.append(text.slice(position, end));
  return fragment;
}

function wrap(entity, covered, content, follow) {
  const made = element(TAGS[entity.type] ?? "span", {}, content);
  if (entity.type === "spoiler") hide(made);
  if (entity.type === "expandable_blockquote") fold(made);
  if (entity.type === "pre" && entity.language) made.dataset.language = entity.language;
  if (made.tagName === "A") link(made, entity, covered, follow);
  return made;
}

function hide(spoiler) {
  spoiler.className = "spoiler";
  spoiler.tabIndex = 0;
  spoiler.role = "button";
  const reveal = () => spoiler.classList.add("revealed");
  spoiler.onclick = reveal;
  spoiler.onkeydown = (event) => { if (event.key === "Enter") reveal(); };
}

function fold(quote) {
  quote.className = "expandable";
  quote.tabIndex = 0;
  quote.onclick = () => quote.classList.toggle("expanded");
  quote.onkeydown = (event) => { if (event.key === "Enter") quote.classList.toggle("expanded"); };
}

function link(anchor, entity, covered, follow) {
  const address = entity.url ?? (entity.type === "email" ? `mailto:${covered}` : covered);
  const href = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
  const leaves = ["url", "text_link", "email"].includes(entity.type) && /^(https?|mailto|tg):/i.test(href);
  Object.assign(anchor, leaves ? { href, target: "_blank", rel: "noopener noreferrer" } : { href: "#" });
  anchor.onclick = (event) => {
    if (!leaves) event.preventDefault();
    if (entity.type === "bot_command") follow("command", covered);
    else if (leaves && follow("link", href)) event.preventDefault();
  };
}
