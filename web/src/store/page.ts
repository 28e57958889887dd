/**
 * A page at work: its sections' sources, where their cursors are, and how cursors move other sections.
 *
 * Sources are made when the page opens and disposed with it. Views report cursor moves to `setCursor` and listen for those that links cause.
 */
import { Emitter } from "./emitter";
import { linkCursor, linkDefaults, type SourceRow } from "./linking";
import { SectionSource } from "./section";
import type { DocumentSession } from "./session";

export interface CursorMove {
  readonly sectionRef: number;
  readonly rowId: number;
}

type CursorRow = number | "new" | null;

export class PageController {
  /** A link asks this section's view to put its cursor on a row. */
  readonly moves = new Emitter<CursorMove>();
  /** Some section's current row, or its cells, changed. */
  readonly cursorChanges = new Emitter<number>();
  readonly #sources = new Map<number, SectionSource>();
  readonly #cursors = new Map<number, CursorRow>();
  readonly #unsubscribes: (() => void)[] = [];

  constructor(
    readonly session: DocumentSession,
    readonly now: () => number,
  ) {
    this.#unsubscribes.push(
      session.events.subscribe((event) => {
        if (event === "meta" || event === "reopened") this.#modelChanged();
      }),
    );
  }

  dispose(): void {
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    for (const source of this.#sources.values()) source.dispose();
    this.#sources.clear();
  }

  /** The source of a section; made on first use. */
  source(sectionRef: number): SectionSource {
    const existing = this.#sources.get(sectionRef);
    if (existing) return existing;
    const linkedTo = this.session.model.section(sectionRef)?.linkSrcSectionRef ?? 0;
    const source = new SectionSource(this.session, sectionRef, linkedTo ? this.#row(linkedTo) : null, this.now);
    this.#sources.set(sectionRef, source);
    this.#unsubscribes.push(source.subscribe(({ kind }) => this.#sourceChanged(sectionRef, kind)));
    return source;
  }

  /** Gives a section's window back, when it is not shown any more. */
  release(sectionRef: number): void {
    this.#sources.get(sectionRef)?.dispose();
    this.#sources.delete(sectionRef);
    this.#cursors.delete(sectionRef);
  }

  cursor(sectionRef: number): CursorRow {
    return this.#cursors.get(sectionRef) ?? null;
  }

  setCursor(sectionRef: number, rowId: CursorRow): void {
    if (this.cursor(sectionRef) === rowId) return;
    this.#cursors.set(sectionRef, rowId);
    this.#follow(sectionRef);
    this.cursorChanges.emit(sectionRef);
  }

  /** Cells that a new row of this section gets so that its link keeps showing it. */
  defaults(sectionRef: number): ReturnType<typeof linkDefaults> {
    const link = this.#sources.get(sectionRef)?.link;
    return link ? linkDefaults(link, this.#row(link.source)) : {};
  }

  #row(sectionRef: number): SourceRow | null {
    const rowId = this.cursor(sectionRef);
    const source = this.#sources.get(sectionRef);
    if (rowId === null || !source) return null;
    return { rowId, cell: (colId) => (rowId === "new" ? undefined : source.rows.cellOf(rowId, colId)) };
  }

  #sourceChanged(sectionRef: number, kind: string): void {
    if (kind === "rows") {
      const source = this.#sources.get(sectionRef);
      const rowId = this.cursor(sectionRef);
      if (source && (rowId === null || (rowId !== "new" && source.rows.isGone(rowId)))) {
        const first = source.rowId(0);
        if (first !== rowId) {
          this.setCursor(sectionRef, first);
          if (first !== null) this.moves.emit({ sectionRef, rowId: first });
          return;
        }
      }
    }
    if (kind !== "columns") this.#follow(sectionRef);
  }

  /** Brings the sections that are linked to this one into line with its current row. */
  #follow(sectionRef: number): void {
    const row = this.#row(sectionRef);
    for (const [ref, source] of this.#sources) {
      const link = source.link;
      if (!link || link.source !== sectionRef) continue;
      if (link.kind === "cursor") {
        const rowId = linkCursor(link, row);
        if (rowId !== null && rowId !== this.cursor(ref)) {
          this.setCursor(ref, rowId);
          this.moves.emit({ sectionRef: ref, rowId });
        }
      } else source.linkChanged(row);
    }
  }

  #modelChanged(): void {
    for (const [ref, source] of this.#sources) {
      if (!source.section) this.release(ref);
      else source.modelChanged();
    }
    for (const ref of this.#sources.keys()) this.#follow(ref);
  }
}
