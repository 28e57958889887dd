import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const host = document.getElementById("app");
if (host) {
  createRoot(host).render(
    <StrictMode>
      <main>Moulin</main>
    </StrictMode>,
  );
}
