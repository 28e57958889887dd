/** How the cells of a column look, by its type: formats of numbers and dates, looks of texts and toggles, alignment. */
import { useTranslation } from "react-i18next";
import { baseType } from "../cells/values";
import { currencyOf, numberOptions } from "../format/numbers";
import { datePattern, DEFAULT_TIME_FORMAT } from "../format/dates";
import type { FormatSettings } from "../format/settings";
import { Choose, Draft, Tick } from "./fields";
import type { Options } from "./options";

interface Props {
  readonly type: string;
  readonly options: Options;
  readonly settings: FormatSettings;
  readonly editable: boolean;
  readonly change: (changes: Options) => void;
}

const CURRENCIES: readonly string[] = Intl.supportedValuesOf("currency");
const DATE_FORMATS = ["YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "D MMMM YYYY", "MMMM Do, YYYY", "dddd D MMMM YYYY", "MM-YYYY"];
const TIME_FORMATS = ["h:mma", "h:mma z", "HH:mm", "HH:mm z", "HH:mm:ss", "HH:mm:ss z"];
const NO_ALIGNMENT: readonly string[] = ["Bool", "Attachments"];

export function LookFields(props: Props) {
  const base = baseType(props.type);
  return (
    <>
      {base === "Text" ? <TextLook {...props} /> : null}
      {base === "Numeric" || base === "Int" ? <NumberLook {...props} /> : null}
      {base === "Bool" ? <ToggleLook {...props} /> : null}
      {base === "Date" || base === "DateTime" ? <DateLook {...props} withTime={base === "DateTime"} /> : null}
      {NO_ALIGNMENT.includes(base) ? null : <Alignment {...props} isNumber={base === "Numeric" || base === "Int"} />}
    </>
  );
}

function TextLook({ options, editable, change }: Props) {
  const { t } = useTranslation();
  return (
    <Choose
      label={t("look.text")}
      value={String(options["widget"] ?? "TextBox")}
      disabled={!editable}
      options={[
        ["TextBox", t("look.plain")],
        ["Markdown", t("look.markdown")],
        ["HyperLink", t("look.link")],
      ]}
      onChange={(widget) => change({ widget })}
    />
  );
}

function ToggleLook({ options, editable, change }: Props) {
  const { t } = useTranslation();
  return (
    <Choose
      label={t("look.toggle")}
      value={String(options["widget"] ?? "CheckBox")}
      disabled={!editable}
      options={[
        ["CheckBox", t("look.box")],
        ["Switch", t("look.switch")],
        ["TextBox", t("look.plain")],
      ]}
      onChange={(widget) => change({ widget })}
    />
  );
}

function NumberLook({ options, settings, editable, change }: Props) {
  const { t } = useTranslation();
  const numbers = numberOptions(options);
  const places = (key: "decimals" | "maxDecimals") => (text: string) => {
    const count = Number.parseInt(text, 10);
    change({ [key]: Number.isNaN(count) ? undefined : Math.min(Math.max(count, 0), 20) });
  };
  return (
    <>
      <Choose
        label={t("look.number")}
        value={numbers.numMode ?? ""}
        disabled={!editable}
        options={[
          ["", t("look.asTyped")],
          ["decimal", t("look.thousands")],
          ["currency", t("look.currency")],
          ["percent", t("look.percent")],
          ["scientific", t("look.scientific")],
        ]}
        onChange={(mode) => change({ numMode: mode || null })}
      />
      {numbers.numMode === "currency" ? (
        <Choose
          label={t("look.currencyCode")}
          value={currencyOf(numbers, settings)}
          disabled={!editable}
          options={CURRENCIES.map((code) => [code, code] as const)}
          onChange={(currency) => change({ currency })}
        />
      ) : null}
      <div className="panel-pair">
        <Draft label={t("look.leastDecimals")} value={String(numbers.decimals ?? "")} disabled={!editable} onSave={places("decimals")} />
        <Draft label={t("look.mostDecimals")} value={String(numbers.maxDecimals ?? "")} disabled={!editable} onSave={places("maxDecimals")} />
      </div>
      <Tick
        label={t("look.parentheses")}
        value={numbers.numSign === "parens"}
        disabled={!editable}
        onChange={(on) => change({ numSign: on ? "parens" : null })}
      />
    </>
  );
}

function DateLook({ options, editable, change, withTime }: Props & { readonly withTime: boolean }) {
  const { t } = useTranslation();
  const date = datePattern(options);
  const time = typeof options["timeFormat"] === "string" ? options["timeFormat"] : DEFAULT_TIME_FORMAT;
  return (
    <>
      <Choose
        label={t("look.date")}
        value={date}
        disabled={!editable}
        options={DATE_FORMATS.map((format) => [format, format] as const)}
        onChange={(dateFormat) => change({ dateFormat, isCustomDateFormat: false })}
      />
      {withTime ? (
        <Choose
          label={t("look.time")}
          value={time}
          disabled={!editable}
          options={[...TIME_FORMATS.map((format) => [format, format] as const), ["", t("look.noTime")] as const]}
          onChange={(timeFormat) => change({ timeFormat, isCustomTimeFormat: false })}
        />
      ) : null}
    </>
  );
}

function Alignment({ options, editable, change, isNumber }: Props & { readonly isNumber: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <Choose
        label={t("look.alignment")}
        value={String(options["alignment"] ?? (isNumber ? "right" : "left"))}
        disabled={!editable}
        options={[
          ["left", t("look.left")],
          ["center", t("look.center")],
          ["right", t("look.right")],
        ]}
        onChange={(alignment) => change({ alignment })}
      />
      <Tick label={t("look.wrap")} value={options["wrap"] === true} disabled={!editable} onChange={(wrap) => change({ wrap })} />
    </>
  );
}
