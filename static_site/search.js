// Finds characters by words and tags, in any case; ё is е, and é is e.

export function folded(text) {
  const plain = text.toLowerCase().replaceAll("ё", "е").normalize("NFD");
  // Only after Latin letters: in Russian, й without its mark would be another letter.
  return plain.replace(/([a-z])[\u0300-\u036f]+/g, "$1").normalize("NFC");
}

export class SearchIndex {
  constructor(characters) {
    this.entries = characters.map((character) => {
      const { name, tagline, tags = [], also = [] } = character;
      const foldedTags = tags.map(folded);
      const names = folded([name, ...also].join(" "));
      return { character, names: ` ${names}`, tags: foldedTags, all: [names, folded(tagline ?? ""), ...foldedTags].join("\n") };
    });
  }

  /** Those with all the words and all the tags; first those with a name that begins with the first word. */
  find(query, tags) {
    const words = folded(query).split(/\s+/).filter(Boolean);
    const found = this.entries.filter((entry) =>
      words.every((word) => entry.all.includes(word)) && tags.every((tag) => entry.tags.includes(tag)));
    const isNamed = ({ names }) => words.length > 0 && names.includes(` ${words[0]}`);
    return [...found.filter(isNamed), ...found.filter((entry) => !isNamed(entry))].map(({ character }) => character);
  }
}
