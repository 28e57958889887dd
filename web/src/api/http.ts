/** Grist's REST interface, as far as the home page needs it. Same origin, session cookie, errors as `HttpError`. */
import { isRecord } from "./codec";

export class HttpError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    /** The server's word for it, e.g. "IMPORT_EMPTY". */
    readonly code: string | null = null,
  ) {
    super(message);
    this.name = "HttpError";
  }
}

export type Role = "owners" | "editors" | "viewers";

export interface DocumentEntry {
  readonly id: string;
  readonly urlId: string | null;
  readonly name: string;
  readonly access: Role;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly isPinned: boolean;
}

export interface Workspace {
  readonly id: number;
  readonly name: string;
  readonly access: Role;
  readonly docs: readonly DocumentEntry[];
}

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly anonymous?: boolean;
}

async function request(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { "X-Requested-With": "XMLHttpRequest" };
  let payload: BodyInit | undefined;
  if (body instanceof FormData) payload = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    payload = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { method, headers, credentials: "same-origin", ...(payload ? { body: payload } : {}) });
  } catch {
    throw new HttpError("the server does not answer", 0);
  }
  const text = await response.text();
  const answer: unknown = response.headers.get("content-type")?.includes("json") && text !== "" ? JSON.parse(text) : text;
  if (response.ok) return answer;
  const message = isRecord(answer) && typeof answer["error"] === "string" ? answer["error"] : response.statusText;
  const details = isRecord(answer) && isRecord(answer["details"]) ? answer["details"] : {};
  throw new HttpError(message, response.status, typeof details["code"] === "string" ? details["code"] : null);
}

export async function fetchPerson(): Promise<Person> {
  return (await request("GET", "/profile/user")) as Person;
}

/** All workspaces with their documents that the person may see on this site. */
export async function fetchWorkspaces(): Promise<Workspace[]> {
  return (await request("GET", "/orgs/current/workspaces")) as Workspace[];
}

export async function fetchDocument(docId: string): Promise<DocumentEntry> {
  return (await request("GET", `/docs/${encodeURIComponent(docId)}`)) as DocumentEntry;
}

/** Returns the id of the new, empty document. */
export async function createDocument(workspaceId: number, name: string): Promise<string> {
  const { timeZone: timezone, locale } = Intl.DateTimeFormat().resolvedOptions();
  return (await request("POST", `/workspaces/${workspaceId}/docs`, { name, browserSettings: { timezone, locale } })) as string;
}

/** Uploads a file as a new document; returns its id. */
export async function importDocument(workspaceId: number, file: File): Promise<string> {
  const form = new FormData();
  form.append("upload", file, file.name);
  form.append("documentName", file.name.replace(/\.[a-z]{2,5}$/i, ""));
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  form.append("timezone", timeZone);
  form.append("locale", locale);
  const answer = await request("POST", `/workspaces/${workspaceId}/import`, form);
  if (!isRecord(answer) || typeof answer["id"] !== "string") throw new HttpError("the server gave no document", 500);
  return answer["id"];
}

export async function renameDocument(docId: string, name: string): Promise<void> {
  await request("PATCH", `/docs/${encodeURIComponent(docId)}`, { name });
}

/** Moves the document to the trash. */
export async function removeDocument(docId: string): Promise<void> {
  await request("POST", `/docs/${encodeURIComponent(docId)}/remove`);
}

export type DownloadFormat = "grist" | "xlsx";

/** The address that gives the document as a file. */
export function downloadAddress(docId: string, format: DownloadFormat = "grist"): string {
  const path = `/api/docs/${encodeURIComponent(docId)}/download`;
  return format === "xlsx" ? `${path}/xlsx` : path;
}

/** The address of one attachment's bytes. */
export function attachmentAddress(docId: string, attachmentId: number, inline: boolean): string {
  return `/api/docs/${encodeURIComponent(docId)}/attachments/${attachmentId}/download${inline ? "?inline=1" : ""}`;
}
