/** The texts of each language, loaded when needed: those of every page, the grid's under "grid", and the topics of panels and dialogs that are open. */

type Texts = Record<string, unknown>;
type Loaders = Record<string, () => Promise<{ default: Texts }>>;

const OURS = import.meta.glob<{ default: Texts }>(["./en.json", "./fr.json"]) as Loaders;
const GRID = import.meta.glob<{ default: Texts }>("./grid.*.json") as Loaders;
const TOPICS = import.meta.glob<{ default: Texts }>("./topics/*.json") as Loaders;

export async function localTranslations(language: string, topics: Iterable<string>): Promise<Texts> {
  const loaders = [OURS[`./${language}.json`], ...[...topics].map((topic) => TOPICS[`./topics/${topic}.${language}.json`])];
  const [grid, ...ours] = await Promise.all([GRID[`./grid.${language}.json`], ...loaders].map((load) => load?.()));
  return { ...Object.assign({}, ...ours.map((texts) => texts?.default)), grid: grid?.default ?? {} };
}

/** The texts of one topic: `topics/<topic>.<language>.json`. */
export async function topicTranslations(topic: string, language: string): Promise<Texts> {
  return (await TOPICS[`./topics/${topic}.${language}.json`]?.())?.default ?? {};
}
