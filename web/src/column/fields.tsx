/** The fields of the panel: a text that is saved when it is left, a list to choose from, a box to tick. */
import { useId, useState, type KeyboardEvent } from "react";

interface DraftProps {
  readonly label: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly mono?: boolean;
  readonly multiline?: boolean;
  readonly onSave: (value: string) => void;
}

/** A text that is saved when it loses the focus or on Enter. */
export function Draft({ label, value, disabled, mono, multiline, onSave }: DraftProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const id = useId();
  const props = {
    id,
    className: mono ? "input mono" : "input",
    value: draft ?? value,
    disabled,
    onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
    onBlur: () => {
      if (draft !== null && draft !== value) onSave(draft);
      setDraft(null);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        event.currentTarget.blur();
      } else if (event.key === "Escape") setDraft(null);
    },
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {multiline ? <textarea {...props} rows={3} /> : <input {...props} />}
    </div>
  );
}

interface ChooseProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly disabled: boolean;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** One of a list. A value that is not in the list is shown as it is. */
export function Choose<T extends string>({ label, value, disabled, options, onChange }: ChooseProps<T>) {
  const id = useId();
  const known = options.some(([each]) => each === value);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" disabled={disabled} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {known ? null : <option value={value}>{value}</option>}
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TickProps {
  readonly label: string;
  readonly value: boolean;
  readonly disabled: boolean;
  readonly onChange: (value: boolean) => void;
}

export function Tick({ label, value, disabled, onChange }: TickProps) {
  return (
    <label className="panel-tick">
      <input type="checkbox" checked={value} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
