/** Files of a cell: thumbnails where there are, else names. They are changed in a panel of the application, not in the cell. */
import type { AttachmentInfo, CellValue, GridColumn } from "../grid/source";
import { joinList, splitList } from "./any";
import { icon, make, setText } from "./dom";
import type { CellContext, CellKind } from "./kind";
import { listCell, listOf } from "./values";

export const attachmentsKind: CellKind = {
  name: "attachments",
  alignment: "left",
  paint(element, value, _column, context) {
    const files = filesOf(value, context);
    if (files.length === 0) {
      setText(element, "");
      return "plain";
    }
    element.replaceChildren(...files.map(fileMark));
    return "plain";
  },
  edit: () => null,
  text: (value, _column, context) => joinList(filesOf(value, context).map((file) => file.name)),
  announce(value: CellValue, _column: GridColumn, context: CellContext) {
    const files = filesOf(value, context);
    return files.length === 0 ? "" : `${context.t("cell.files", { count: files.length })}: ${files.map((file) => file.name).join(", ")}`;
  },
  // Copies hold names; only numbers, as the ids of attachment rows, can be read back.
  parse(text) {
    const ids = splitList(text).map(Number);
    return ids.every((id) => Number.isInteger(id) && id > 0) ? listCell(ids) : text;
  },
};

function filesOf(value: CellValue, context: CellContext): AttachmentInfo[] {
  return (listOf(value) ?? []).map((id) => context.attachment?.(Number(id)) ?? { name: context.t("cell.file", { id: String(id) }) });
}

function fileMark(file: AttachmentInfo): HTMLElement {
  const mark = make("span", "m-file");
  if (file.thumbnail) {
    const image = make("img", "m-file-image");
    image.src = file.thumbnail;
    image.alt = file.name;
    image.loading = "lazy";
    mark.append(image);
  } else {
    mark.append(icon("file"), file.name);
  }
  mark.title = file.name;
  return mark;
}
