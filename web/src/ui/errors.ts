/** Errors in people's words: what happened and what to do. */
import type { TFunction } from "i18next";
import { isRecord } from "../api/codec";
import { HttpError } from "../api/http";
import { ServerError } from "../api/socket";
import { showError } from "./messages";

export function explain(error: unknown, t: TFunction): string {
  if (error instanceof HttpError) return explainHttp(error, t);
  if (error instanceof ServerError) {
    if (error.code === "CONNECTION_LOST") return t("error.connectionLost");
    if (error.code === "AUTH_NO_VIEW") return t("error.noView");
    if (error.code === "AUTH_NO_EDIT") return t("error.noEdit");
    if (error.code === "ACL_DENY") return [t("error.rules"), ...memosOf(error)].join(" ");
    if (error.status === 404) return t("error.notFound");
    return t("error.server", { message: error.message });
  }
  return t("error.server", { message: error instanceof Error ? error.message : String(error) });
}

/** What the rules that refused say to people. */
function memosOf({ details }: ServerError): string[] {
  const memos: unknown = isRecord(details) ? details["memos"] : null;
  return Array.isArray(memos) ? memos.flatMap((memo: unknown) => (isRecord(memo) && typeof memo["text"] === "string" ? [memo["text"]] : [])) : [];
}

function explainHttp(error: HttpError, t: TFunction): string {
  if (error.code?.startsWith("IMPORT_") === true) return t(`error.${error.code}`, { message: error.message });
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
