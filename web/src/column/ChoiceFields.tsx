/** The choices of a column: their names, order and colours. Cells keep up when a choice is renamed. */
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "react-aria-components";
import { readableOn } from "../cells/style";
import { Icon } from "../ui/Icon";
import { moveChoice, readChoices, renameChoice, writeChoices, type Choices, type Options } from "./options";

interface Props {
  readonly options: Options;
  readonly editable: boolean;
  readonly change: (changes: Options) => void;
  /** Saves the choices, and gives the cells that held the one the other. */
  readonly rename: (changes: Options, from: string, to: string) => void;
}

const FILL = "#e8e8e8";

export function ChoiceFields({ options, editable, change, rename }: Props) {
  const { t } = useTranslation();
  const choices = readChoices(options);
  const [added, setAdded] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const save = (next: Choices): void => change(writeChoices(next));
  const add = (): void => {
    const name = added.trim();
    setAdded("");
    if (name !== "" && !choices.names.includes(name)) save({ ...choices, names: [...choices.names, name] });
  };
  const remove = (name: string): void => {
    save({ ...choices, names: choices.names.filter((each) => each !== name) });
    list.current?.parentElement?.querySelector<HTMLInputElement>(".choice-new")?.focus();
  };
  return (
    <fieldset className="panel-group">
      <legend>{t("choices.title")}</legend>
      {choices.names.length === 0 ? <p className="panel-note">{t("choices.none")}</p> : null}
      <ul className="choice-list" ref={list}>
        {choices.names.map((name, at) => (
          <ChoiceLine
            key={name}
            name={name}
            choices={choices}
            first={at === 0}
            last={at === choices.names.length - 1}
            editable={editable}
            save={save}
            remove={remove}
            rename={(to) => {
              const next = renameChoice(choices, name, to);
              if (next.names !== choices.names) rename(writeChoices(next), name, to);
            }}
          />
        ))}
      </ul>
      {editable ? (
        <div className="choice-add">
          <label className="visually-hidden" htmlFor={id}>
            {t("choices.new")}
          </label>
          <input
            id={id}
            className="input choice-new"
            placeholder={t("choices.new")}
            value={added}
            onChange={(event) => setAdded(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                add();
              }
            }}
          />
          <Button className="button" isDisabled={added.trim() === ""} onPress={add}>
            {t("choices.add")}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

interface LineProps {
  readonly name: string;
  readonly choices: Choices;
  readonly first: boolean;
  readonly last: boolean;
  readonly editable: boolean;
  readonly save: (choices: Choices) => void;
  readonly remove: (name: string) => void;
  readonly rename: (to: string) => void;
}

function ChoiceLine({ name, choices, first, last, editable, save, remove, rename }: LineProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  const style = choices.styles[name] ?? {};
  const fill = typeof style["fillColor"] === "string" ? style["fillColor"] : "";
  const colour = (fillColor: string): void => {
    save({ ...choices, styles: { ...choices.styles, [name]: { ...style, fillColor, textColor: readableOn(fillColor) } } });
  };
  return (
    <li className="choice-line">
      <input
        type="color"
        aria-label={t("choices.colour", { name })}
        disabled={!editable}
        value={/^#[0-9a-f]{6}$/i.test(fill) ? fill : FILL}
        onChange={(event) => colour(event.target.value)}
      />
      <input
        className="input"
        aria-label={t("choices.name", { name })}
        disabled={!editable}
        value={draft ?? name}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (draft !== null) rename(draft.trim());
          setDraft(null);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          else if (event.key === "Escape") setDraft(null);
        }}
      />
      {editable ? (
        <>
          <Button className="icon-button" aria-label={t("choices.up", { name })} isDisabled={first} onPress={() => save(moveChoice(choices, name, -1))}>
            <Icon name="sortUp" />
          </Button>
          <Button className="icon-button" aria-label={t("choices.down", { name })} isDisabled={last} onPress={() => save(moveChoice(choices, name, 1))}>
            <Icon name="sortDown" />
          </Button>
          <Button className="icon-button" aria-label={t("choices.remove", { name })} onPress={() => remove(name)}>
            <Icon name="remove" />
          </Button>
        </>
      ) : null}
    </li>
  );
}
