// The requests of the page. Init data travels in a body, never in a URL, as URLs are logged.

const PATIENCE_MS = 10_000;
const REASONS = { 401: "expired", 403: "uninvited", 404: "gone" };
let person = {};

/** A request that came to nothing. `reason`: "offline", "expired", "uninvited", "gone" or "failed". */
export class Refusal extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Says once whose requests these are, and the language of what they are answered with. */
export function identify(initData, language) {
  person = { init_data: initData, language };
}

/** @returns {Promise<{id: string, name: string, tagline: string, avatar_url: string, tags: string[]}[]>} */
export async function fetchCharacters() {
  const { characters } = await request(`api/characters?lang=${person.language}`);
  if (!Array.isArray(characters) || !characters.every(isCharacter)) throw new Refusal("failed");
  return characters;
}

function isCharacter(found) {
  return typeof found?.id === "string" && typeof found.name === "string";
}

/** The person's own: the character they talk with now, and those they chose lately, newest first. */
export async function fetchMe() {
  const { character_id: current = null, recent = [] } = await send("api/me");
  return { current, recent };
}

/** @returns {Promise<{greetings: string[], notes: string, creator: string}>} beside what the list tells */
export function fetchCharacter(id) {
  return send("api/character", { character_id: id });
}

export async function choose(id) {
  await send("api/select", { character_id: id });
}

function send(path, body = {}) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...person, ...body }),
  });
}

async function request(path, options) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, { ...options, signal: patience.signal });
    if (!response.ok) throw new Refusal(REASONS[response.status] ?? "failed");
    return await response.json();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(navigator.onLine ? "failed" : "offline");
  } finally {
    clearTimeout(timer);
  }
}
