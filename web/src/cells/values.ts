/** Reading Grist's cell encoding: types, lists, errors. Source: the object codes of the `.grist` format. */
import type { CellValue } from "../grid/source";

/** `Ref` of `Ref:People`. */
export function baseType(type: string): string {
  const colon = type.indexOf(":");
  return colon < 0 ? type : type.slice(0, colon);
}

/** `People` of `Ref:People` and `RefList:People`; `_grist_Attachments` of `Attachments`; else empty. */
export function referencedTable(type: string): string {
  if (type === "Attachments") {
    return "_grist_Attachments";
  }
  const base = baseType(type);
  return base === "Ref" || base === "RefList" ? type.slice(base.length + 1) : "";
}

/** The code letter of an encoded object, empty for simple values. */
export function codeOf(value: CellValue | undefined): string {
  return Array.isArray(value) && typeof value[0] === "string" ? value[0] : "";
}

/** The elements of a list cell; none for an empty cell; `null` when it is not a list. */
export function listOf(value: CellValue): CellValue[] | null {
  if (value === null) {
    return [];
  }
  return codeOf(value) === "L" ? (value as CellValue[]).slice(1) : null;
}

/** A list cell: empty lists are stored as `null`. */
export function listCell(items: CellValue[]): CellValue {
  return items.length === 0 ? null : ["L", ...items];
}

export function isBlank(value: CellValue | undefined): boolean {
  return value === null || value === undefined || value === "" || (codeOf(value) === "L" && (value as CellValue[]).length === 1);
}

/** Whether a value fits a column's type; text that does not is kept by Grist as it is. */
export function fitsType(value: CellValue, type: string): boolean {
  if (value === null) {
    return true;
  }
  switch (baseType(type)) {
    case "Text": case "Choice":
      return typeof value === "string";
    case "Numeric": case "Int": case "Ref": case "Id": case "ManualSortPos": case "PositionNumber":
      return typeof value === "number";
    case "Bool":
      return typeof value === "boolean" || value === 0 || value === 1;
    case "Date": case "DateTime":
      return typeof value === "number" || codeOf(value) === "d" || codeOf(value) === "D";
    case "ChoiceList": case "RefList": case "Attachments":
      return codeOf(value) === "L";
    default:
      return true;
  }
}

/** Deep equality of cells; `NaN` equals itself. */
export function sameCell(one: CellValue | undefined, other: CellValue | undefined): boolean {
  if (Object.is(one, other)) {
    return true;
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return false;
  }
  return JSON.stringify(one) === JSON.stringify(other);
}
