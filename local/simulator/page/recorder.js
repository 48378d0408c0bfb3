// A voice message from the microphone. It is sent as WAV, because each browser records in a format of its own.
import { element, label } from "./elements.js";
import { t } from "./texts.js";

const RATE = 16_000; // samples a second, enough for speech
const MAX_S = 600;
const byId = (id) => document.getElementById(id);

export class Recorder {
  // `on`: send(file), refused(words), changed().
  constructor(on) {
    this.on = on;
    this.bar = byId("recording");
    this.time = element("span", { className: "time", role: "timer" });
    this.drop = element("button", { type: "button", className: "icon-button", onclick: () => this.end(false) });
    this.bar.replaceChildren(this.drop, element("span", { className: "dot" }), this.time);
  }

  get isOn() {
    return Boolean(this.recorder);
  }

  async start() {
    if (this.isOn || this.isAsking) return;
    this.isAsking = true;
    try {
      // There are no media devices on a page that came over plain HTTP from another machine.
      this.begin(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch {
      this.on.refused(t("noMicrophone"));
    } finally {
      this.isAsking = false;
    }
  }

  begin(stream) {
    const parts = [];
    this.recorder = new MediaRecorder(stream);
    this.recorder.ondataavailable = ({ data }) => parts.push(data);
    this.recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      if (this.isWanted) asWav(new Blob(parts)).then(this.on.send, () => this.on.refused(t("noSound")));
    };
    this.recorder.start();
    this.began = performance.now();
    this.timer = setInterval(() => this.tick(), 200);
    label(this.drop, "close", t("cancel"));
    this.tick();
    this.show();
  }

  tick() {
    const seconds = Math.floor((performance.now() - this.began) / 1000);
    this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= MAX_S) this.end(true);
  }

  end(isWanted) {
    if (!this.isOn) return;
    clearInterval(this.timer);
    this.isWanted = isWanted;
    this.recorder.stop();
    this.recorder = undefined;
    this.show();
  }

  show() {
    this.bar.hidden = !this.isOn;
    this.on.changed();
  }
}

async function asWav(recorded) {
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await recorded.arrayBuffer());
  const samples = Int16Array.from(sound.getChannelData(0), (value) => Math.max(-1, Math.min(1, value)) * 32_767);
  const header = new DataView(new ArrayBuffer(44));
  const put = (at, word) => [...word].forEach((letter, place) => header.setUint8(at + place, letter.charCodeAt(0)));
  put(0, "RIFF");
  header.setUint32(4, 36 + samples.byteLength, true);
  put(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // whole numbers
  header.setUint16(22, 1, true); // one channel
  header.setUint32(24, RATE, true);
  header.setUint32(28, 2 * RATE, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true); // bits a sample
  put(36, "data");
  header.setUint32(40, samples.byteLength, true);
  return new File([header, samples], "voice.wav", { type: "audio/wav" });
}
