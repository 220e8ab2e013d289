import type { Log } from "../../terminal/log.js";
import type { Attention } from "./attentions.js";
import { describeDecision } from "./describe-decision.js";
import type { PassReport } from "./pass.js";

/** Something to say once, not at every look. */
export interface Note {
  /** Absent for what concerns the account. */
  roundId?: bigint;
  /** Kind of what needs a person; absent for where a round stands. */
  kind?: string;
  text: string;
}

/** What there is to say after a look, by what it is about. */
export function notesOf({ rounds, attentions }: PassReport): Map<string, Note> {
  const notes = new Map<string, Note>();
  const attend = (found: readonly Attention[], about: { roundId?: bigint }) => {
    for (const { kind, message } of found)
      notes.set(`${kind} ${String(about.roundId)}`, { ...about, kind, text: message });
  };
  for (const { roundId, stage, decision, attentions: own } of rounds) {
    if (stage !== undefined && decision !== undefined) {
      notes.set(`stage ${roundId}`, { roundId, text: `${stage}: ${describeDecision(decision)}` });
    }
    attend(own, { roundId });
  }
  attend(attentions, {});
  return notes;
}

/** Says what is new since the last look, and what needs a person no more. */
export function announce(
  before: ReadonlyMap<string, Note>,
  now: ReadonlyMap<string, Note>,
  logOf: (roundId?: bigint) => Log,
): void {
  for (const [about, { roundId, kind, text }] of now) {
    if (before.get(about)?.text === text) continue;
    if (kind === undefined) logOf(roundId).info(text);
    else logOf(roundId).warn(`needs attention (${kind}): ${text}`);
  }
  for (const [about, { roundId, kind }] of before) {
    if (kind !== undefined && !now.has(about)) logOf(roundId).info(`needs attention no more (${kind})`);
  }
}
