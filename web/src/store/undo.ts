/**
 * Undo and redo of one tab's own edits.
 *
 * Each edit is an action group that the server numbers; several with a chain of `linkId` make one step. Undo and redo name groups by number and hash, the
 * server does the rest. What others did is not touched.
 */

/** The head of a broadcast action group. */
export interface ActionGroup {
  readonly actionNum: number;
  readonly actionHash: string;
  readonly fromSelf: boolean;
  readonly linkId: number;
  readonly otherId: number;
  readonly isUndo: boolean;
  readonly internal?: boolean;
  readonly desc?: string;
  readonly rowIdHint?: number;
}

type Step = readonly ActionGroup[];

/** Asks the server to undo or redo these groups. */
export type ApplyById = (actionNums: number[], actionHashes: string[], undo: boolean, options: { otherId: number }) => Promise<void>;

const DEPTH = 200;

export class UndoStack {
  #steps: Step[] = [];
  /** Steps before this one can be undone, those from it on can be redone. */
  #position = 0;
  #busy: Promise<void> = Promise.resolve();

  get canUndo(): boolean {
    return this.#position > 0;
  }

  get canRedo(): boolean {
    return this.#position < this.#steps.length;
  }

  /** Takes note of a group of this tab's own; undos and redos are known already. */
  record(group: ActionGroup): void {
    if (group.isUndo || group.otherId !== 0 || group.internal === true || group.actionNum === 0) return;
    this.#steps.length = this.#position;
    const last = this.#steps.at(-1);
    const previous = last?.at(-1);
    if (last && previous && group.linkId !== 0 && group.linkId === previous.actionNum) {
      this.#steps[this.#steps.length - 1] = [...last, group];
      return;
    }
    this.#steps.push([group]);
    if (this.#steps.length > DEPTH) this.#steps.shift();
    this.#position = this.#steps.length;
  }

  /** Undoes the last step; resolves to it, or to `null` when there was none. */
  undo(apply: ApplyById): Promise<Step | null> {
    return this.#inTurn(async () => {
      const step = this.#steps[this.#position - 1];
      if (!step) return null;
      await apply(numbers(step), hashes(step), true, { otherId: step[0]?.actionNum ?? 0 });
      this.#position--;
      return step;
    });
  }

  /** Redoes the step undone last. */
  redo(apply: ApplyById): Promise<Step | null> {
    return this.#inTurn(async () => {
      const step = this.#steps[this.#position];
      if (!step) return null;
      await apply(numbers(step), hashes(step), false, { otherId: step[0]?.actionNum ?? 0 });
      this.#position++;
      return step;
    });
  }

  /** One after the other: a second press waits for the first answer. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

function numbers(step: Step): number[] {
  return step.map((group) => group.actionNum);
}

function hashes(step: Step): string[] {
  return step.map((group) => group.actionHash);
}
