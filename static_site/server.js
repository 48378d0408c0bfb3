// The picker's three requests. Init data travels in a body, never in a URL, as URLs are logged.

const PATIENCE_MS = 10_000;
const REASONS = { 401: "expired", 404: "gone" };

/** A request that came to nothing. `reason`: "offline", "expired", "gone" or "failed". */
export class Refusal extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** @returns {Promise<{id: string, name: string, tagline: string, avatar_url: string, tags: string[]}[]>} */
export async function fetchCast(language) {
  const { characters } = await request(`api/characters?lang=${language}`);
  if (!Array.isArray(characters)) throw new Refusal("failed");
  return characters;
}

/** @returns {Promise<string | null>} the id of the character this person talks with now */
export async function fetchCurrent(initData) {
  return (await send("api/me", { init_data: initData })).character_id ?? null;
}

export async function choose(initData, characterId) {
  await send("api/select", { init_data: initData, character_id: characterId });
}

function send(path, body) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
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
