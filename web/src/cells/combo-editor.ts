/**
 * The editor that offers options while one types: one value, or several as tokens.
 *
 * It is a combobox in the sense of ARIA: the focus stays in the text field, the option is the active descendant. Enter takes the
 * marked option; with several values, Enter on an empty field ends the editing, Backspace takes the last token off.
 */
import type { CellStyle, CellValue } from "../grid/source";
import { freshId, make } from "./dom";
import type { CellEditor, EditStart } from "./kind";
import { openPopup, type Popup } from "./popup";
import { token } from "./tokens";

export interface Option {
  /** What is stored. */
  value: CellValue;
  label: string;
  style?: CellStyle | null;
  /** Makes the value first (a new row of the other table). */
  create?(): Promise<CellValue>;
}

export interface ComboEditing {
  label: string;
  /** The accessible name of the list. */
  listLabel: string;
  /** What is said when nothing fits. */
  emptyLabel: string;
  text: string;
  /** Given for several values. */
  tokens?: Option[];
  /** How tokens and options look; absent: plain text. */
  asTokens?: boolean;
  search(text: string): Option[] | Promise<Option[]>;
  /** The value of a text for which no option was taken. */
  parse(text: string): CellValue;
  /** Splits pasted or typed text into several tokens. */
  split?(text: string): string[];
  /** The cell of several values. */
  join?(items: (Option | { value: CellValue })[]): CellValue;
}

const SEARCH_DELAY = 90;

export function editCombo(host: HTMLElement, start: EditStart, editing: ComboEditing): CellEditor {
  return new ComboEditor(host, start, editing);
}

class ComboEditor implements CellEditor {
  readonly #box = make("div", "m-combo");
  readonly #input = make("input", "m-combo-input");
  readonly #popup: Popup;
  readonly #listId = freshId("m-list");
  readonly #tokens: Option[];
  #options: Option[] = [];
  #marked = -1;
  #taken: Option | null = null;
  #query = 0;
  #timer = 0;

