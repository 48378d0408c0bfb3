// Drafts of characters, kept on this device until they are saved. Several accounts of a device share its storage.

export class Draft {
  /** @param characterId null for a new character */
  constructor(personId, characterId) {
    this.key = `troupe:draft:${personId}:${characterId ?? "new"}`;
  }

  /** @returns `{id, form, portrait}`, or null if there is none */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  /** @returns {boolean} whether it is kept: storage may be full, or closed to this frame */
  keep(draft) {
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
      return true;
    } catch {
      return this.#keepWithoutPortrait(draft);
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // There was none.
    }
  }

  #keepWithoutPortrait({ portrait, ...draft }) {
    if (!portrait) return false;
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      // As above.
    }
    return false;
  }
}
