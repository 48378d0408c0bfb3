// The requests of the page. Init data travels in a body, never in a URL, as URLs are logged.

const PATIENCE_MS = 10_000;
// With a portrait, over a slow line.
const SAVING_PATIENCE_MS = 40_000;
const REASONS = { 401: "expired", 403: "uninvited", 404: "gone", 409: "not_now", 422: "invalid" };
let person = {};

/**
 * A request that came to nothing. `reason`: "offline", "expired", "uninvited", "gone", "not_now", "invalid" or "failed";
 * `details` is the server's answer.
 */
export class Refusal extends Error {
  constructor(reason, details = {}) {
    super(reason);
    Object.assign(this, { reason, details });
  }
}

/** Sets the person's init data and the language of the answers, once. */
export function identify(initData, language) {
  person = { init_data: initData, language };
}

/** @returns {Promise<{id: string, name: string, tagline: string, avatar_url: string, tags: string[]}[]>} */
export async function fetchCharacters() {
  const { characters } = await request(`api/characters?lang=${person.language}`, PATIENCE_MS);
  if (!Array.isArray(characters) || !characters.every(isCharacter)) throw new Refusal("failed");
  return characters;
}

function isCharacter(found) {
  return typeof found?.id === "string" && typeof found.name === "string";
}

/** The character that the person talks with now, those they chose lately, newest first, and those they made. */
export async function fetchMe() {
  const { character_id: current = null, recent = [], yours = [], may_make: mayMake = false } = await send("api/me");
  return { current, recent, yours, mayMake };
}

/** @returns {Promise<{greetings: string[], notes: string, creator: string}>} beside the facts in the list */
export function fetchCharacter(id) {
  return send("api/character", { character_id: id });
}

export async function choose(id) {
  await send("api/select", { character_id: id });
}

/** @returns {Promise<{form: object, avatar_url: string | null}>} */
export function fetchForm(id) {
  return send("api/form", { character_id: id });
}

/** Only so that it is counted: whether it arrives does not matter. */
export const noteNewForm = () => void send("api/form").catch(() => {});

/** @param character `{id, draft, form, portrait}`; without an id it is new, and a draft makes one character */
export function save({ id, draft, form, portrait }) {
  const body = { ...(id ? { character_id: id } : { draft }), form, ...(portrait ? { portrait } : {}) };
  return send("api/save", body, SAVING_PATIENCE_MS);
}

/** For a character of the person's own: the link, or the file, comes in the chat. */
export const share = (id, shared) => send("api/share", { character_id: id, shared });
export const exportCard = (id, as) => send("api/export", { character_id: id, as });
export const remove = (id) => send("api/delete", { character_id: id });

export async function suggest(field, form) {
  return (await send("api/suggest", { field, form })).suggestion_id;
}

/** @returns {Promise<{text?: string, failure?: string}>} empty until it is there */
export function fetchSuggestion(id) {
  return send("api/suggestion", { suggestion_id: id });
}

export function send(path, body = {}, patience = PATIENCE_MS) {
  return request(path, patience, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...person, ...body }),
  });
}

async function request(path, patience, options) {
  const aborting = new AbortController();
  const timer = setTimeout(() => aborting.abort(), patience);
  try {
    const response = await fetch(path, { ...options, signal: aborting.signal });
    if (!response.ok) throw new Refusal(REASONS[response.status] ?? "failed", await response.json().catch(() => ({})));
    return await response.json();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(navigator.onLine ? "failed" : "offline");
  } finally {
    clearTimeout(timer);
  }
}
