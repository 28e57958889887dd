/**
 * The editor of dates: text, with a calendar of a month under it.
 *
 * Arrow Down goes into the calendar (the focus stays in the text, the day is the active descendant); arrows move by days and
 * weeks, Page Up and Page Down by months; Enter takes the day. Typing goes back to the text.
 */
import { calendarNames, civil, firstWeekday } from "../format/calendar";
import type { CellValue } from "../grid/source";
import { freshId, make } from "./dom";
import type { CellContext, CellEditor, EditStart } from "./kind";
import { openPopup } from "./popup";
import { editText } from "./text-editor";

const DAY = 86_400;

export interface DateEditing {
  label: string;
  alignment: string;
  pattern: string;
  context: CellContext;
  /** The day that the text names, at midnight UTC; `null`: none. */
  read(text: string): number | null;
  /** The text that names the day. */
  write(day: number): string;
  parse(text: string): CellValue;
}

export function editDate(host: HTMLElement, text: string, start: EditStart, editing: DateEditing): CellEditor {
  const popup = openPopup(host, "m-calendar");
  const calendar = new Calendar(popup.element, editing.context);
  let day: number | null = null;

  const move = (to: number, area: HTMLTextAreaElement): boolean => {
    day = to;
    area.value = editing.write(to);
    calendar.show(to, to);
    area.setAttribute("aria-activedescendant", calendar.activeId());
    popup.place();
    return true;
  };
  const onKey = (event: KeyboardEvent, area: HTMLTextAreaElement): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return false;
    }
    if (day === null) {
      return event.key === "ArrowDown" ? move(editing.read(area.value) ?? editing.context.today(), area) : false;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (step !== undefined) {
      return move(day + step * DAY, area);
    }
    if (event.key === "PageUp" || event.key === "PageDown") {
      return move(addMonths(day, event.key === "PageUp" ? -1 : 1), area);
    }
    return false;
  };

  const editor = editText(host, text, start, {
    label: editing.label, alignment: editing.alignment, parse: editing.parse, single: true, onKey,
  });
  const area = host.querySelector("textarea");
  area?.setAttribute("aria-controls", popup.element.id = freshId("m-calendar"));
  area?.setAttribute("placeholder", editing.pattern);
  area?.addEventListener("input", () => {
    day = null;
    area.removeAttribute("aria-activedescendant");
    const typed = editing.read(area.value);
    calendar.show(typed ?? editing.context.today(), typed);
  });
  popup.element.addEventListener("click", (event) => {
    const target = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-day],[data-turn]") : null;
    if (!target || !area) {
      return;
    }
    const turn = target.dataset["turn"];
    if (turn) {
      calendar.show(addMonths(calendar.shownMonth, Number(turn)), day);
      return;
    }
    move(Number(target.dataset["day"]), area);
    start.onCommit?.();
  });
  const shownDay = start.replace ? null : editing.read(text);
  calendar.show(shownDay ?? editing.context.today(), shownDay);
  popup.place();
  return {
    ...editor,
    destroy() {
      popup.close();
      editor.destroy();
    },
  };
}

class Calendar {
  readonly #id = freshId("m-day");
  shownMonth = 0;
  #active = "";

  constructor(private readonly host: HTMLElement, private readonly context: CellContext) {
    host.setAttribute("role", "dialog");
    host.setAttribute("aria-label", context.t("cell.calendar"));
  }

  activeId(): string {
    return this.#active;
  }

  /** Shows the month of `day`; `chosen` is marked. */
  show(day: number, chosen: number | null): void {
    this.shownMonth = day;
    const { locale, t } = this.context;
    const names = calendarNames(locale);
    const shown = new Date(day * 1000);
    const first = civil(shown.getUTCFullYear(), shown.getUTCMonth() + 1, 1) ?? 0;
    const weekday = firstWeekday(locale);
    const lead = (new Date(first * 1000).getUTCDay() - weekday + 7) % 7;

    const head = make("div", "m-calendar-head");
    head.append(
      turnButton("-1", "‹", t("cell.previousMonth")),
      make("span", "m-calendar-title", `${names.months[shown.getUTCMonth()] ?? ""} ${shown.getUTCFullYear()}`),
      turnButton("1", "›", t("cell.nextMonth")),
    );
    const table = make("table", "m-calendar-days");
    table.setAttribute("role", "grid");
    const header = table.createTHead().insertRow();
    for (let index = 0; index < 7; index++) {
      const cell = make("th", "", names.daysMinimal[(weekday + index) % 7]);
      cell.scope = "col";
      cell.abbr = names.days[(weekday + index) % 7] ?? "";
      header.append(cell);
    }
    const body = table.createTBody();
    this.#active = "";
    for (let week = 0; week < 6; week++) {
      const row = body.insertRow();
      for (let index = 0; index < 7; index++) {
        row.append(this.#dayCell(first + (week * 7 + index - lead) * DAY, shown.getUTCMonth(), chosen));
      }
    }
    this.host.replaceChildren(head, table);
  }

  #dayCell(day: number, month: number, chosen: number | null): HTMLTableCellElement {
    const date = new Date(day * 1000);
    const cell = make("td", "", String(date.getUTCDate()));
    cell.setAttribute("role", "gridcell");
    cell.dataset["day"] = String(day);
    cell.classList.toggle("is-outside", date.getUTCMonth() !== month);
    cell.classList.toggle("is-today", day === this.context.today());
    if (day === chosen) {
      cell.classList.add("is-chosen");
      cell.setAttribute("aria-selected", "true");
      cell.id = this.#active = this.#id;
      cell.setAttribute("aria-label", new Intl.DateTimeFormat(this.context.locale, { dateStyle: "full", timeZone: "UTC" }).format(date));
    }
    return cell;
  }
}

function turnButton(turn: string, sign: string, label: string): HTMLButtonElement {
  const button = make("button", "m-calendar-turn", sign);
  button.type = "button";
  button.tabIndex = -1;
  button.dataset["turn"] = turn;
  button.setAttribute("aria-label", label);
  return button;
}

/** The same day some months away, or the last of that month. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * 1000);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(month / 12);
  for (let of = date.getUTCDate(); of > 27; of--) {
    const found = civil(year, (month % 12) + 1, of);
    if (found !== null) {
      return found;
    }
  }
  return civil(year, (month % 12) + 1, Math.min(date.getUTCDate(), 28)) ?? day;
}
