// The buttons that the client draws around the page, and whether it asks before it closes the page.

import { post } from "./protocol.js";

/**
 * @param main `{text, isBusy, isActive}`; null hides the button
 * @param isUnsaved the client then asks before it closes the page
 */
export function showButtons({ hasBack, main, isUnsaved }) {
  post("web_app_setup_back_button", { is_visible: hasBack });
  showMain(main);
  post("web_app_setup_closing_behavior", { need_confirmation: isUnsaved });
}

function showMain(button) {
  post("web_app_setup_main_button", {
    is_visible: button !== null,
    is_active: button !== null && button.isActive !== false && !button.isBusy,
    is_progress_visible: Boolean(button?.isBusy),
    text: button?.text ?? "",
    ...colours(),
  });
}

function colours() {
  const theme = getComputedStyle(document.documentElement);
  const [color, text] = ["button", "button-text"].map((name) => theme.getPropertyValue(`--tg-theme-${name}-color`));
  return color && text ? { color, text_color: text } : {};
}
