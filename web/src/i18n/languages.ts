/** The texts of each language, loaded when needed: ours, and the grid's under "grid". */

type Texts = Record<string, unknown>;
type Loaders = Record<string, () => Promise<{ default: Texts }>>;

const OURS = import.meta.glob<{ default: Texts }>(["./en.json", "./fr.json"]) as Loaders;
const GRID = import.meta.glob<{ default: Texts }>("./grid.*.json") as Loaders;

export async function localTranslations(language: string): Promise<Texts> {
  const [ours, grid] = await Promise.all([OURS[`./${language}.json`]?.(), GRID[`./grid.${language}.json`]?.()]);
  return { ...ours?.default, grid: grid?.default ?? {} };
}
