// Adds up the gzipped JavaScript of the first document view from the build's manifest and fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 200;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

/** Chunks that the document page loads before anybody asks for more: the entry, the page, all they import. */
const roots = ["index.html", "src/doc/DocumentPage.tsx"].filter((name) => manifest[name]);
const seen = new Set();
const visit = (name) => {
  if (seen.has(name)) return;
  seen.add(name);
  for (const next of manifest[name].imports ?? []) visit(next);
};
roots.forEach(visit);

let total = 0;
for (const name of seen) {
  const { file } = manifest[name];
  if (!file.endsWith(".js")) continue;
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;
  total += size;
  console.log(`${size.toFixed(1).padStart(7)} kB  ${file}`);
}
console.log(`${total.toFixed(1).padStart(7)} kB  first document view, JavaScript gzipped (budget ${BUDGET_KB})`);
if (total > BUDGET_KB) process.exit(1);
