/** Opens a document over its own connection for as long as a page shows it. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { fetchDocument, type DocumentEntry } from "../api/http";
import { GristSocket, type ConnectionState } from "../api/socket";
import { DocumentSession } from "../store/session";

export interface OpenDocument {
  readonly session: DocumentSession | null;
  readonly entry: DocumentEntry | null;
  readonly connection: ConnectionState;
  readonly error: unknown;
  readonly reconnect: () => void;
  readonly setEntry: (entry: DocumentEntry) => void;
}

function socketAddress(): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/o/docs/`;
}

/** `docId` may also be the short name of the document's address. */
export function useDocument(docId: string): OpenDocument {
  const [session, setSession] = useState<DocumentSession | null>(null);
  const [entry, setEntry] = useState<DocumentEntry | null>(null);
  const [connection, setConnection] = useState<ConnectionState>("connecting");
  const [error, setError] = useState<unknown>(null);
  const [socket, setSocket] = useState<GristSocket | null>(null);

  useEffect(() => {
    let current: DocumentSession | null = null;
    let gone = false;
    const opened = new GristSocket(
      { url: socketAddress(), timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, locale: navigator.language },
      {
        push: (message) => current?.receive(message),
        state: setConnection,
        reload: () => {
          current?.open().catch(setError);
        },
      },
    );
    const start = async (): Promise<void> => {
      const found = await fetchDocument(docId);
      if (gone) return;
      setEntry(found);
      opened.connect();
      current = new DocumentSession(found.id, opened);
      await current.open();
      if (!gone) setSession(current);
    };
    setSocket(opened);
    start().catch((problem: unknown) => {
      if (!gone) setError(problem);
    });
    return () => {
      gone = true;
      current?.close();
      opened.close();
    };
  }, [docId]);

  return { session, entry, connection, error, reconnect: () => socket?.retryNow(), setEntry };
}

/** Renders again when the document's model or history changes; gives a number that grows. */
export function useModelVersion(session: DocumentSession): number {
  return useSyncExternalStore(
    (listener) => session.events.subscribe(listener),
    () => session.revision,
  );
}
