// The requests about a character's memory, in one topic of the chat.

import { send } from "./api.js";

/** @param topic of the chat, 0 for none */
export function memoriesOf(id, topic) {
  const ask = (path, more = {}) => send(`api/memory${path}`, { character_id: id, ...(topic ? { topic } : {}), ...more });
  return {
    /** @returns {Promise<{name: string, pinned: object[], facts: object[], summary: string}>} */
    all: () => ask("/show"),
    /** @returns {Promise<{lines: object[], next: number, is_whole: boolean}>} */
    search: (words, skip) => ask("/search", { words, skip }),
    /** @param fact the id of a fact that these words put right; without it they are new */
    pin: (words, fact) => ask("/pin", { words, ...(fact ? { fact } : {}) }),
    forget: (fact) => ask("/forget", { fact }),
    forgetTurn: (turn) => ask("/forget", { turn }),
    forgetAll: () => ask("/forget_all"),
    /** @param which `{turn}`, `{before}`, or nothing for the newest answer */
    why: (which) => ask("/why", which),
  };
}
