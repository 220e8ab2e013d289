import type { AttemptState } from "../attempt-state.js";
import type { RoundState } from "../round-state.js";

/** An attempt, as this account sees it. */
export interface WatchedAttempt extends AttemptState {
  /** Begun by this account. */
  own: boolean;
  approvals: bigint;
  /** Whether this account has approved it. */
  approved: boolean;
  /** What the account's own score file says of it; absent where nobody has compared them yet. */
  verdict?: Verdict;
  /** Unix seconds at which this account last took its approval back; absent where it did not, or approved again. */
  revokedAt?: number;
}

/** Whether an attempt holds the scores of a score file. */
export interface Verdict {
  agrees: boolean;
  /** In one line; for a difference the first model that differs. */
  detail: string;
}

/** What lies in the round's folder. */
export type ScoresOnDisk =
  /** Neither scores nor what they could be measured from. */
  | { state: "missing" }
  /** A file that changed since the last look: it may still be being written. */
  | { state: "arriving" }
  /** Predictions and targets, and no score file. */
  | { state: "measurable"; predictions: string; targets: string }
  | ReadyScores;

/** A score file that can be used. */
export interface ReadyScores {
  state: "ready";
  path: string;
  /** Maps usernames to model ids, for a leaderboard. */
  mapping?: string;
  /** "0x" and 64 hex digits, as that of the mapping. */
  sha256: string;
  mappingSha256?: string;
  /** Unix seconds. */
  savedAt: number;
}

/** Everything that decides what a round needs next. */
export interface RoundView {
  round: RoundState;
  attempts: readonly WatchedAttempt[];
  scores: ScoresOnDisk;
  quorum: bigint;
  turn: Turn;
  /** Unix seconds of the newest block. */
  now: number;
  /** Unix seconds of the newest block that will stay. */
  settledNow: number;
  /** Unix seconds of the guardian's last veto; absent without one. */
  vetoedAt?: number;
  /** Whether something is left in the pools of a settled round that can be swept. */
  sweepable: boolean;
  /** Resolved rounds before this one with stakes left to settle. */
  unsettledBefore: readonly bigint[];
}

/** Where an account stands among the committee's members in one round. */
export interface Turn {
  isMember: boolean;
  /** 0 for the member who begins; who is no member comes after all of them. */
  place: number;
  members: number;
}

/** Seconds that the newest block may be behind this machine's clock while both are right. */
const CLOCK_TOLERANCE = 60;

/** The turn of an account: the first place goes round with the rounds. */
export function turnOf(members: readonly string[], account: string, roundId: bigint): Turn {
  const count = members.length;
  const index = members.findIndex((member) => member.toLowerCase() === account.toLowerCase());
  if (index < 0) return { isMember: false, place: count, members: count };
  const first = Number(roundId % BigInt(count));
  return { isMember: true, place: (index - first + count) % count, members: count };
}

/** Unix seconds by which the last chunk of an attempt must be on chain. */
export function postBy({ deadline, terms }: RoundState): number {
  return deadline - terms.challengePeriod;
}

/** Attempts that the guardian has not vetoed. */
export function liveAttempts({ attempts }: RoundView): WatchedAttempt[] {
  return attempts.filter(({ vetoed }) => !vetoed);
}

/** Attempts with all their scores that the guardian has not vetoed. */
export function completeAttempts(view: RoundView): WatchedAttempt[] {
  return liveAttempts(view).filter(({ completedAt }) => completedAt > 0);
}

/** Whether a veto came after the score file was saved: nobody has looked at the scores since. */
export function isVetoed(view: RoundView): boolean {
  const { scores, vetoedAt } = view;
  return vetoedAt !== undefined && scores.state === "ready" && !isSavedAfter(view, vetoedAt);
}

/** Whether the account took its approval of an attempt back, and nobody has saved the score file since. */
export function isRevoked(view: RoundView, { revokedAt }: WatchedAttempt): boolean {
  return revokedAt !== undefined && !isSavedAfter(view, revokedAt);
}

/** A file out of the future comes from a clock that is wrong, and says nothing of when somebody looked. */
function isSavedAfter({ scores, now }: RoundView, time: number): boolean {
  return scores.state === "ready" && scores.savedAt > time && scores.savedAt <= now + CLOCK_TOLERANCE;
}
