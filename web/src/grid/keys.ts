/**
 * The keyboard: which command a key asks for. The keys are those of Grist, with Control for Command on other systems than Mac, and those that
 * the ARIA Authoring Practices give a grid. Control with `=` and `+` stays the browser's: people need it to enlarge the page.
 */

export type Command =
  | "cursorDown" | "cursorUp" | "cursorRight" | "cursorLeft" | "nextField" | "prevField" | "pageDown" | "pageUp"
  | "moveToFirstRecord" | "moveToLastRecord" | "moveToFirstField" | "moveToLastField" | "moveToFirstCell" | "moveToLastCell"
  | "shiftDown" | "shiftUp" | "shiftRight" | "shiftLeft" | "shiftPageDown" | "shiftPageUp" | "shiftHome" | "shiftEnd"
  | "ctrlShiftDown" | "ctrlShiftUp" | "ctrlShiftRight" | "ctrlShiftLeft" | "selectAll" | "selectRow" | "selectColumn" | "cancel"
  | "editField" | "clearValues" | "fillSelectionDown" | "makeFormula" | "insertCurrentDate" | "insertCurrentDateTime" | "viewAsCard" | "explainError"
  | "insertRecordBefore" | "insertRecordAfter" | "duplicateRows" | "deleteRecords"
  | "insertFieldBefore" | "insertFieldAfter" | "renameField" | "hideFields" | "deleteFields"
  | "moveFieldLeft" | "moveFieldRight" | "widenField" | "narrowField" | "sortAsc" | "sortDesc"
  | "openContextMenu" | "openColumnMenu" | "openRowMenu" | "copy" | "cut" | "paste";

/** What of a key event matters. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** The character of AltGr and the like is being typed. */
  readonly altGraph?: boolean;
  readonly code?: string;
}

/** `m`: Control, or Command on a Mac; `c`: Control itself; `s`: Shift; `a`: Alt; in this order. */
const KEYS: Record<string, Command> = {
  "ArrowDown": "cursorDown",
  "ArrowUp": "cursorUp",
  "ArrowRight": "cursorRight",
  "ArrowLeft": "cursorLeft",
  "Tab": "nextField",
  "s Tab": "prevField",
  "PageDown": "pageDown",
  "PageUp": "pageUp",
  "m ArrowUp": "moveToFirstRecord",
  "m ArrowDown": "moveToLastRecord",
  "Home": "moveToFirstField",
  "End": "moveToLastField",
  "m Home": "moveToFirstCell",
  "m End": "moveToLastCell",
  "s ArrowDown": "shiftDown",
  "s ArrowUp": "shiftUp",
  "s ArrowRight": "shiftRight",
  "s ArrowLeft": "shiftLeft",
  "s PageDown": "shiftPageDown",
  "s PageUp": "shiftPageUp",
  "s Home": "shiftHome",
  "s End": "shiftEnd",
  "ms ArrowDown": "ctrlShiftDown",
  "ms ArrowUp": "ctrlShiftUp",
  "ms ArrowRight": "ctrlShiftRight",
  "ms ArrowLeft": "ctrlShiftLeft",
  "m a": "selectAll",
  "s  ": "selectRow",
  "c  ": "selectColumn",
  "Escape": "cancel",
  "Enter": "editField",
  "F2": "editField",
  "Delete": "clearValues",
  "Backspace": "clearValues",
  "m d": "fillSelectionDown",
  "m ;": "insertCurrentDate",
  "ms ;": "insertCurrentDateTime",
  "ms :": "insertCurrentDateTime",
  " ": "viewAsCard",
  "a Enter": "explainError",
  "ms Enter": "insertRecordBefore",
  "m Enter": "insertRecordAfter",
  "ms d": "duplicateRows",
  "m Backspace": "deleteRecords",
  "m Delete": "deleteRecords",
  "sa =": "insertFieldBefore",
  "sa +": "insertFieldBefore",
  "a =": "insertFieldAfter",
  "c m": "renameField",
  "sa -": "hideFields",
  "sa _": "hideFields",
  "a -": "deleteFields",
  "sa ArrowLeft": "moveFieldLeft",
  "sa ArrowRight": "moveFieldRight",
  "sa ArrowUp": "widenField",
  "sa ArrowDown": "narrowField",
  "ContextMenu": "openContextMenu",
  "s F10": "openContextMenu",
  "c ContextMenu": "openColumnMenu",
  "cs F10": "openColumnMenu",
  "a ContextMenu": "openRowMenu",
  "sa F10": "openRowMenu",
};

/** The command of a key; `null` when the key is not ours. */
export function commandOf(press: Press, mac = false): Command | null {
  if (press.altGraph) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const main = mac ? press.metaKey : press.ctrlKey;
  if (mac ? false : press.metaKey) return null;
  const rest = `${press.shiftKey ? "s" : ""}${press.altKey ? "a" : ""}`;
  const find = (marks: string): Command | undefined => KEYS[marks === "" ? key : `${marks} ${key}`];
  const found = main ? find(`m${rest}`) : undefined;
  if (found) return found;
  if (press.ctrlKey) return find(`c${rest}`) ?? null;
  return main ? null : (find(rest) ?? null);
}

/** Whether the key begins to write: a character, a dead key, an input method. */
export function isTyping(press: Press): boolean {
  if (press.key === "Dead" || press.key === "Process" || press.key === "Unidentified") return true;
  if ([...press.key].length !== 1) return false;
  return press.altGraph === true || !(press.ctrlKey || press.metaKey || press.altKey);
}
