/** Errors in people's words: what happened and what to do. */
import type { TFunction } from "i18next";
import { HttpError } from "../api/http";
import { ServerError } from "../api/socket";
import { showError } from "./messages";

export function explain(error: unknown, t: TFunction): string {
  if (error instanceof HttpError) return explainHttp(error, t);
  if (error instanceof ServerError) {
    if (error.code === "CONNECTION_LOST") return t("error.connectionLost");
    if (error.code === "AUTH_NO_VIEW") return t("error.noView");
    if (error.code === "AUTH_NO_EDIT" || error.code === "ACL_DENY") return t("error.noEdit");
    if (error.status === 404) return t("error.notFound");
    return t("error.server", { message: error.message });
  }
  return t("error.server", { message: error instanceof Error ? error.message : String(error) });
}

function explainHttp(error: HttpError, t: TFunction): string {
  switch (error.status) {
    case 0:
      return t("error.unreachable");
    case 401:
      return t("error.signIn");
    case 403:
      return t("error.noView");
    case 404:
      return t("error.notFound");
    case 413:
      return t("error.tooBig");
    default:
      return t("error.server", { message: error.message });
  }
}

/** Runs something that may fail and shows its error in the corner. */
export async function guarded(work: Promise<unknown>, t: TFunction): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    showError(explain(error, t));
    return false;
  }
}
