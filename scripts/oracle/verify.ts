import { resolveAuction, type AuctionOutcome } from "../../sdk/auction.js";
import type { RoundStatus } from "../../sdk/round-status.js";
import type { Context } from "../chain/context.js";
import { replayApprovals } from "./verify/approvals.js";
import type { Check, Difference } from "./verify/check.js";
import { checkBalances } from "./verify/check-balances.js";
import { checkApprovals, checkResolution, checkSettlements, checkSums } from "./verify/check-resolution.js";
import { checkScoreFile } from "./verify/check-score-file.js";
import { checkAuction, checkReportHash, checkScoresOnChain } from "./verify/check-scores.js";
import { checkPools, checkStakes, checkTerms } from "./verify/check-stakes.js";
import { readRoundEvidence, type AttemptEvidence, type RoundEvidence } from "./verify/round-evidence.js";

/** What the scores on chain are compared with; with nothing when left out. */
export interface ScoreFileToVerify {
  /** Path of the score file. */
  scoreFile?: string | undefined;
  /** File that maps usernames of a leaderboard to model ids. */
  mapping?: string | undefined;
}

export interface VerifyOptions extends ScoreFileToVerify {
  roundId: bigint;
  /** Attempt to verify; the resolving one, or the newest complete one, when left out. */
  attemptId?: number | undefined;
}

export interface VerifyResult {
  /** Whether all agrees. */
  ok: boolean;
  roundId: bigint;
  status: RoundStatus;
  /** Absent for a void round. */
  attemptId?: number;
  reportHash?: string;
  /** Block that everything was read at. */
  blockNumber: number;
  checks: Check[];
  /** Those of all checks. */
  differences: Difference[];
}

/**
 * Recomputes a round from chain data alone (and a score file, when given) and compares it with what the contracts did.
 * Needs no key.
 * @throws {NumeraireError} when the round cannot be verified yet, or cannot be read.
 */
export async function verify(context: Context, options: VerifyOptions): Promise<VerifyResult> {
  const blockNumber = await context.provider.getBlockNumber();
  const evidence = await readRoundEvidence(context, options.roundId, options.attemptId, blockNumber);
  return verifyEvidence(context, evidence, options);
}

/** {@link verify}, of a round that was read already. */
export async function verifyEvidence(
  context: Context,
  evidence: RoundEvidence,
  file: ScoreFileToVerify = {},
): Promise<VerifyResult> {
  const { round, scoring, blockNumber } = evidence;
  const checks: Check[] = [checkTerms(evidence), checkStakes(evidence), checkPools(evidence)];
  if (scoring !== undefined) {
    checks.push(...(await checkScoring(context, evidence, scoring, file)));
  } else {
    const outcomes = evidence.placed.map(voidOutcome);
    checks.push(checkSettlements(evidence, outcomes), checkSums(evidence, 0n));
  }
  checks.push(await checkBalances(context, evidence));
  const differences = checks.flatMap((check) => check.differences);
  return {
    ok: differences.length === 0,
    roundId: round.roundId,
    status: round.status,
    ...(scoring === undefined ? {} : { attemptId: scoring.attempt.attemptId, reportHash: scoring.reportHash }),
    blockNumber,
    checks,
    differences,
  };
}

async function checkScoring(
  context: Context,
  evidence: RoundEvidence,
  scoring: AttemptEvidence,
  { scoreFile, mapping }: ScoreFileToVerify,
): Promise<Check[]> {
  const { round, placed, resolution } = evidence;
  const { attempt } = scoring;
  const { check, scores } = checkScoresOnChain(evidence, scoring);
  const approvals = await replayApprovals(context, scoring.reportHash, evidence.blockNumber, resolution);
  const checks = [
    check,
    checkReportHash(scoring, {
      chainId: context.chainId,
      tournament: await context.suite.tournament.getAddress(),
      roundId: round.roundId,
      attemptId: BigInt(attempt.attemptId),
    }),
    checkApprovals(evidence, approvals),
  ];
  if (scoreFile !== undefined) {
    checks.push(await checkScoreFile(context, evidence, scoring, scores, { path: scoreFile, mapping }));
  }
  // Without every stake and score the auction cannot be held; the checks of stakes and scores say so already.
  if (scores.length !== placed.length || placed.some(({ confidence }) => confidence === 0n)) return checks;
  const auction = resolveAuction({ stakes: placed, scores, terms: round.terms, prizePool: round.prizePool });
  checks.push(checkAuction(scoring, auction));
  if (resolution !== undefined) {
    checks.push(checkResolution(evidence, scoring, resolution, auction.burned));
    checks.push(checkSettlements(evidence, auction.outcomes), checkSums(evidence, auction.burned));
  }
  return checks;
}

/** A void round gives everything back. */
function voidOutcome({ amount }: { amount: bigint }): AuctionOutcome {
  return { returned: amount, burned: 0n, etherPaid: 0n, qualified: false, verdict: "returned", reason: "void round" };
}
