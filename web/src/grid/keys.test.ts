import { describe, expect, it } from "vitest";
import { commandOf, isTyping, type Press } from "./keys";

/** `ctrl+shift+Enter` as an event. */
function press(text: string): Press {
  const parts = text.split("+").filter((part) => part !== "");
  const key = text.endsWith("+") ? "+" : (parts.at(-1) ?? "");
  const has = (name: string): boolean => parts.slice(0, text.endsWith("+") ? parts.length : -1).includes(name);
  return { key: key === "Space" ? " " : key, ctrlKey: has("ctrl"), metaKey: has("meta"), shiftKey: has("shift"), altKey: has("alt"), altGraph: has("altgr") };
}

/** The keys of Grist, from the specification's list, that concern a grid. */
const GRIST: [string, string][] = [
  ["ArrowDown", "cursorDown"], ["ArrowUp", "cursorUp"], ["ArrowRight", "cursorRight"], ["ArrowLeft", "cursorLeft"],
  ["Tab", "nextField"], ["shift+Tab", "prevField"], ["PageDown", "pageDown"], ["PageUp", "pageUp"],
  ["ctrl+ArrowUp", "moveToFirstRecord"], ["ctrl+ArrowDown", "moveToLastRecord"], ["Home", "moveToFirstField"], ["End", "moveToLastField"],
  ["Space", "viewAsCard"], ["shift+F10", "openContextMenu"], ["ContextMenu", "openContextMenu"],
  ["ctrl+shift+F10", "openColumnMenu"], ["ctrl+ContextMenu", "openColumnMenu"], ["alt+shift+F10", "openRowMenu"], ["alt+ContextMenu", "openRowMenu"],
  ["shift+ArrowDown", "shiftDown"], ["shift+ArrowUp", "shiftUp"], ["shift+ArrowRight", "shiftRight"], ["shift+ArrowLeft", "shiftLeft"],
  ["ctrl+shift+ArrowDown", "ctrlShiftDown"], ["ctrl+shift+ArrowUp", "ctrlShiftUp"], ["ctrl+shift+ArrowRight", "ctrlShiftRight"],
  ["ctrl+shift+ArrowLeft", "ctrlShiftLeft"], ["ctrl+a", "selectAll"], ["Enter", "editField"], ["F2", "editField"], ["Escape", "cancel"],
  ["ctrl+d", "fillSelectionDown"], ["Backspace", "clearValues"], ["Delete", "clearValues"], ["ctrl+;", "insertCurrentDate"],
  ["ctrl+shift+;", "insertCurrentDateTime"], ["ctrl+shift+Enter", "insertRecordBefore"], ["ctrl+Enter", "insertRecordAfter"],
  ["ctrl+shift+D", "duplicateRows"], ["ctrl+Backspace", "deleteRecords"], ["ctrl+Delete", "deleteRecords"],
  ["alt+shift+=", "insertFieldBefore"], ["alt+shift++", "insertFieldBefore"], ["alt+=", "insertFieldAfter"], ["ctrl+m", "renameField"],
  ["alt+shift+-", "hideFields"], ["alt+-", "deleteFields"],
];

describe("commands", () => {
  it.each(GRIST)("%s", (text, command) => {
    expect(commandOf(press(text))).toBe(command);
  });

  it.each(GRIST.filter(([text]) => text.startsWith("ctrl") && !/F10|Menu|ctrl\+m$/.test(text)))("%s with Command on a Mac", (text, command) => {
    expect(commandOf(press(text.replace("ctrl", "meta")), true)).toBe(command);
  });

  it("keeps Control itself where Grist means Control", () => {
    expect(commandOf(press("ctrl+m"), true)).toBe("renameField");
    expect(commandOf(press("meta+m"), true)).toBeNull();
  });

  it.each(["ctrl+c", "ctrl+x", "ctrl+v", "ctrl+z", "ctrl+f", "F6", "ctrl+=", "ctrl++", "ctrl+-", "meta+a", "a", "é"])("leaves %s to others", (text) => {
    expect(commandOf(press(text))).toBeNull();
  });
});

describe("typing", () => {
  it.each(["a", "É", "1", "=", "shift+A", "Dead", "Process", "😀", "ctrl+alt+altgr+€"])("%s writes", (text) => {
    expect(isTyping(press(text))).toBe(true);
  });

  it.each(["ctrl+b", "meta+k", "alt+x", "F3", "Shift", "Control", "CapsLock", "ArrowUp"])("%s does not", (text) => {
    expect(isTyping(press(text))).toBe(false);
  });

  it("AltGr is never a command", () => {
    expect(commandOf(press("ctrl+alt+altgr+="))).toBeNull();
  });
});
