/** Languages of the interface: the browser's, or the one chosen here. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { localTranslations } from "./languages";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "fr", name: "Français" },
] as const;

export type Language = (typeof LANGUAGES)[number]["code"];

const STORED = "moulin.language";

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
    resources: { [language]: { translation: await localTranslations(language) } },
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
  i18next.addResourceBundle(language, "translation", await localTranslations(language));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
