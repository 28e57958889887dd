import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const PLURAL = /_(one|many|other)$/;

function flatten(texts: object, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

/** The texts of all pages and of all topics; no two files give the same. */
function texts(language: string): Map<string, string> {
  const files = [`${language}.json`, ...readdirSync(join(import.meta.dirname, "topics")).filter((name) => name.endsWith(`.${language}.json`)).map((name) => `topics/${name}`)];
  const all = new Map<string, string>();
  for (const file of files) {
    for (const [key, text] of flatten(JSON.parse(readFileSync(join(import.meta.dirname, file), "utf8")) as object)) {
      expect(all.has(key), `${file}: ${key} is given twice`).toBe(false);
      all.set(key, text);
    }
  }
  return all;
}

const english = texts("en");
const french = texts("fr");
const keys = (texts: Map<string, string>): string[] => [...new Set([...texts.keys()].map((key) => key.replace(PLURAL, "")))].sort();

it("has the same texts in both languages", () => {
  expect(keys(french)).toEqual(keys(english));
});

it("fills the same gaps in both languages", () => {
  const gaps = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort();
  for (const [key, text] of english) expect(gaps(french.get(key) ?? ""), key).toEqual(gaps(text));
});

it("has no text that is empty", () => {
  for (const [key, text] of [...english, ...french]) expect(text.trim(), key).not.toBe("");
});

it("has every text that the sources ask for", () => {
  const root = join(import.meta.dirname, "..");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !/test|^(grid|cells|format)\//.test(name));
  const known = new Set(keys(english));
  const missing = sources.flatMap((name) => {
    const text = readFileSync(join(root, name), "utf8");
    return [...text.matchAll(/\bt\("([\w.]+)"/g)].map((match) => match[1] ?? "").filter((key) => !known.has(key)).map((key) => `${name}: ${key}`);
  });
  expect(missing).toEqual([]);
});
