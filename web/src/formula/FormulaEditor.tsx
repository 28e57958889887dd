/** The formula of a column, edited over its cell: Python colours, completion by the server, errors said in place. */
import { autocompletion, completionKeymap, closeBrackets, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import type { GridColumn } from "../grid/source";
import type { DocumentSession } from "../store/session";
import { explain } from "../ui/errors";
import { toCompletions } from "./completions";
import type { EarlyKeys } from "./early-keys";
import "./formula.css";

interface Props {
  readonly session: DocumentSession;
  readonly tableId: string;
  readonly column: GridColumn;
  readonly rowId: number | null;
  readonly initial: string | undefined;
  /** The cell, in viewport coordinates. */
  readonly at: DOMRect;
  /** What was typed before this was here. */
  readonly early: EarlyKeys;
  readonly onClose: () => void;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword], color: "var(--m-code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--m-code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--m-code-number)" },
  { tag: tags.comment, color: "var(--m-fg-soft)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--m-code-function)" },
]);

const WIDTH = 460;
const MARGIN = 12;

/** Inside the window, under the cell's top left corner if there is room. */
function place(at: DOMRect): { left: number; top: number } {
  return {
    left: Math.max(MARGIN, Math.min(at.left, innerWidth - WIDTH - MARGIN)),
    top: Math.max(MARGIN, Math.min(at.top, innerHeight - 220)),
  };
}

export function FormulaEditor({ session, tableId, column, rowId, initial, at, early, onClose }: Props) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [typed] = useState(() => early.take());
  const { returnTo } = early;
  const titleId = useId();

  const close = (): void => {
    onClose();
    if (returnTo instanceof HTMLElement) queueMicrotask(() => returnTo.focus());
  };

  const save = async (): Promise<void> => {
    const formula = (view.current?.state.doc.toString() ?? "").replace(/^=\s*/, "");
    if (formula === column.formula && column.isFormula) {
      close();
      return;
    }
    setSaving(true);
    try {
      await session.apply([["UpdateRecord", "_grist_Tables_column", column.colRef, { isFormula: true, formula }]]);
      close();
    } catch (error) {
      setProblem(explain(error, t));
      setSaving(false);
    }
  };

  const commands = useRef({ save, close });
  commands.current = { save, close };

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
      const before = context.matchBefore(/[\w.$]+/);
      if (!before || (before.from === before.to && !context.explicit)) return null;
      const answer = await session.call("autocomplete", before.text, tableId, column.colId, rowId);
      return toCompletions(answer, before.from);
    };
    const editor = new EditorView({
      parent: element,
      state: EditorState.create({
        doc: (initial ?? column.formula) + typed.text,
        extensions: [
          Prec.highest(
            keymap.of([
              { key: "Shift-Enter", run: insertNewlineAndIndent },
              {
                key: "Mod-Enter",
                run: () => {
                  void commands.current.save();
                  return true;
                },
              },
            ]),
          ),
          keymap.of(completionKeymap),
          keymap.of([
            {
              key: "Enter",
              run: () => {
                void commands.current.save();
                return true;
              },
            },
            {
              key: "Escape",
              run: () => {
                commands.current.close();
                return true;
              },
            },
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          history(),
          python(),
          bracketMatching(),
          closeBrackets(),
          syntaxHighlighting(colours),
          autocompletion({ override: [complete] }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": t("formula.label", { column: column.label }), "data-testid": "formula-input" }),
        ],
      }),
    });
    view.current = editor;
    editor.focus();
    editor.dispatch({ selection: { anchor: editor.state.doc.length } });
    if (typed.ended === "save") void commands.current.save();
    else if (typed.ended === "cancel") commands.current.close();
    return () => editor.destroy();
  }, [session, tableId, column, rowId, initial, typed, t]);

  return (
    <div className="formula-editor popover" role="dialog" aria-labelledby={titleId} style={{ ...place(at), width: WIDTH }}>
      <p id={titleId} className="formula-title">
        {t("formula.label", { column: column.label })}
      </p>
      <div ref={host} className="formula-code" />
      {problem ? (
        <p className="formula-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <div className="formula-actions">
        <span className="formula-hint">{t("formula.hint")}</span>
        <Button className="button" onPress={close}>
          {t("common.cancel")}
        </Button>
        <Button className="button primary" isDisabled={saving} onPress={() => void save()}>
          {t("common.save")}
        </Button>
      </div>
    </div>
  );
}
