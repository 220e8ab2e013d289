import {
  completeAttempts,
  isRevoked,
  isVetoed,
  liveAttempts,
  postBy,
  type RoundView,
  type WatchedAttempt,
} from "./round-view.js";

/** What to do about a round now. */
export type Decision =
  /** Nothing yet. */
  | { do: "wait"; why: string; until?: number }
  /** Measure the predictions, and write the score file. */
  | { do: "score"; predictions: string; targets: string }
  /** Plan, and begin, continue or approve the account's own attempt. */
  | { do: "post" }
  | { do: "approve"; attemptId: number }
  /** The steps that anybody may take; `patience` seconds are for those before us to take it first. */
  | { do: "finalize"; attemptId: number; patience: number }
  | { do: "void"; patience: number }
  | { do: "settle"; patience: number }
  | { do: "sweep"; patience: number }
  /** Nothing is left to do, ever. */
  | { do: "finish" };

/** Seconds that each member leaves to the one before for a step that anybody may take. */
export const STAGGER = 600;
/** Seconds that settling waits for a round that was resolved earlier: bonuses count only what is settled. */
export const HOLD = 6 * 3600;
/** Most seconds of a member's turn to begin an attempt. */
const LONGEST_TURN = 2 * 3600;

/**
 * The right next thing for one account to do about a round. Of what is seen alone, so that it is the same after a
 * restart.
 */
export function decide(view: RoundView): Decision {
  const { round } = view;
  switch (round.status) {
    case "None":
    case "Open":
      return { do: "wait", why: "the round is open", until: round.terms.closesAt };
    case "Closed":
      return decideScoring(view);
    case "Resolved":
    case "Void":
      return decideSettling(view);
  }
}

/**
 * Unix seconds from which an account may begin an attempt of its own, so that members do not begin at once. Turns are
 * counted from when there was something to post: the close, the last veto or the saving of the score file.
 */
export function turnBegins(view: RoundView): number {
  const { round, turn, scores, vetoedAt = 0, now } = view;
  // A file out of the future comes from a clock that is wrong.
  const savedAt = scores.state === "ready" && scores.savedAt <= now ? scores.savedAt : 0;
  const from = Math.max(round.terms.closesAt, vetoedAt, savedAt);
  const length = Math.min(LONGEST_TURN, Math.floor((postBy(round) - from) / (turn.members + 2)));
  const begunByOther = liveAttempts(view).length > 0;
  return from + Math.max(0, length) * (turn.place + (begunByOther ? 1 : 0));
}

function decideScoring(view: RoundView): Decision {
  const { round, now, quorum } = view;
  if (round.stakeCount === 0 || now > round.deadline) return { do: "void", patience: patience(view) };
  const approved = completeAttempts(view).filter(({ approvals }) => approvals >= quorum);
  const acceptable = approved.filter((attempt) => mayFinalize(view, attempt));
  if (acceptable.length === 0) return view.turn.isMember ? decideAsMember(view) : waitForOthers(view);

  const ends = ({ completedAt }: WatchedAttempt) => completedAt + round.terms.challengePeriod;
  const first = acceptable.reduce((a, b) => (ends(b) < ends(a) ? b : a));
  if (now < ends(first)) return { do: "wait", why: "the challenge period is running", until: ends(first) };
  return { do: "finalize", attemptId: first.attemptId, patience: patience(view) };
}

/** Anybody may finalize what a quorum approved; a member with scores of its own only what agrees with them. */
function mayFinalize(view: RoundView, attempt: WatchedAttempt): boolean {
  if (!view.turn.isMember) return true;
  if (isRevoked(view, attempt)) return false;
  return attempt.verdict?.agrees === true || view.scores.state === "missing";
}

function decideAsMember(view: RoundView): Decision {
  const { round, scores, now, settledNow } = view;
  if (scores.state === "missing") return { do: "wait", why: "no scores yet", until: postBy(round) };
  if (scores.state === "arriving") return { do: "wait", why: "the files of the round are still changing" };
  if (settledNow < round.terms.closesAt) return { do: "wait", why: "the close is not final yet" };
  if (scores.state === "measurable") {
    const { predictions, targets } = scores;
    return { do: "score", predictions, targets };
  }
  if (completeAttempts(view).some((attempt) => isRevoked(view, attempt))) {
    return { do: "wait", why: "this account took an approval back after the score file was saved" };
  }
  // Before what was begun: it may have been on its way when the veto came.
  if (isVetoed(view)) return { do: "wait", why: "the guardian vetoed after the score file was saved" };
  const own = liveAttempts(view).filter((attempt) => attempt.own);
  const started = own.findLast(
    ({ evidenceHash, verdict }) => evidenceHash === scores.sha256 && verdict?.agrees !== false,
  );
  if (started !== undefined && !(started.completedAt > 0 && started.approved)) return postInTime(view, started);
  // Members who began at the same time approve the same one: the oldest.
  const agreed = completeAttempts(view).find(({ verdict }) => verdict?.agrees === true);
  if (agreed !== undefined && !agreed.approved) {
    return { do: "approve", attemptId: agreed.attemptId };
  }
  if (agreed !== undefined) return { do: "wait", why: "more members must approve", until: round.deadline };
  if (own.length > 0) return { do: "wait", why: "the score file is not the one that was posted" };
  if (completeAttempts(view).some(({ approvals, verdict }) => approvals >= view.quorum && verdict === undefined)) {
    return { do: "wait", why: "the approved scores are compared once they are final" };
  }
  const begins = turnBegins(view);
  if (now < begins) return { do: "wait", why: "another member comes first", until: begins };
  return postInTime(view);
}

/** A complete attempt needs no more scores, whatever the time. */
function postInTime(view: RoundView, started?: WatchedAttempt): Decision {
  const { round, now } = view;
  if (now <= postBy(round) || (started !== undefined && started.completedAt > 0)) return { do: "post" };
  return { do: "wait", why: "it is too late to post scores", until: round.deadline };
}

function waitForOthers({ round }: RoundView): Decision {
  return { do: "wait", why: "the committee is scoring", until: round.deadline };
}

function decideSettling(view: RoundView): Decision {
  const { round, sweepable, unsettledBefore } = view;
  if (round.settledCount < round.stakeCount) {
    return { do: "settle", patience: patience(view) + (unsettledBefore.length > 0 ? HOLD : 0) };
  }
  return sweepable ? { do: "sweep", patience: patience(view) } : { do: "finish" };
}

function patience({ turn }: RoundView): number {
  return turn.place * STAGGER;
}
