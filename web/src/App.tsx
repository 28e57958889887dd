import { I18nProvider } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useRoute } from "./navigation";
import { parseRoute } from "./routes";
import { lazily } from "./ui/lazily";
import { Messages } from "./ui/Messages";

// Each page brings what it needs: the first view of a document loads nothing of the home page.
const HomePage = lazily(async () => (await import("./home/HomePage")).HomePage);
const DocumentPage = lazily(async () => (await import("./doc/DocumentPage")).DocumentPage);

/** Loads the page of the address, so that it is there when the app is first shown. */
export const preloadPage = (): Promise<void> => (parseRoute(location.pathname, "").page === "home" ? HomePage : DocumentPage).preload();

export function App() {
  const { i18n } = useTranslation();
  const route = useRoute();
  return (
    <I18nProvider locale={i18n.language}>
      {route.page === "home" ? <HomePage /> : <DocumentPage key={route.docId} docId={route.docId} view={route.view} cursor={route.cursor} />}
      <Messages />
    </I18nProvider>
  );
}
