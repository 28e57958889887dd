/** Whole numbers: as numbers, with no decimals unless the options ask for some. */
import { setText } from "./dom";
import type { CellKind } from "./kind";
import { editNumber, readNumber, shownNumber } from "./number";

export const integerKind: CellKind = {
  name: "integer",
  alignment: "right",
  paint(element, value, column, context) {
    setText(element, shownNumber(value, column, context));
    return "plain";
  },
  edit: (host, value, column, context, start) => editNumber(integerKind, host, value, column, context, start),
  text: (value, column, context) => shownNumber(value, column, context).trim(),
  parse: readNumber,
};
