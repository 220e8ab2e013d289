import { completeAttempts, isVetoed, liveAttempts, postBy, type RoundView, type WatchedAttempt } from "./round-view.js";

/** Everything a person may have to look at. */
export const ATTENTION_KINDS = [
  "scores-missing",
  "scores-changed",
  "disagreement",
  "rival-attempt",
  "veto",
  "approvals-missing",
  "too-late",
  "failing",
  "low-balance",
  "not-a-member",
] as const;

export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** Something a person has to look at. */
export interface Attention {
  kind: AttentionKind;
  /** What was found, and what to do. */
  message: string;
}

/** Seconds before a deadline from which what is missing needs a person. */
const WARNING_TIME = 86_400;

/** What a person has to look at in a round. */
export function attentions(view: RoundView): Attention[] {
  if (view.round.status !== "Closed" || view.round.stakeCount === 0) return [];
  return [missingScores, changedScores, disagreement, rival, veto, missingApprovals, tooLate].flatMap(
    (look) => look(view) ?? [],
  );
}

function missingScores({ round, scores, turn, now }: RoundView): Attention | undefined {
  const by = postBy(round);
  if (!turn.isMember || scores.state === "ready" || now > by || now < by - WARNING_TIME) return undefined;
  const message = `no score file yet, and scores must be on chain by ${time(by)}: put scores.csv into the round's folder`;
  return { kind: "scores-missing", message };
}

function changedScores(view: RoundView): Attention | undefined {
  const { scores } = view;
  if (scores.state !== "ready") return undefined;
  const own = liveAttempts(view).filter((attempt) => attempt.own);
  const other = own.at(-1);
  const isSame = ({ evidenceHash, verdict }: WatchedAttempt) =>
    evidenceHash === scores.sha256 && verdict?.agrees !== false;
  if (other === undefined || own.some(isSame)) return undefined;
  const message = `attempt ${other.attemptId} was made from another score file than ${scores.path}: put that one back, or ask the guardian to veto if its scores were wrong`;
  return { kind: "scores-changed", message };
}

function disagreement(view: RoundView): Attention | undefined {
  const { round, quorum } = view;
  // The account's own is for scores-changed, unless others have made it count.
  const differing = completeAttempts(view)
    .filter(({ own, approvals, verdict }) => verdict?.agrees === false && (!own || approvals >= quorum))
    .sort((a, b) => Number(b.approvals - a.approvals));
  const [worst] = differing;
  if (worst === undefined) return undefined;
  const { attemptId, proposer, approvals, approved, completedAt, verdict } = worst;
  const found = `attempt ${attemptId} of ${proposer} (${approvals.toString()} approvals) differs from the score file: ${verdict?.detail ?? ""}`;
  const advice = [
    ...(approved ? ["this account approved it: take that back with revokeApproval if the score file is right"] : []),
    "compare the inputs with that member, and tell the guardian if its scores are wrong",
    ...(approvals >= quorum
      ? [`it has a quorum, and anybody can finalize it from ${time(completedAt + round.terms.challengePeriod)}`]
      : []),
  ];
  return { kind: "disagreement", message: [found, ...advice].join("; ") };
}

function rival(view: RoundView): Attention | undefined {
  const live = liveAttempts(view);
  const other = live.find(({ own }) => !own);
  if (other === undefined || !live.some(({ own }) => own)) return undefined;
  return {
    kind: "rival-attempt",
    message: `attempt ${other.attemptId} of ${other.proposer} lives beside this account's own: agree with that member which one is approved`,
  };
}

function veto(view: RoundView): Attention | undefined {
  const { scores, vetoedAt } = view;
  if (vetoedAt === undefined) return undefined;
  const review = "ask the guardian for the reason; correct the score file, or save it again to say that it is right";
  const used = "the score file was saved after it and is used";
  const advice = scores.state === "ready" && !isVetoed(view) ? used : review;
  return { kind: "veto", message: `the guardian vetoed at ${time(vetoedAt)}: ${advice}` };
}

function missingApprovals(view: RoundView): Attention | undefined {
  const { round, quorum, now } = view;
  const complete = completeAttempts(view);
  if (complete.length === 0 || complete.some(({ approvals }) => approvals >= quorum)) return undefined;
  if (now > round.deadline || now < round.deadline - WARNING_TIME) return undefined;
  const most = complete.reduce((a, b) => (b.approvals > a.approvals ? b : a));
  return {
    kind: "approvals-missing",
    message: `attempt ${most.attemptId} has ${most.approvals.toString()} of ${quorum.toString()} approvals, and the round is void after ${time(round.deadline)}: call the other members`,
  };
}

function tooLate(view: RoundView): Attention | undefined {
  const { round, now } = view;
  if (now <= postBy(round) || completeAttempts(view).length > 0) return undefined;
  const message = `no scores were on chain by ${time(postBy(round))}: the round is void after ${time(round.deadline)} and every stake goes back`;
  return { kind: "too-late", message };
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
