import { useTranslation } from "react-i18next";
import { LANGUAGES, switchLanguage } from "../i18n";
import { MenuButton } from "./Menus";

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  const name = LANGUAGES.find(({ code }) => code === i18n.language)?.name ?? i18n.language;
  return (
    <MenuButton
      label={t("common.language", { name })}
      icon="globe"
      className="button plain"
      entries={LANGUAGES.map(({ code, name: language }) => ({
        id: code,
        label: language,
        ...(code === i18n.language ? { icon: "check" as const } : {}),
        run: () => void switchLanguage(code),
      }))}
    >
      {name}
    </MenuButton>
  );
}
