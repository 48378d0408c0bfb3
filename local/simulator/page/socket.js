// The WebSocket to the simulator. It reconnects by itself, and the person enters again each time.
export class Socket {
  constructor({ onEvent, onState }) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.person = null;
  }

  enter(person) {
    this.person = person;
    if (this.line?.readyState === WebSocket.OPEN) this.send({ type: "enter", person });
    else if (!this.line) this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.line = new WebSocket(`${scheme}://${location.host}/chat/socket`);
    this.line.onopen = () => {
      this.onState(true);
      this.send({ type: "enter", person: this.person });
    };
    this.line.onmessage = ({ data }) => this.onEvent(JSON.parse(data));
    this.line.onclose = () => {
      this.onState(false);
      setTimeout(() => this.connect(), 1000);
    };
  }

  // Returns false if the connection is down, so that the caller keeps its text.
  send(request) {
    if (this.line?.readyState !== WebSocket.OPEN) return false;
    this.line.send(JSON.stringify(request));
    return true;
  }
}
