// Builds elements with text as text, so that nothing a person or a model writes becomes markup.
const SVG = "http://www.w3.org/2000/svg";

export function element(tag, { text, dataset, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  Object.assign(made.dataset, dataset);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/chat/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export function label(button, iconName, text) {
  button.replaceChildren(icon(iconName));
  button.ariaLabel = text;
  button.title = text;
}

const AVATAR_COLOURS = 7;

export function fillAvatar(avatar, id, name) {
  avatar.textContent = [...(name || "?")][0].toUpperCase();
  avatar.dataset.colour = Math.abs(id) % AVATAR_COLOURS;
}

// A menu at the given point. It closes on a choice, a click elsewhere, or Escape.
export function openMenu(x, y, choices) {
  document.querySelector(".menu")?.remove();
  const menu = element("div", { className: "menu", role: "menu" });
  const leave = new AbortController();
  const close = () => (leave.abort(), menu.remove());
  for (const [iconName, text, act, dangerous] of choices) {
    const choose = () => (close(), act());
    const className = dangerous ? "menu-item dangerous" : "menu-item";
    menu.append(element("button", { type: "button", role: "menuitem", className, onclick: choose }, icon(iconName), text));
  }
  document.body.append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
  menu.firstElementChild.focus({ focusVisible: false });
  const outside = (event) => { if (!menu.contains(event.target)) close(); };
  const keys = (event) => { if (event.key === "Escape") close(); };
  setTimeout(() => document.addEventListener("pointerdown", outside, { signal: leave.signal }));
  document.addEventListener("keydown", keys, { signal: leave.signal });
}
