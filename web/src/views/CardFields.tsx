/** The fields of one row, one below the other, each shown and edited as its column says. */
import { useSyncExternalStore } from "react";
import type { GridActions } from "../grid/source";
import type { PageController } from "../store/page";
import type { SectionSource } from "../store/section";
import { useSelection } from "../doc/selection";
import { CardField } from "./CardField";
import { useCellContext } from "./useCellContext";

interface Props {
  readonly controller: PageController;
  readonly source: SectionSource;
  readonly actions: GridActions;
  readonly rowId: number | "new";
}

export function CardFields({ controller, source, actions, rowId }: Props) {
  const context = useCellContext(controller.session);
  const select = useSelection((state) => state.select);
  useSyncExternalStore(
    (listener) => source.subscribe(listener),
    () => source.revision,
  );
  return (
    <div className="card-fields">
      {source.columns.map((column) => {
        const cell = (colId: string) => (rowId === "new" ? null : source.rows.cellOf(rowId, colId));
        return (
          <CardField
            key={column.fieldRef}
            column={column}
            value={cell(column.colId)}
            shown={cell(column.displayColId)}
            style={rowId === "new" ? null : source.ruleStyleOf(rowId, column)}
            context={context}
            onFocus={() => select(source.sectionRef, column, rowId)}
            onSave={(value) => actions.setCells([{ rowId, colId: column.colId, value }])}
            {...(rowId !== "new" && actions.showError ? { onError: () => actions.showError?.(rowId, column) } : {})}
          />
        );
      })}
    </div>
  );
}
