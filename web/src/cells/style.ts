/** Colours and letters of cells: of columns, of conditional rules, of choices. */
import type { CellStyle } from "../grid/source";

/** Reads a style out of untyped options; `prefix` is empty for cells, `header` for headers. `null`: nothing special. */
export function styleOf(options: Record<string, unknown>, prefix: "" | "header" = ""): CellStyle | null {
  const key = (name: string): string => (prefix === "" ? name : `header${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`);
  const colour = (name: string): string | undefined => {
    const value = options[key(name)];
    return typeof value === "string" && /^#[0-9a-f]{3,8}$/i.test(value) ? value : undefined;
  };
  const flag = (name: string): boolean => options[key(name)] === true;
  const style: CellStyle = {};
  const fill = colour("fillColor");
  const text = colour("textColor");
  if (fill) style.fill = fill;
  if (text) style.text = text;
  if (flag("fontBold")) style.bold = true;
  if (flag("fontItalic")) style.italic = true;
  if (flag("fontUnderline")) style.underline = true;
  if (flag("fontStrikethrough")) style.strikethrough = true;
  return Object.keys(style).length === 0 ? null : style;
}

/** The style of an element's `style` attribute; empty for none. */
export function cssOf(style: CellStyle | null): string {
  if (!style) {
    return "";
  }
  let css = "";
  if (style.fill) css += `background-color:${style.fill};`;
  const text = style.text ?? (style.fill ? readableOn(style.fill) : undefined);
  if (text) css += `color:${text};`;
  if (style.bold) css += "font-weight:600;";
  if (style.italic) css += "font-style:italic;";
  if (style.underline || style.strikethrough) {
    css += `text-decoration:${style.underline ? "underline " : ""}${style.strikethrough ? "line-through" : ""};`;
  }
  return css;
}

/** One over the other: what `over` says wins. */
export function mergeStyles(under: CellStyle | null, over: CellStyle | null): CellStyle | null {
  return under && over ? { ...under, ...over } : (over ?? under);
}

/** Black or white, whichever reads better on a fill; so a fill chosen on a white page still reads on a dark one. */
export function readableOn(fill: string): string {
  const hex = fill.length < 7 ? fill.slice(1, 4).replace(/./g, "$&$&") : fill.slice(1, 7);
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
  return luminance > 0.18 ? "#161616" : "#ffffff";
}
