// Words with values in them.

/** Puts values in place of `{key}`. A value that looks like a key stays as it is. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (key, name) => values[name] ?? key);
}
