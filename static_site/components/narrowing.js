// The search field and the tags above a list of characters.

import { SearchIndex } from "../search.js";
import { filled } from "../texts/filled.js";
import { searchField } from "./search_field.js";
import { tagFilter } from "./tag_filter.js";

/**
 * @param texts `{search, clear, tags, found}`
 * @param narrowed called with the characters that are left, and whether any words or tags narrow them
 */
export function narrowing(texts, narrowed) {
  let index = new SearchIndex([]);
  let words = "";
  let tags = [];
  const narrow = () => narrowed(index.find(words, tags), words.trim() !== "" || tags.length > 0);
  const filter = tagFilter({ label: texts.tags, changed: (pressed) => (tags = pressed, narrow()) });
  const field = searchField({ label: texts.search, clear: texts.clear, changed: (typed) => (words = typed, narrow()) });
  return {
    elements: [field, filter.element],
    show(characters) {
      index = new SearchIndex(characters);
      filter.show(characters);
      narrow();
    },
    foundWords: (count) => filled(texts.found, { count }),
  };
}
