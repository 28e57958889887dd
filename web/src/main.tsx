import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, preloadPage } from "./App";
import { startLanguages } from "./i18n";
import "./theme/tokens.css";
import "./theme/base.css";

const host = document.getElementById("app");
if (host) {
  await Promise.all([startLanguages(), preloadPage()]);
  createRoot(host).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
