/** The address bar as state: components read the route and go elsewhere without loading the page again. */
import { useSyncExternalStore } from "react";
import { parseRoute, type Route } from "./routes";

let address = "";
let route: Route = { page: "home" };

function current(): Route {
  const now = location.pathname + location.hash;
  if (now !== address) {
    address = now;
    route = parseRoute(location.pathname, location.hash);
  }
  return route;
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  return () => removeEventListener("popstate", listener);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (options.replace === true) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
