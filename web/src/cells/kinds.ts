/** Which kind a column has: by its type, and by its widget for texts. */
import type { GridColumn } from "../grid/source";
import { anyKind } from "./any";
import { attachmentsKind } from "./attachments";
import { choiceKind } from "./choice";
import { choiceListKind } from "./choicelist";
import { dateKind } from "./date";
import { dateTimeKind } from "./datetime";
import { integerKind } from "./integer";
import type { CellKind } from "./kind";
import { linkKind } from "./link";
import { markdownKind } from "./markdown";
import { numberKind } from "./number";
import { referenceKind } from "./reference";
import { referenceListKind } from "./referencelist";
import { textKind } from "./text";
import { toggleKind } from "./toggle";
import { baseType } from "./values";

export function kindOfType(column: Pick<GridColumn, "type" | "options">): CellKind {
  switch (baseType(column.type)) {
    case "Text":
      return { HyperLink: linkKind, Markdown: markdownKind }[String(column.options["widget"])] ?? textKind;
    case "Numeric": case "ManualSortPos": case "PositionNumber":
      return numberKind;
    case "Int": case "Id":
      return integerKind;
    case "Bool":
      return toggleKind;
    case "Date":
      return dateKind;
    case "DateTime":
      return dateTimeKind;
    case "Choice":
      return choiceKind;
    case "ChoiceList":
      return choiceListKind;
    case "Ref":
      return referenceKind;
    case "RefList":
      return referenceListKind;
    case "Attachments":
      return attachmentsKind;
    default:
      return anyKind;
  }
}
