/** Languages of the interface: the browser's, or the one chosen here. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { localTranslations, topicTranslations } from "./languages";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "fr", name: "Français" },
] as const;

export type Language = (typeof LANGUAGES)[number]["code"];

const STORED = "moulin.language";

/** Topics whose texts are in use. */
const topics = new Set<string>();

/** Loads the texts of a topic: a panel that comes later brings its own, so that the first page stays small. */
export async function loadTopic(topic: string): Promise<void> {
  if (topics.has(topic)) return;
  const { language } = i18next;
  i18next.addResourceBundle(language, "translation", await topicTranslations(topic, language), true);
  topics.add(topic);
}

export function preferredLanguage(): Language {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(STORED);
  } catch {
    // Storage may be forbidden: the browser's language is used.
  }
  const wished = stored ?? navigator.language;
  return LANGUAGES.find(({ code }) => wished.toLowerCase().startsWith(code))?.code ?? "en";
}

export async function startLanguages(): Promise<void> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { [language]: { translation: await localTranslations(language, topics) } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

export async function switchLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // The choice then holds for this visit only.
  }
  i18next.addResourceBundle(language, "translation", await localTranslations(language, topics));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
