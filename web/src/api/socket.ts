/**
 * Grist's WebSocket protocol, client side: one connection for all open documents.
 *
 * Promises: every call ends with the server's answer or a `ServerError`; pushes arrive in order, none twice; a lost connection comes back by itself and
 * resumes where it stopped, or says with the state "reload" that documents must be opened again. It knows nothing of what documents hold.
 */
import { isRecord } from "./codec";

export type ConnectionState = "connecting" | "online" | "offline";

/** A message that the server sent by itself, e.g. `docUserAction`. */
export interface Push {
  readonly type: string;
  readonly docFD?: number;
  readonly fromSelf?: boolean;
  readonly data: unknown;
}

/** A request that the server refused, or that was lost with its connection. */
export class ServerError extends Error {
  constructor(
    message: string,
    /** Grist's code, e.g. "AUTH_NO_EDIT", or "CONNECTION_LOST". */
    readonly code: string | null,
    readonly status: number | null,
    readonly details: unknown,
  ) {
    super(message);
    this.name = "ServerError";
  }
}

export interface SocketEvents {
  push(message: Push): void;
  state(state: ConnectionState): void;
  /** The server has forgotten us: all descriptors are void. */
  reload(): void;
}

/** The parts of a WebSocket that are used, so that tests can hand in another one. */
export interface WebSocketLike {
  send(text: string): void;
  close(): void;
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
}

export interface SocketSetup {
  /** `ws(s)://host/o/docs/`. */
  readonly url: string;
  readonly timezone: string;
  readonly locale: string;
  readonly create?: (url: string) => WebSocketLike;
  readonly random?: () => number;
}

interface Waiting {
  readonly text: string;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: ServerError) => void;
}

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 15_000;
const HEARTBEAT_MS = 20_000;

export class GristSocket {
  #socket: WebSocketLike | null = null;
  #clientId: string | null = null;
  #lastSeqId: number | null = null;
  #greeted = false;
  #nextReqId = 1;
  #attempts = 0;
  #closed = false;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  readonly #waiting = new Map<number, Waiting>();
  readonly #unsent: number[] = [];

  constructor(
    readonly setup: SocketSetup,
    readonly events: SocketEvents,
  ) {}

  connect(): void {
    this.#closed = false;
    this.events.state("connecting");
    this.#open(true);
  }

  /** Closes for good; what is still waiting fails. */
  close(): void {
    this.#closed = true;
    this.#stopTimers();
    this.#socket?.close();
    this.#socket = null;
    this.#failAll("the page was closed");
  }

  /** Tries again now instead of waiting for the back-off. */
  retryNow(): void {
    if (this.#retryTimer === null) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    this.#open(false);
  }

  call(method: string, ...args: unknown[]): Promise<unknown> {
    const reqId = this.#nextReqId++;
    const text = JSON.stringify({ reqId, method, args });
    return new Promise((resolve, reject) => {
      this.#waiting.set(reqId, { text, resolve, reject });
      if (this.#socket && this.#greeted) this.#socket.send(text);
      else this.#unsent.push(reqId);
    });
  }

  #open(fresh: boolean): void {
    this.#retryTimer = null;
    this.#greeted = false;
    const address = new URL(this.setup.url);
    address.searchParams.set("clientId", this.#clientId ?? "");
    address.searchParams.set("newClient", fresh || this.#clientId === null ? "1" : "0");
    address.searchParams.set("counter", String(this.#attempts));
    address.searchParams.set("browserSettings", JSON.stringify({ timezone: this.setup.timezone, locale: this.setup.locale }));
    if (!fresh && this.#lastSeqId !== null) address.searchParams.set("lastSeqId", String(this.#lastSeqId));
    const socket = (this.setup.create ?? ((url: string) => new WebSocket(url)))(address.href);
    this.#socket = socket;
    socket.onmessage = (event) => {
      if (this.#socket === socket && typeof event.data === "string") this.#receive(event.data);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
    socket.onerror = null;
  }

  #lost(): void {
    this.#socket = null;
    this.#greeted = false;
    this.#stopTimers();
    if (this.#closed) return;
    this.events.state("offline");
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts);
    this.#attempts++;
    const wait = ceiling * (0.5 + (this.setup.random ?? Math.random)() / 2);
    this.#retryTimer = setTimeout(() => this.#open(false), wait);
  }

  #receive(text: string): void {
    const message: unknown = JSON.parse(text);
    if (!isRecord(message)) return;
    if (message["type"] === "clientConnect") {
      this.#greet(message);
      return;
    }
    if (typeof message["seqId"] === "number") {
      if (this.#lastSeqId !== null && message["seqId"] <= this.#lastSeqId) return;
      this.#lastSeqId = message["seqId"];
    }
    if (typeof message["reqId"] === "number") this.#answer(message["reqId"], message);
    else if (typeof message["type"] === "string") this.events.push(message as unknown as Push);
  }

  #greet(message: Record<string, unknown>): void {
    if (message["dup"] === true) return;
    if (typeof message["clientId"] === "string") this.#clientId = message["clientId"];
    if (message["needReload"] === true) {
      this.#startOver();
      return;
    }
    this.#attempts = 0;
    this.#greeted = true;
    const missed = Array.isArray(message["missedMessages"]) ? message["missedMessages"] : [];
    for (const text of missed) if (typeof text === "string") this.#receive(text);
    this.#failUnheard(message["lastReceivedReqId"]);
    for (const reqId of this.#unsent.splice(0)) {
      const waiting = this.#waiting.get(reqId);
      if (waiting) this.#socket?.send(waiting.text);
    }
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.events.state("online");
  }

  /** Requests that went out but never reached the server are sent again. */
  #failUnheard(lastReceived: unknown): void {
    if (typeof lastReceived !== "number" && lastReceived !== "none") return;
    const heard = lastReceived === "none" ? 0 : lastReceived;
    for (const reqId of this.#waiting.keys()) {
      if (reqId > heard && !this.#unsent.includes(reqId)) this.#unsent.push(reqId);
    }
  }

  /** The server can't resume: a new client, and the documents are opened again. */
  #startOver(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#clientId = null;
    this.#lastSeqId = null;
    this.#failAll("the server was restarted");
    this.events.reload();
    this.#open(true);
  }

  #answer(reqId: number, message: Record<string, unknown>): void {
    const waiting = this.#waiting.get(reqId);
    if (!waiting) return;
    this.#waiting.delete(reqId);
    if (typeof message["error"] !== "string") {
      waiting.resolve(message["data"]);
      return;
    }
    const code = typeof message["errorCode"] === "string" ? message["errorCode"] : null;
    const status = typeof message["status"] === "number" ? message["status"] : null;
    waiting.reject(new ServerError(message["error"], code, status, message["details"]));
  }

  #failAll(reason: string): void {
    this.#unsent.length = 0;
    for (const [reqId, waiting] of this.#waiting) {
      this.#waiting.delete(reqId);
      waiting.reject(new ServerError(reason, "CONNECTION_LOST", null, null));
    }
  }

  #beat(): void {
    this.#socket?.send(JSON.stringify({ beat: "alive", url: "", docId: null }));
  }

  #stopTimers(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }
}
