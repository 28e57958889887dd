/** One field of a card: its label, its value, and its editor while it is edited. */
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { isError, type CellValue } from "../api/codec";
import { editCell, paintCell, toggledCell } from "../cells/cell";
import type { CellContext, CellEditor } from "../cells/kind";
import { cssOf, mergeStyles, styleOf } from "../cells/style";
import type { CellStyle, GridColumn } from "../grid/source";

interface Props {
  readonly column: GridColumn;
  readonly value: CellValue | undefined;
  readonly shown: CellValue | undefined;
  readonly style: CellStyle | null;
  readonly context: CellContext;
  readonly onFocus: () => void;
  readonly onSave: (value: CellValue) => Promise<void>;
  readonly onError?: () => void;
}

export function CardField({ column, value, shown, style, context, onFocus, onSave, onError }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<{ replace: boolean } | null>(null);
  const labelId = useId();
  const valueId = useId();
  const box = useRef<HTMLDivElement>(null);
  const painted = useRef<HTMLDivElement>(null);
  const isFormula = column.isFormula && column.formula !== "";
  const editable = !column.readOnly && !isFormula && value !== undefined;

  useLayoutEffect(() => {
    if (!painted.current) return;
    const state = paintCell(painted.current, value, column, context, shown);
    painted.current.dataset["state"] = state;
    painted.current.style.cssText = cssOf(mergeStyles(styleOf(column.options), style));
  });

  const start = (replace: boolean): void => {
    if (isError(value) && onError) {
      onError();
      return;
    }
    if (!editable) return;
    const toggled = toggledCell(value ?? null, column);
    if (toggled !== undefined) void onSave(toggled).catch(() => undefined);
    else setEditing({ replace });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "F2" || event.key === " ") start(false);
    else if (event.key === "Backspace" || event.key === "Delete") {
      if (editable) void onSave(null).catch(() => undefined);
    } else if (event.key.length === 1) {
      start(true);
      return;
    } else return;
    event.preventDefault();
  };

  return (
    <div className={isFormula ? "card-field formula" : "card-field"}>
      <span className="card-label" id={labelId}>
        {column.label}
      </span>
      {editing ? (
        <Editor
          {...{ column, context }}
          value={value ?? null}
          {...(shown === undefined ? {} : { shown })}
          replace={editing.replace}
          label={column.label}
          onDone={(changed) => {
            setEditing(null);
            if (changed) void changed.then(onSave).catch(() => undefined);
            queueMicrotask(() => box.current?.focus());
          }}
        />
      ) : (
        <div
          ref={box}
          className="card-value"
          role="button"
          tabIndex={0}
          aria-labelledby={`${labelId} ${valueId}`}
          aria-disabled={!editable}
          title={editable ? undefined : isFormula ? t("card.formula") : undefined}
          onFocus={onFocus}
          onClick={() => start(false)}
          onKeyDown={onKeyDown}
        >
          <div ref={painted} id={valueId} className="card-paint" />
        </div>
      )}
    </div>
  );
}

interface EditorProps {
  readonly column: GridColumn;
  readonly value: CellValue;
  readonly shown?: CellValue;
  readonly replace: boolean;
  readonly context: CellContext;
  readonly label: string;
  readonly onDone: (changed: Promise<CellValue> | null) => void;
}

function Editor({ column, value, shown, replace, context, label, onDone }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CellEditor | null>(null);
  const done = useRef(onDone);
  const finished = useRef(false);
  done.current = onDone;

  const finish = (save: boolean): void => {
    if (finished.current) return;
    finished.current = true;
    done.current(save && editor.current ? Promise.resolve(editor.current.value()) : null);
  };
  const finishLater = useRef(finish);
  finishLater.current = finish;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    finished.current = false;
    const made = editCell(element, value, column, context, {
      replace,
      ...(shown === undefined ? {} : { shown }),
      onCommit: () => finishLater.current(true),
    });
    editor.current = made;
    if (made) made.focus();
    else finishLater.current(false);
    return () => made?.destroy();
    // The editor lives from the first paint to its end; later values must not disturb what is being typed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  return (
    <div
      ref={host}
      className="card-editor"
      role="group"
      aria-label={label}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) finish(true);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          finish(false);
        } else if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          finish(true);
        }
      }}
    />
  );
}
