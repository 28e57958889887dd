/** The server's suggestions (`autocomplete`) as CodeMirror's completions. */
import type { Completion, CompletionResult } from "@codemirror/autocomplete";

/** Each suggestion is `[text | [name, "(args)", isGristFunction], example | null]`. */
export function toCompletions(answer: unknown, from: number): CompletionResult | null {
  if (!Array.isArray(answer) || answer.length === 0) return null;
  const options = answer.flatMap((entry: unknown): Completion[] => {
    const [suggestion, example] = Array.isArray(entry) ? entry : [entry, null];
    const detail = typeof example === "string" && example !== "" ? { detail: example } : {};
    if (typeof suggestion === "string") return [{ label: suggestion, type: suggestion.includes("$") ? "property" : "variable", ...detail }];
    if (Array.isArray(suggestion) && typeof suggestion[0] === "string") {
      const signature = typeof suggestion[1] === "string" ? suggestion[1] : "()";
      return [{ label: suggestion[0], type: "function", apply: `${suggestion[0]}(`, detail: signature }];
    }
    return [];
  });
  return { from, options, validFor: /^[\w.$]*$/ };
}
