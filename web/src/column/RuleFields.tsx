/** Conditional styles: a list of formulas, each with the style of the cells or rows where it holds. */
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import type { UserAction } from "../api/codec";
import { catchKeys, type EarlyKeys } from "../formula/early-keys";
import type { GridColumn } from "../grid/source";
import type { ColumnInfo } from "../store/model";
import type { DocumentSession } from "../store/session";
import { Icon } from "../ui/Icon";
import { changeRule, removeRule, ruleStyle, type RuleOwner } from "./rules";
import { StyleEditor } from "./StyleEditor";
import { lazily } from "../ui/lazily";

const FormulaEditor = lazily(async () => (await import("../formula/FormulaEditor")).FormulaEditor);

interface Props {
  readonly title: string;
  readonly session: DocumentSession;
  readonly tableId: string;
  readonly owner: RuleOwner;
  readonly editable: boolean;
  readonly apply: (actions: UserAction[]) => void;
}

interface Editing {
  readonly column: GridColumn;
  readonly at: DOMRect;
  readonly early: EarlyKeys;
}

export function RuleFields({ title, session, tableId, owner, editable, apply }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Editing | null>(null);
  const group = useRef<HTMLFieldSetElement>(null);
  const add = (): void => {
    const { table, ref } = owner;
    apply([["AddEmptyRule", tableId, table === "_grist_Views_section_field" ? ref : 0, table === "_grist_Tables_column" ? ref : 0]]);
  };
  const edit = (rule: ColumnInfo, number: number, at: DOMRect): void => {
    const column = ruleColumn(rule, t("rules.name", { title, number }));
    setEditing({ column, at, early: catchKeys(at, column.label) });
  };
  const remove = (at: number): void => {
    apply([removeRule(owner, at)]);
    group.current?.querySelector<HTMLElement>(".rule-add")?.focus();
  };
  return (
    <fieldset className="panel-group" ref={group}>
      <legend>{title}</legend>
      {owner.rules.map((ref, at) => {
        const rule = session.model.column(ref);
        if (!rule) return null;
        const name = t("rules.name", { title, number: at + 1 });
        return (
          <div key={ref} className="rule">
            <div className="rule-head">
              <Button
                className="input mono rule-formula"
                aria-label={`${name}: ${rule.formula || t("rules.empty")}`}
                isDisabled={!editable}
                onPress={({ target }) => edit(rule, at + 1, target.getBoundingClientRect())}
              >
                {rule.formula || t("rules.empty")}
              </Button>
              {editable ? (
                <Button className="icon-button" aria-label={t("rules.remove", { name })} onPress={() => remove(at)}>
                  <Icon name="remove" />
                </Button>
              ) : null}
            </div>
            <StyleEditor title={t("rules.style", { number: at + 1 })} options={ruleStyle(owner, at)} editable={editable} change={(changes) => apply([changeRule(owner, at, changes)])} />
          </div>
        );
      })}
      {editable ? (
        <Button className="button rule-add" onPress={add}>
          <Icon name="add" />
          {t("rules.add")}
        </Button>
      ) : null}
      {editing ? <FormulaEditor session={session} tableId={tableId} {...editing} rowId={null} initial={undefined} onClose={() => setEditing(null)} /> : null}
    </fieldset>
  );
}

/** A rule's column as the editor of formulas wants it. */
function ruleColumn(rule: ColumnInfo, label: string): GridColumn {
  return {
    fieldRef: 0,
    colRef: rule.ref,
    colId: rule.colId,
    label,
    type: rule.type,
    isFormula: true,
    formula: rule.formula,
    options: {},
    displayColId: rule.colId,
    width: 0,
    readOnly: false,
  };
}
