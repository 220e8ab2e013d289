import { NumeraireError } from "../../sdk/numeraire-error.js";
import { CHUNK, reportHash, scoresDigest } from "../../sdk/score-sheet.js";
import { formatEther } from "../../sdk/units.js";
import { approveCall, beginCall, postCall } from "./apply-calls.js";
import { checkDeployment, checkRound, checkFiles } from "./apply-checks.js";
import { readAttempts, type AttemptState } from "./attempt-state.js";
import { requireSigner, type Context, type SigningContext } from "../chain/context.js";
import { currentGasPrice } from "../chain/gas-price.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { readPlan, type Plan } from "./plan-file.js";
import { readRound, type RoundState } from "./round-state.js";
import { reconciledBlock } from "../chain/reconcile.js";
import { send, withJournal, type SendSettings } from "../chain/send.js";

export interface ApplyOptions extends SendSettings {
  /** Path of the plan. */
  planPath: string;
  /** Continue an attempt that was begun before, or refuse; another one may be begun when left out. */
  onlyContinue?: boolean | undefined;
}

/** What apply would do now. */
export interface ApplyPreview {
  plan: Plan;
  account: string;
  /** Own attempt that is continued; absent where one has to be begun. */
  attemptId?: number;
  /** Chunks on chain already. */
  postedChunks: number;
  /** What is left to send, in order; empty when there is nothing to do. Where an attempt has to be begun, the calls after it suppose that nobody else begins one first. */
  calls: PlannedCall[];
  /** Gas of the calls. */
  gas: bigint;
  /** Ether the calls cost at the present price, in wei; the plan says it at the price of its own block. */
  cost: bigint;
}

export interface ApplyResult {
  roundId: bigint;
  attemptId: number;
  reportHash: string;
  /** Transactions of this run; empty when there was nothing to do. */
  sent: { step: string; hash: string; gasUsed: bigint }[];
  approvals: bigint;
  quorum: bigint;
}

/**
 * Checks a plan against the chain and says what is left to do; sends nothing.
 * @throws {NumeraireError} naming the first thing that does not agree.
 */
export async function previewApply(context: Context, { planPath }: ApplyOptions): Promise<ApplyPreview> {
  const plan = await readPlan(planPath);
  const signing = requireSigner(context);
  await checkDeployment(context, plan);
  const round = await readRound(context.suite.tournament, plan.roundId);
  if (round.status === "Closed") {
    await checkFiles(plan, planPath);
    await checkRound(context, plan, round);
  }
  return preview(signing, plan, round);
}

/**
 * Begins the account's own attempt, posts what is missing and approves the report; continues where an earlier run
 * stopped, whatever stopped it. With nothing left to do it sends nothing.
 * @throws {NumeraireError} when plan, file and chain do not agree, or a transaction fails.
 */
export async function apply(context: Context, options: ApplyOptions): Promise<ApplyResult> {
  const signing = requireSigner(context);
  const first = await previewApply(context, options);
  if (first.calls.length === 0) return conclude(signing, first, []);

  return withJournal(signing, { ...options, due: first.calls }, (held) => execute(signing, first, held));
}

/**
 * Sends what is left, one transaction after another. Each is decided on the chain's state in a block in which all that
 * was sent before is mined, so that nothing is sent twice, whatever a node lags behind or a reorganisation undoes.
 */
async function execute(
  context: SigningContext,
  { plan, attemptId }: ApplyPreview,
  settings: ApplyOptions,
): Promise<ApplyResult> {
  let begun = settings.onlyContinue === true || attemptId !== undefined;
  const sent: ApplyResult["sent"] = [];
  const progress = context.log.progress("scores posted", plan.stakeCount);
  let shown = 0;
  try {
    for (;;) {
      const { now, nonce } = await previewReconciled(context, plan, settings);
      if (begun && now.attemptId === undefined) throw attemptLost(plan);
      const posted = Math.min(now.postedChunks * CHUNK, plan.stakeCount);
      if (posted !== shown) progress.step(posted - shown);
      shown = posted;
      const [call] = now.calls;
      if (call === undefined) return await conclude(context, now, sent);
      const receipt = await send(context, call, call.step, { ...settings, nonce });
      begun = true;
      sent.push({ step: call.step, hash: receipt.hash, gasUsed: receipt.gasUsed });
      context.log.info(`${call.step}: ${receipt.hash}, ${receipt.gasUsed.toString()} gas`);
    }
  } finally {
    progress.stop();
  }
}

/** What is left to do in a block that is part of the chain and has all that was sent, and with which nonce. */
async function previewReconciled(
  context: SigningContext,
  plan: Plan,
  settings: SendSettings,
): Promise<{ now: ApplyPreview; nonce: number }> {
  for (;;) {
    const block = await reconciledBlock(context, settings.journal, settings);
    const round = await readRound(context.suite.tournament, plan.roundId, block.number);
    const now = await preview(context, plan, round, block.number);
    if ((await context.provider.getBlock(block.number))?.hash === block.hash) return { now, nonce: block.nonce };
  }
}

async function preview(
  context: SigningContext,
  plan: Plan,
  round: RoundState,
  blockTag: number | "latest" = "latest",
): Promise<ApplyPreview> {
  const { committee, tournament } = context.suite;
  const account = await context.signer.getAddress();
  const attempts = await readAttempts(tournament, round, blockTag);
  if (round.status !== "Closed") return endedPreview(plan, round, attempts, account);

  const own = attempts.filter((attempt) => continues(plan, attempt, account)).at(-1);
  const postedChunks = own === undefined ? 0 : Math.ceil(own.scoredCount / CHUNK);
  const missing = plan.chunks.slice(postedChunks);
  const complete = own !== undefined && missing.length === 0;
  const approved = complete && (await committee.hasApproved(checkAttempt(plan, own), account, { blockTag }));
  const calls = await callsLeft(context, plan, { own, postedChunks, approved, next: round.attemptCount + 1 });
  const gas = calls.reduce((sum, call) => sum + (call.gas ?? 0n), 0n);
  const cost = gas * (await currentGasPrice(context.provider));
  if (calls.length > 0) await checkAccount(context, account, cost);
  if (missing.length > 0) await checkTime(context, round);
  return { plan, account, ...(own === undefined ? {} : { attemptId: own.attemptId }), postedChunks, calls, gas, cost };
}

