/**
 * One open document: its descriptor on the server, its model, its windows, its undo stack.
 *
 * Everything that changes a document goes through `apply`; everything that is told about it comes in by `receive`. No React, no DOM.
 */
import { isRecord, type CellValue, type DocAction, type TableData, type UserAction } from "../api/codec";
import { ServerError, type GristSocket, type Push } from "../api/socket";
import { Emitter } from "./emitter";
import { Metadata } from "./meta";
import { DocumentModel } from "./model";
import { WindowRows, type WindowChange, type WindowRequest } from "./rows";
import { UndoStack, type ActionGroup } from "./undo";

export interface ApplyResult {
  readonly actionNum: number;
  readonly retValues: readonly unknown[];
}

export interface DocumentUser {
  readonly name: string;
  readonly access: string;
}

/** What listeners are told. "meta": the model; "history": undo and redo; "reopened": everything. */
export type SessionEvent = "meta" | "history" | "reopened" | "closed";

type Call = Pick<GristSocket, "call">;

export class DocumentSession {
  readonly events = new Emitter<SessionEvent>();
  readonly undoStack = new UndoStack();
  model: DocumentModel = new DocumentModel(new Metadata());
  user: DocumentUser = { name: "", access: "" };
  /** Grows with every event. */
  revision = 0;
  #descriptor: number | null = null;
  #windows = new Set<WindowRows>();
  #opening: Promise<void> | null = null;
  #early: Push[] = [];

  constructor(
    readonly docId: string,
    readonly socket: Call,
  ) {
    this.events.subscribe(() => this.revision++);
  }

  /** Whether the person may edit. */
  get canEdit(): boolean {
    return this.user.access === "owners" || this.user.access === "editors";
  }

  /** Opens the document; again after the server has forgotten us. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    const again = this.#descriptor !== null;
    this.#descriptor = null;
    const answer = await this.socket.call("openDoc", this.docId, { windows: true });
    if (!isRecord(answer) || typeof answer["docFD"] !== "number") throw new Error("the server gave no document");
    this.#descriptor = answer["docFD"];
    this.model = new DocumentModel(Metadata.fromOpenDoc(answer["doc"] as Record<string, TableData>));
    const user = isRecord(answer["user"]) ? answer["user"] : {};
    this.user = { name: String(user["Name"] ?? ""), access: String(user["Access"] ?? "") };
    for (const push of this.#early.splice(0)) this.receive(push);
    if (again) await Promise.all([...this.#windows].map((rows) => rows.open()));
    this.events.emit("reopened");
  }

  close(): void {
    for (const rows of this.#windows) rows.close();
    this.#windows.clear();
    if (this.#descriptor !== null) this.socket.call("closeDoc", this.#descriptor).catch(() => undefined);
    this.#descriptor = null;
    this.events.emit("closed");
  }

  /** Calls a method on this document, e.g. `call("autocomplete", …)`. */
  async call(method: string, ...args: unknown[]): Promise<unknown> {
    // Windows that are opened again call while the opening is still under way, but the document is there.
    if (this.#descriptor === null && this.#opening) await this.#opening;
    if (this.#descriptor === null) throw new ServerError("the document is closed", "CONNECTION_LOST", null, null);
    return await this.socket.call(method, this.#descriptor, ...args);
  }

  /** Applies user actions as one step of the history. */
  async apply(actions: readonly UserAction[], options: { desc?: string; parseStrings?: boolean; linkId?: number } = {}): Promise<ApplyResult> {
    return (await this.call("applyUserActions", actions, options)) as ApplyResult;
  }

  undo(): Promise<boolean> {
    return this.#timeTravel("undo");
  }

  redo(): Promise<boolean> {
    return this.#timeTravel("redo");
  }

  async #timeTravel(direction: "undo" | "redo"): Promise<boolean> {
    const step = await this.undoStack[direction](async (nums, hashes, undo, options) => {
      await this.call("applyUserActionsById", nums, hashes, undo, options);
    });
    this.events.emit("history");
    return step !== null;
  }

  openWindow(request: WindowRequest): WindowRows {
    const rows = new WindowRows(this, request);
    this.#windows.add(rows);
    void rows.open();
    return rows;
  }

  closeWindow(rows: WindowRows): void {
    rows.close();
    this.#windows.delete(rows);
  }

  /** The traceback of an error cell: the whole encoded error. */
  async formulaError(tableId: string, colId: string, rowId: number): Promise<CellValue> {
    return (await this.call("getFormulaError", tableId, colId, rowId)) as CellValue;
  }

  async distinctValues(tableId: string, colId: string, limit: number): Promise<{ values: [CellValue, number][]; more: boolean }> {
    return (await this.call("distinctValues", tableId, colId, limit)) as { values: [CellValue, number][]; more: boolean };
  }

  async searchColumn(tableId: string, colId: string, text: string, limit: number): Promise<{ rowId: number; label: CellValue }[]> {
    const answer = (await this.call("searchColumn", tableId, colId, text, limit)) as { rows: [number, CellValue][] };
    return answer.rows.map(([rowId, label]) => ({ rowId, label }));
  }

  /** Takes a message that the server sent by itself. */
  receive(push: Push): void {
    if (this.#descriptor === null) {
      if (this.#opening) this.#early.push(push);
      return;
    }
    if (push.docFD !== this.#descriptor) return;
    if (push.type === "docUserAction") this.#receiveActions(push);
    else if (push.type === "windowChange") this.#receiveWindowChange(push.data as WindowChange);
    else if (push.type === "docShutdown") void this.open().catch(() => this.events.emit("closed"));
  }

  #receiveActions(push: Push): void {
    const { docActions, actionGroup } = push.data as { docActions: DocAction[]; actionGroup: ActionGroup };
    let metaChanged = false;
    for (const action of docActions) {
      if (this.model.meta.apply(action)) metaChanged = true;
      else for (const rows of this.#windows) rows.apply(action);
    }
    if (push.fromSelf === true) {
      this.undoStack.record(actionGroup);
      this.events.emit("history");
    }
    if (metaChanged) this.events.emit("meta");
  }

  #receiveWindowChange(change: WindowChange): void {
    for (const rows of this.#windows) if (rows.windowId === change.windowId) rows.applyChange(change);
  }
}
