// The line to the simulator. It comes back by itself; whoever sits here enters anew each time.
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

  // False when the line is down: the caller keeps what it wanted to say.
  send(request) {
    if (this.line?.readyState !== WebSocket.OPEN) return false;
    this.line.send(JSON.stringify(request));
    return true;
  }
}