/** What brings an attempt from where it stands to its proposer's approval. */
async function callsLeft(
  { suite }: Context,
  plan: Plan,
  at: { own: AttemptState | undefined; postedChunks: number; approved: boolean; next: number },
): Promise<PlannedCall[]> {
  const { own, postedChunks, approved, next } = at;
  const attemptId = own?.attemptId ?? next;
  const missing = plan.chunks.slice(postedChunks).map((_, i) => postedChunks + i);
  const posts = await Promise.all(missing.map((chunk) => postCall(suite, plan, attemptId, chunk)));
  const hash = hashOf(plan, attemptId);
  return [
    ...(own === undefined ? [await beginCall(suite, plan)] : []),
    ...posts,
    ...(approved ? [] : [await approveCall(suite, plan, hash)]),
  ];
}

function attemptLost({ roundId }: Plan): NumeraireError {
  return new NumeraireError(
    `round ${roundId.toString()}: found no attempt to go on with, expected the one of this run: it was vetoed meanwhile, or holds other scores than the plan`,
    { hint: "Find out why, with status --round; run the command again to begin another attempt.", exitCode: 2 },
  );
}

/** A round that is past scoring: nothing to do if it was resolved by this plan's scores. */
function endedPreview(plan: Plan, round: RoundState, attempts: AttemptState[], account: string): ApplyPreview {
  const name = `round ${round.roundId.toString()}`;
  const resolving = attempts.find(({ attemptId }) => attemptId === round.resolvedAttempt);
  if (resolving === undefined) {
    throw new NumeraireError(`${name}: found ${round.status}, expected Closed`, {
      hint: "Scores can be posted only while a round is closed and not yet resolved or void; see status --round.",
    });
  }
  if (resolving.cut !== plan.cut || resolving.scoresDigest !== plan.scoresDigest) {
    throw new NumeraireError(`${name}: found it resolved by other scores than the plan's, expected it Closed`, {
      hint: "Compare with verify --round and --scores; a resolved round cannot be scored again.",
      exitCode: 2,
    });
  }
  const { attemptId } = resolving;
  return { plan, account, attemptId, postedChunks: plan.chunks.length, calls: [], gas: 0n, cost: 0n };
}

/** Whether an attempt is this account's, alive, and holds the beginning of the plan's scores. */
function continues(plan: Plan, attempt: AttemptState, account: string): boolean {
  if (attempt.proposer !== account || attempt.vetoed) return false;
  if (attempt.cut !== plan.cut || attempt.evidenceHash !== plan.evidenceHash) return false;
  return attempt.scoresDigest === scoresDigest(plan.chunks.slice(0, Math.ceil(attempt.scoredCount / CHUNK)));
}

async function checkAccount(context: SigningContext, account: string, cost: bigint): Promise<void> {
  if (!(await context.suite.committee.isMember(account))) {
    throw new NumeraireError(`account ${account}: found no committee member, expected one`, {
      hint: "Use a member's account; status names the members.",
    });
  }
  const balance = await context.provider.getBalance(account);
  if (balance < cost) {
    throw new NumeraireError(
      `account ${account}: found ${formatEther(balance)} ether, expected at least ${formatEther(cost)} for gas`,
      { hint: "Send ether to the account, then run the command again." },
    );
  }
}

async function checkTime(context: Context, round: RoundState): Promise<void> {
  const postBy = round.deadline - round.terms.challengePeriod;
  const block = await context.provider.getBlock("latest");
  if (block !== null && block.timestamp > postBy) {
    throw new NumeraireError(
      `round ${round.roundId.toString()}: found ${new Date(block.timestamp * 1000).toISOString()}, expected to post scores by ${new Date(postBy * 1000).toISOString()}`,
      { hint: "It is too late to score the round: after its deadline anybody can void it, and every stake goes back." },
    );
  }
}

/** The report hash, once everything the contract computed is what the plan says. */
function checkAttempt(plan: Plan, attempt: AttemptState): string {
  const found = { ...attempt, paid: attempt.above + attempt.cutPayout };
  const expected = { ...plan.totals, scoresDigest: plan.scoresDigest };
  for (const name of ["above", "cutPayout", "paid", "burned", "scoresDigest"] as const) {
    if (found[name] !== expected[name]) {
      throw new NumeraireError(
        `attempt ${attempt.attemptId}: found ${name} ${String(found[name])}, expected ${String(expected[name])}`,
        { hint: "Contract and plan disagree; nothing was approved. Report this with the plan file." },
      );
    }
  }
  return hashOf(plan, attempt.attemptId);
}

function hashOf(plan: Plan, attemptId: number): string {
  return reportHash({ ...plan, attemptId: BigInt(attemptId) });
}

async function conclude(
  { suite: { committee, tournament } }: Context,
  { plan: { roundId }, attemptId = 0 }: ApplyPreview,
  sent: ApplyResult["sent"],
): Promise<ApplyResult> {
  const hash = await tournament.reportHash(roundId, attemptId);
  const [approvals, quorum] = await Promise.all([committee.approvals(hash), committee.quorum()]);
  return { roundId, attemptId, reportHash: hash, sent, approvals, quorum };
}
