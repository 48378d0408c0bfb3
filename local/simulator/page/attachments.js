// Files of the person's own: chosen in a dialog or dropped on the page, and sent as they are or, pictures, as photos.
import { element, openMenu } from "./elements.js";
import { t } from "./texts.js";

// `refused` is told why the simulator did not take a file.
export class Attachments {
  constructor({ person, refused }) {
    this.person = person;
    this.refused = refused;
    this.input = element("input", { type: "file", hidden: true, ariaLabel: t("file") });
    this.input.onchange = () => {
      this.offer(this.input.files, innerWidth / 2, innerHeight / 2);
      this.input.value = "";
    };
    document.body.append(this.input);
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      this.offer(event.dataTransfer.files, event.clientX, event.clientY);
    });
  }

  choose() {
    this.input.click();
  }

  // Telegram asks whether a picture is sent as a photo, which makes a new picture of it.
  offer(files, x, y) {
    const [file] = files;
    if (!file) return;
    if (!file.type.startsWith("image/") || file.type === "image/gif") this.send(file);
    else openMenu(x, y, [["photo", t("asPhoto"), () => this.send(file, "photo")], ["document", t("asFile"), () => this.send(file)]]);
  }

  async send(file, as = "document") {
    const query = new URLSearchParams({ name: file.name, as });
    const headers = { "Content-Type": file.type || "application/octet-stream" };
    const answer = await fetch(`/chat/people/${this.person()}/files?${query}`, { method: "POST", body: file, headers });
    if (!answer.ok) this.refused(await answer.text());
  }
}
