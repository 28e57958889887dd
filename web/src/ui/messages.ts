/** What the application says to the person besides its pages: errors in a corner, and words for screen readers. */
import { create } from "zustand";

export interface Message {
  readonly id: number;
  readonly text: string;
  readonly kind: "error" | "notice";
}

interface MessageState {
  readonly messages: readonly Message[];
  /** The text of the polite live region; changes of `turn` make equal texts heard again. */
  readonly announcement: { readonly text: string; readonly turn: number };
  show(text: string, kind?: Message["kind"]): void;
  dismiss(id: number): void;
  announce(text: string): void;
}

const NOTICE_MS = 5000;
let nextId = 1;

export const useMessages = create<MessageState>((set, get) => ({
  messages: [],
  announcement: { text: "", turn: 0 },
  show(text, kind = "error") {
    const id = nextId++;
    set({ messages: [...get().messages.filter((message) => message.text !== text).slice(-2), { id, text, kind }] });
    if (kind === "notice") setTimeout(() => get().dismiss(id), NOTICE_MS);
  },
  dismiss(id) {
    set({ messages: get().messages.filter((message) => message.id !== id) });
  },
  announce(text) {
    set({ announcement: { text, turn: get().announcement.turn + 1 } });
  },
}));

export function showError(text: string): void {
  useMessages.getState().show(text);
}

export function announce(text: string): void {
  useMessages.getState().announce(text);
}
