import { lazy, Suspense } from "react";
import { I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { HomePage } from "./home/HomePage";
import { useRoute } from "./navigation";
import { Messages } from "./ui/Messages";

const DocumentPage = lazy(async () => ({ default: (await import("./doc/DocumentPage")).DocumentPage }));

export function App() {
  const { i18n } = useTranslation();
  const route = useRoute();
  return (
    <I18nProvider locale={i18n.language}>
      {route.page === "home" ? (
        <HomePage />
      ) : (
        <Suspense fallback={null}>
          <DocumentPage key={route.docId} docId={route.docId} view={route.view} cursor={route.cursor} />
        </Suspense>
      )}
      <Messages />
    </I18nProvider>
  );
}
