/** Colours and letters of one style: of cells, of headers, of a rule. */
import { useTranslation } from "react-i18next";
import { Button, ToggleButton } from "react-aria-components";
import { readableOn } from "../cells/style";
import type { Options } from "./options";

interface Props {
  readonly title: string;
  readonly options: Options;
  /** Headers keep their style beside that of cells, under names of their own. */
  readonly prefix?: "header";
  readonly editable: boolean;
  readonly change: (changes: Options) => void;
}

const LETTERS = ["Bold", "Italic", "Underline", "Strikethrough"] as const;
const COLOUR = /^#[0-9a-f]{6}$/i;

export function StyleEditor({ title, options, prefix, editable, change }: Props) {
  const { t } = useTranslation();
  const key = (name: string): string => (prefix ? `${prefix}${name[0]?.toUpperCase() ?? ""}${name.slice(1)}` : name);
  const colour = (name: string, none: string): string => {
    const value = options[key(name)];
    return typeof value === "string" && COLOUR.test(value) ? value : none;
  };
  const names = ["fillColor", "textColor", ...LETTERS.map((letter) => `font${letter}`)].map(key);
  const styled = names.some((name) => options[name] !== undefined && options[name] !== "" && options[name] !== false);
  return (
    <div className="style-editor" role="group" aria-label={title}>
      <span className="style-title">{title}</span>
      <input
        type="color"
        aria-label={t("style.fill", { title })}
        title={t("style.fill", { title })}
        disabled={!editable}
        value={colour("fillColor", "#ffffff")}
        onChange={({ target: { value } }) => {
          const text = options[key("textColor")];
          change({ [key("fillColor")]: value, ...(text ? {} : { [key("textColor")]: readableOn(value) === "#ffffff" ? "#ffffff" : "#000000" }) });
        }}
      />
      <input
        type="color"
        className="style-text"
        aria-label={t("style.text", { title })}
        title={t("style.text", { title })}
        disabled={!editable}
        value={colour("textColor", "#000000")}
        onChange={({ target: { value } }) => change({ [key("textColor")]: value })}
      />
      {LETTERS.map((letter) => (
        <ToggleButton
          key={letter}
          className={`icon-button style-letter is-${letter.toLowerCase()}`}
          aria-label={t(`style.${letter}`)}
          isDisabled={!editable}
          isSelected={options[key(`font${letter}`)] === true}
          onChange={(on) => change({ [key(`font${letter}`)]: on ? true : undefined })}
        >
          {letter[0]}
        </ToggleButton>
      ))}
      {styled && editable ? (
        <Button
          className="icon-button"
          aria-label={t("style.clear", { title })}
          onPress={() => change(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          ×
        </Button>
      ) : null}
    </div>
  );
}
