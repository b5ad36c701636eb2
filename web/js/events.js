// The daemon's events. EventSource comes back by itself after a lost connection; where it gives up (an answer that was no
// stream), it is begun anew. Whoever listens is told "open" each time: what was missed is fetched then.

const AGAIN_MS = 2000;

export class Events {
  /** hear(kind, data): alarm, camera_state, observation, resync, open, closed */
  constructor(hear) {
    this.hear = hear;
    this.types = "";
    this.source = null;
    this.timer = 0;
  }

  /** The same types: nothing happens. */
  listen(types) {
    if (this.types === types && this.source) return;
    this.types = types;
    this.begin();
  }

  /** Sooner than the browser would by itself. */
  nudge() {
    if (this.types && this.source?.readyState !== EventSource.OPEN) this.begin();
  }

  begin() {
    this.end();
    const source = new EventSource(`/api/v1/events?types=${this.types}`);
    this.source = source;
    for (const kind of ["alarm", "camera_state", "observation", "resync"])
      source.addEventListener(kind, (event) => this.hear(kind, JSON.parse(event.data)));
    source.onopen = () => this.hear("open", {});
    source.onerror = () => {
      this.hear("closed", {});
      if (source.readyState !== EventSource.CLOSED) return;
      this.end();
      this.timer = setTimeout(() => this.begin(), AGAIN_MS);
    };
  }

  end() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  stop() {
    this.types = "";
    this.end();
  }
}
