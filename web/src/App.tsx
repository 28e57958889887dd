import { lazy, Suspense } from "react";
import { I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useRoute } from "./navigation";
import { Messages } from "./ui/Messages";

// Each page brings what it needs: the first view of a document loads nothing of the home page.
const HomePage = lazy(async () => ({ default: (await import("./home/HomePage")).HomePage }));
const DocumentPage = lazy(async () => ({ default: (await import("./doc/DocumentPage")).DocumentPage }));

export function App() {
  const { i18n } = useTranslation();
  const route = useRoute();
  return (
    <I18nProvider locale={i18n.language}>
      <Suspense fallback={null}>
        {route.page === "home" ? <HomePage /> : <DocumentPage key={route.docId} docId={route.docId} view={route.view} cursor={route.cursor} />}
      </Suspense>
      <Messages />
    </I18nProvider>
  );
}
