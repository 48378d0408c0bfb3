// A text that the model suggests for a field: asked for, then looked for until it is there.

import { fetchSuggestion, suggest } from "./api.js";

const EVERY_MS = 1200;
const PATIENCE_MS = 60_000;

/** @returns {Promise<{text?: string, failure?: string}>} */
export async function suggested(field, form) {
  try {
    const id = await suggest(field, form);
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      await new Promise((later) => setTimeout(later, EVERY_MS));
      const found = await fetchSuggestion(id);
      if ("text" in found || "failure" in found) return found;
    }
    return { failure: "failed" };
  } catch ({ reason }) {
    return { failure: reason };
  }
}
