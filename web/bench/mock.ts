/** A page with nothing but a grid of made-up rows: `?rows=1000000&columns=20&frozen=0&wrap=0`. */
import i18next from "i18next";
import "../src/cells/cells.css";
import { Grid } from "../src/grid/grid";
import "../src/grid/grid.css";
import en from "../src/i18n/grid.en.json";
import fr from "../src/i18n/grid.fr.json";
import "../src/theme/base.css";
import "../src/theme/tokens.css";
import { mockActions, MockSource, type Log } from "./mock-source";

const asked = new URLSearchParams(location.search);
const number = (name: string, otherwise: number): number => Number(asked.get(name) ?? otherwise);
const language = asked.get("lang") ?? "en";
document.documentElement.lang = language;

await i18next.init({ lng: language, resources: { en: { translation: en }, fr: { translation: fr } }, interpolation: { escapeValue: false } });

const host = document.getElementById("host");
const said = document.getElementById("said");
if (!host || !said) throw new Error("the page is not whole");
const source = new MockSource(number("rows", 1_000_000), number("columns", 20));
if (number("wrap", 0)) source.columns = source.columns.map((column) => (column.type === "Text" ? { ...column, width: 90, options: { wrap: true } } : column));
if (number("plain", 0)) source.columns = source.columns.map((column) => ({ ...column, type: "Text", options: {}, displayColId: column.colId, width: 100 }));
const log: Log = [];
const actions = mockActions(source, (message) => (said.textContent = message), log);
const grid = new Grid(host, source, actions, {
  locale: language === "fr" ? "fr-FR" : "en-US",
  timezone: "Europe/Paris",
  currency: null,
  t: (key, params) => i18next.t(key, params ?? {}),
  readOnly: asked.get("readOnly") === "1",
  label: "Made-up rows",
  document: "mock",
  look: { frozen: number("frozen", 0), zebra: asked.get("zebra") === "1", rowLines: asked.has("lines") ? number("lines", 3) : null },
});
Object.assign(window, { grid, source, log });
