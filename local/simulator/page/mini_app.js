// A Mini App in its sheet. The page and the app exchange Telegram Web's messages only:
// JSON texts {eventType, eventData} between the frame and its parent.
import { element, icon, label } from "./elements.js";
import { t } from "./texts.js";
import { themeParams } from "./theme.js";

const VERSION = "9.6";
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-downloads";
let sheet = null;

export function openMiniApp({ url, initData, botName, onLink, onClose }) {
  sheet?.remove();
  sheet = new Sheet({ url, initData, botName, onLink, onClose });
}

export const closeMiniApp = () => sheet?.remove();

export const tellTheme = () => sheet?.tell("theme_changed", { theme_params: themeParams() });

function launchAddress(url, initData) {
  const launch = new URLSearchParams({
    tgWebAppData: initData, tgWebAppVersion: VERSION, tgWebAppPlatform: "weba",
    tgWebAppThemeParams: JSON.stringify(themeParams()),
  });
  return `${url}${url.includes("#") ? "&" : "#"}${launch.toString().replaceAll("+", "%20")}`;
}

class Sheet {
  constructor({ url, initData, botName, onLink, onClose }) {
    Object.assign(this, { onLink, onClose, askFirst: false, expanded: false, opener: document.activeElement });
    this.build(botName);
    this.listener = ({ source, data }) => { if (source === this.frame.contentWindow) this.hear(data); };
    this.resized = new ResizeObserver(() => this.tellViewport());
    window.addEventListener("message", this.listener);
    this.frame.src = launchAddress(url, initData);
    document.body.append(this.overlay);
    this.overlay.showModal();
    this.resized.observe(this.frame);
  }

  build(botName) {
    this.frame = element("iframe", { className: "mini-app-frame", title: botName, allow: "clipboard-write; fullscreen" });
    this.frame.sandbox.add(...SANDBOX.split(" "));
    this.back = element("button", { type: "button", className: "icon-button", onclick: () => this.backOrClose() });
    label(this.back, "close", t("close"));
    const reload = element("button", { type: "button", className: "icon-button", onclick: () => this.tell("reload_iframe") });
    label(reload, "reload", "↻");
    this.main = this.nativeButton("main_button_pressed");
    this.secondary = this.nativeButton("secondary_button_pressed");
    this.loading = element("div", { className: "mini-app-loading" }, icon("masks"));
    const title = element("div", {}, element("strong", { text: botName }), element("small", { text: t("miniApp") }));
    this.overlay = element("dialog", { className: "mini-app", ariaLabel: botName },
      element("header", {}, this.back, title, reload),
      element("div", { className: "mini-app-body" }, this.frame, this.loading),
      element("footer", { hidden: true }, this.secondary, this.main));
    this.overlay.oncancel = (event) => (event.preventDefault(), this.close());
    this.overlay.onclick = (event) => { if (event.target === this.overlay) this.close(); };
  }

  nativeButton(pressed) {
    return element("button", { type: "button", hidden: true, onclick: () => this.tell(pressed) });
  }

  hear(data) {
    let message;
    try { message = JSON.parse(data); } catch { return; }
    const { eventType, eventData } = message ?? {};
    ANSWERS[eventType]?.(this, eventData ?? {});
  }

  tell(eventType, eventData = null) {
    this.frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }

  tellViewport() {
    const { width, height } = this.frame.getBoundingClientRect();
    this.tell("viewport_changed", { width, height, is_state_stable: true, is_expanded: this.expanded });
  }

  backOrClose() {
    if (this.backShown) this.tell("back_button_pressed");
    else this.close();
  }

  setBack(visible) {
    this.backShown = visible;
    label(this.back, visible ? "back" : "close", t(visible ? "back" : "close"));
  }

  setNativeButton(button, state) {
    Object.assign(button, { hidden: !state.is_visible || !state.text?.trim(), disabled: !state.is_active });
    button.replaceChildren(state.is_progress_visible ? element("span", { className: "spinner" }) : state.text ?? "");
    button.ariaLabel = state.text ?? "";
    button.style.backgroundColor = state.color ?? "";
    button.style.color = state.text_color ?? "";
    this.overlay.querySelector("footer").hidden = this.main.hidden && this.secondary.hidden;
  }

  popup({ title, message, buttons = [] }) {
    const box = element("dialog", { className: "alert" },
      title ? element("strong", { text: title }) : null, element("p", { text: message }));
    const choose = (id) => {
      box.remove();
      this.tell("popup_closed", id === null ? {} : { button_id: id });
    };
    for (const { id, type, text } of buttons) {
      const words = text || { ok: t("ok"), close: t("close"), cancel: t("cancel") }[type] || t("ok");
      box.append(element("button", { type: "button", text: words, onclick: () => choose(id ?? "") }));
    }
    box.oncancel = () => choose(null);
    this.overlay.append(box);
    box.showModal();
  }

  close() {
    if (!this.askFirst || confirm(t("leave"))) this.remove();
  }

  remove() {
    window.removeEventListener("message", this.listener);
    this.resized.disconnect();
    this.overlay.remove();
    this.opener?.focus?.();
    sheet = null;
    this.onClose?.();
  }
}

const NO_INSET = { top: 0, bottom: 0, left: 0, right: 0 };

const ANSWERS = {
  iframe_ready: (app) => app.tell("theme_changed", { theme_params: themeParams() }),
  iframe_will_reload: (app) => { app.loading.hidden = false; },
  web_app_ready: (app) => { app.loading.hidden = true; },
  web_app_expand: (app) => {
    app.expanded = true;
    app.overlay.classList.add("expanded");
    app.tellViewport();
  },
  web_app_close: (app) => app.remove(),
  web_app_request_theme: (app) => app.tell("theme_changed", { theme_params: themeParams() }),
  web_app_request_viewport: (app) => app.tellViewport(),
  web_app_request_safe_area: (app) => app.tell("safe_area_changed", NO_INSET),
  web_app_request_content_safe_area: (app) => app.tell("content_safe_area_changed", NO_INSET),
  web_app_setup_back_button: (app, { is_visible }) => app.setBack(Boolean(is_visible)),
  web_app_setup_main_button: (app, state) => app.setNativeButton(app.main, state),
  web_app_setup_secondary_button: (app, state) => app.setNativeButton(app.secondary, state),
  web_app_setup_closing_behavior: (app, { need_confirmation }) => { app.askFirst = Boolean(need_confirmation); },
  web_app_set_background_color: (app, { color }) => { app.frame.style.backgroundColor = color ?? ""; },
  web_app_set_header_color: (app, { color, color_key }) => {
    app.overlay.querySelector("header").style.backgroundColor = color ?? themeParams()[color_key] ?? "";
  },
  web_app_set_bottom_bar_color: (app, { color }) => {
    app.overlay.querySelector("footer").style.backgroundColor = color ?? "";
  },
  web_app_trigger_haptic_feedback: () => navigator.vibrate?.(10),
  web_app_open_link: (app, { url }) => { if (/^https?:/i.test(url)) window.open(url, "_blank", "noopener"); },
  web_app_open_tg_link: (app, { path_full }) => {
    app.remove();
    app.onLink(`https://t.me${path_full}`);
  },
  web_app_open_popup: (app, request) => app.popup(request),
};
