import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { isError, type CellValue } from "../api/codec";
import type { GridColumn } from "../grid/source";
import type { DocumentSession } from "../store/session";
import { DialogFrame } from "../ui/Dialogs";
import { explain } from "../ui/errors";

interface Props {
  readonly session: DocumentSession;
  readonly tableId: string;
  readonly target: { readonly rowId: number; readonly column: GridColumn };
  readonly onClose: () => void;
}

/** Why a formula failed in one cell: kind of error, message, traceback. */
export function ErrorDialog({ session, tableId, target, onClose }: Props) {
  const { t } = useTranslation();
  const [value, setValue] = useState<CellValue | undefined>(undefined);
  const [problem, setProblem] = useState<string | null>(null);
  const { rowId, column } = target;
  useEffect(() => {
    session.formulaError(tableId, column.colId, rowId).then(setValue, (error: unknown) => setProblem(explain(error, t)));
  }, [session, tableId, column.colId, rowId, t]);
  const [, name, message, details] = isError(value) ? value : [];
  return (
    <DialogFrame title={t("formula.errorTitle", { column: column.label })} onClose={onClose}>
      <p>
        <strong>{typeof name === "string" ? name : ""}</strong> {typeof message === "string" ? message : problem}
      </p>
      {typeof details === "string" && details !== "" ? <pre className="traceback">{details}</pre> : null}
      <div className="dialog-actions">
        <Button className="button" onPress={onClose} autoFocus>
          {t("common.close")}
        </Button>
      </div>
    </DialogFrame>
  );
}