  constructor(host: HTMLElement, private readonly start: EditStart, private readonly editing: ComboEditing) {
    this.#tokens = start.replace ? [] : [...(editing.tokens ?? [])];
    const input = this.#input;
    input.value = start.replace ? "" : editing.text;
    input.autocomplete = "off";
    input.spellcheck = false;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": this.#listId, "aria-label": editing.label,
    })) {
      input.setAttribute(name, value);
    }
    this.#box.append(input);
    host.append(this.#box);
    this.#popup = openPopup(host, "m-options");
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("input", () => this.#onInput());
    this.#popup.element.addEventListener("click", (event) => this.#onClick(event));
    this.#box.addEventListener("mousedown", (event) => {
      if (event.target !== input) {
        event.preventDefault();
      }
    });
    this.#paintTokens();
    void this.#search("");
  }

  value(): CellValue | Promise<CellValue> {
    const text = this.#input.value.trim();
    if (this.editing.join) {
      return this.#joined(text);
    }
    if (this.#taken) {
      return this.#taken.create?.() ?? this.#taken.value;
    }
    const exact = this.#options.find((option) => !option.create && option.label === text);
    return exact ? exact.value : this.editing.parse(text);
  }

  text(): string {
    return this.#input.value;
  }

  focus(): void {
    this.#input.focus({ preventScroll: true });
    this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
  }

  destroy(): void {
    window.clearTimeout(this.#timer);
    this.#query += 1;
    this.#popup.close();
    this.#box.remove();
  }

  async #joined(text: string): Promise<CellValue> {
    const join = this.editing.join ?? (() => null);
    const rest = text === "" ? [] : (this.editing.split?.(text) ?? [text]);
    const made = await Promise.all(this.#tokens.map(async (item) => (item.create ? { value: await item.create() } : item)));
    return join([...made, ...rest.map((item) => this.#optionFor(item))]);
  }

  #optionFor(text: string): Option {
    return this.#options.find((option) => !option.create && option.label === text) ?? { value: this.editing.parse(text), label: text };
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const used = this.#useKey(event);
    if (used) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #useKey(event: KeyboardEvent): boolean {
    const text = this.#input.value;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        this.#mark(this.#marked + (event.key === "ArrowDown" ? 1 : this.#marked < 0 ? 0 : -1));
        return true;
      case "Backspace":
        if (this.editing.join && text === "" && this.#tokens.length > 0) {
          this.#tokens.pop();
          this.#paintTokens();
          return true;
        }
        return false;
      case "Tab":
      case "Enter": {
        this.#hurry();
        const option = this.#options[this.#marked];
        if (!this.editing.join) {
          this.#taken = option ?? null;
          return false;
        }
        if (option) {
          this.#add(option);
        } else if (text.trim() !== "") {
          for (const item of this.editing.split?.(text) ?? [text.trim()]) {
            this.#add(this.#optionFor(item));
          }
        } else {
          return false;
        }
        return event.key === "Enter";
      }
      default:
        return false;
    }
  }

  /** Who types fast and ends at once gets the option as well, when the options are at hand. */
  #hurry(): void {
    if (this.#timer === 0) {
      return;
    }
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    void this.#search(this.#input.value);
  }

  #onInput(): void {
    this.#taken = null;
    const text = this.#input.value;
    if (this.editing.join && /[\n;]|,\s*$/.test(text) && text.trim().length > 1) {
      for (const item of this.editing.split?.(text) ?? []) {
        this.#add(this.#optionFor(item));
      }
      return;
    }
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.#search(this.#input.value);
    }, SEARCH_DELAY);
  }

  #onClick(event: Event): void {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-index]") : null;
    const option = row ? this.#options[Number(row.dataset["index"])] : undefined;
    if (!option) {
      return;
    }
    if (this.editing.join) {
      this.#add(option);
      this.focus();
    } else {
      this.#taken = option;
      this.start.onCommit?.();
    }
  }

  #add(option: Option): void {
    this.#input.value = "";
    if (!this.#tokens.some((item) => item.label === option.label)) {
      this.#tokens.push(option);
    }
    this.#paintTokens();
    void this.#search("");
  }

  #paintTokens(): void {
    for (const old of this.#box.querySelectorAll(".m-token")) {
      old.remove();
    }
    this.#input.before(...this.#tokens.map((item) => token(item.label, item.style ?? null)));
    this.#popup.place();
  }

  async #search(text: string): Promise<void> {
    const query = (this.#query += 1);
    const found = this.editing.search(text.trim());
    // Options at hand are shown in the same frame; those that must be asked for, when they come and are still wanted.
    const options = Array.isArray(found) ? found : await found.catch(() => []);
    if (query !== this.#query) {
      return;
    }
    this.#options = this.editing.join ? options.filter((option) => !this.#tokens.some((item) => item.label === option.label)) : options;
    this.#paintOptions();
    const first = this.#options[0];
    this.#mark(text !== "" && first && !first.create && fold(first.label).startsWith(fold(text)) ? 0 : -1);
  }

  #paintOptions(): void {
    const list = make("div", "m-options-list");
    list.id = this.#listId;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.editing.listLabel);
    for (const [index, option] of this.#options.entries()) {
      const row = make("div", option.create ? "m-option is-new" : "m-option");
      row.setAttribute("role", "option");
      row.id = `${this.#listId}-${index}`;
      row.dataset["index"] = String(index);
      row.append(this.editing.asTokens ? token(option.label, option.style ?? null) : option.label);
      list.append(row);
    }
    const empty = this.#options.length === 0;
    this.#popup.element.replaceChildren(list);
    if (empty) {
      this.#popup.element.append(make("div", "m-option-none", this.editing.emptyLabel));
    }
    this.#popup.place();
  }

  #mark(index: number): void {
    const rows = this.#popup.element.querySelectorAll<HTMLElement>("[role=option]");
    this.#marked = this.#options.length === 0 ? -1 : Math.min(index, this.#options.length - 1);
    for (const [each, row] of rows.entries()) {
      row.setAttribute("aria-selected", String(each === this.#marked));
    }
    const row = rows[this.#marked];
    if (row) {
      this.#input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView?.({ block: "nearest" });
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
  }
}

/** For comparing what people type: case and accents count for nothing. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
