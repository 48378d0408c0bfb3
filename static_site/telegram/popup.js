// A question that the client asks in a window of its own.

import { on, post } from "./protocol.js";

/** @returns {Promise<boolean>} whether the person pressed the button that does it */
export function confirmed({ title, message, action }) {
  return new Promise((answered) => {
    on("popup_closed", ({ button_id: id }) => answered(id === "do"));
    post("web_app_open_popup", { title, message, buttons: [{ id: "do", type: "destructive", text: action }, { type: "cancel" }] });
  });
}
