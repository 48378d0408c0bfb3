// A character's words, shown as a message in the chat.

import { element } from "../elements.js";

// As in the chat: **bold** and *actions*. Other marks are rare in greetings and stay as they are.
const MARKS = /\*\*(?=\S)([^*]+?)\*\*|(?<!\*)\*(?=\S)([^*\n]+?)\*(?!\*)/g;
const NAMES = /\{\{(char|user)\}\}|<(bot|char|user)>/gi;

/** Puts the two names in place of {{char}} and {{user}}. */
export function named(text, { char, user }) {
  return text.replace(NAMES, (macro) => (/user/i.test(macro) ? user : char));
}

export function bubble(text) {
  return element("p", { class: "bubble", dir: "auto" }, formatted(text));
}

export function formatted(text) {
  const parts = [];
  let end = 0;
  for (const { 0: whole, 1: bold, 2: action, index } of text.matchAll(MARKS)) {
    parts.push(text.slice(end, index), element(bold ? "b" : "i", { textContent: bold ?? action }));
    end = index + whole.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}
