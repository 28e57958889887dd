/** Our icons, drawn on an 18-pixel grid. Decoration only: the name of a control is always in text. */

const PATHS = {
  add: "M9 3.5v11M3.5 9h11",
  back: "M11 4 6 9l5 5",
  card: "M3 4.5h12v9H3zM6 8h6M6 10.5h4",
  check: "m4 9.5 3.2 3L14 5.5",
  chevron: "m6.5 4.5 4.5 4.5-4.5 4.5",
  close: "m5 5 8 8M13 5l-8 8",
  data: "M3.5 5c0-1.1 2.5-2 5.5-2s5.5 .9 5.5 2v8c0 1.1-2.5 2-5.5 2s-5.5-.9-5.5-2zM3.5 5c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2M3.5 9c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2",
  document: "M5 2.5h5.5L14 6v9.5H5zM10.5 2.5V6H14",
  download: "M9 3v8M5.5 8 9 11.5 12.5 8M3.5 14.5h11",
  edit: "m3.5 14.5.8-3.2 7.7-7.7 2.4 2.4-7.7 7.7z",
  filter: "M3 4.5h12L10.5 9.7v4.3l-3-1.5V9.7z",
  formula: "M11.5 3.5c-2-.6-2.8.5-3 2l-1 7.5c-.2 1.5-1.2 2-2.5 1.5M5 7.5h6.5M11 10l4 4.5M15 10l-4 4.5",
  globe: "M9 2.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM2.5 9h13M9 2.5c-4 4-4 9 0 13c4-4 4-9 0-13",
  home: "M3 8.5 9 3.5l6 5V15h-4v-4H7v4H3z",
  link: "M7.5 10.5 10.5 7.5M8 5.5l1.5-1.5a3 3 0 0 1 4.3 4.3L12.3 9.8M10 12.5 8.5 14a3 3 0 0 1-4.3-4.3L5.7 8.2",
  menu: "M3 5h12M3 9h12M3 13h12",
  more: "M4 9h.01M9 9h.01M14 9h.01",
  next: "m7 4 5 5-5 5",
  page: "M4 3.5h10v11H4zM4 7.5h10M8 7.5v7",
  panel: "M3 3.5h12v11H3zM11 3.5v11",
  redo: "M12 4.5 15 7.5l-3 3M15 7.5H7.5a4 4 0 0 0 0 8H9",
  remove: "M4 5.5h10M7.5 5.5v-2h3v2M5.5 5.5l.6 9h5.8l.6-9M8 8.5v3.5M10 8.5v3.5",
  search: "M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM11.5 11.5 15 15",
  sort: "M6 3.5v11M3.5 12 6 14.5 8.5 12M12 14.5v-11M9.5 6 12 3.5 14.5 6",
  sortDown: "M9 3.5v11M5.5 11 9 14.5 12.5 11",
  sortUp: "M9 14.5v-11M5.5 7 9 3.5 12.5 7",
  table: "M3 3.5h12v11H3zM3 7h12M3 10.7h12M7.5 7v7.5",
  undo: "M6 4.5 3 7.5l3 3M3 7.5h7.5a4 4 0 0 1 0 8H9",
  upload: "M9 11.5v-8M5.5 6.5 9 3l3.5 3.5M3.5 14.5h11",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 18 18" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} strokeWidth={name === "more" ? 2.4 : undefined} />
    </svg>
  );
}
