// Elements made in one go. Words go in as text, never as markup.

/**
 * @param properties of the element; `class` and `data` are short for className and dataset
 * @param children elements, texts, lists of them; false and null are left out
 */
export function element(tag, { class: className = "", data = {}, ...properties } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  Object.assign(made.dataset, data);
  Object.assign(made, properties);
  made.append(...children.flat().filter((child) => child || child === ""));
  return made;
}

/** One of the symbols in index.html. */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  drawing.setAttribute("class", "icon");
  drawing.ariaHidden = "true";
  use.setAttribute("href", `#${name}`);
  drawing.append(use);
  return drawing;
}
