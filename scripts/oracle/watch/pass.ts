import type { SigningContext } from "../../chain/context.js";
import { toNumeraireError } from "../../../sdk/decode-error.js";
import { withJournal, type SendSettings } from "../../chain/send.js";
import type { Log } from "../../terminal/log.js";
import { readRound } from "../round-state.js";
import { accountAttentions } from "./account-attentions.js";
import { act, type Action } from "./act.js";
import { attentions, type Attention } from "./attentions.js";
import { decide, type Decision } from "./decide.js";
import { failureAttention, recordFailure } from "./failures.js";
import { failureKind, type FailureKind } from "./failure-kind.js";
import { gasNeeded } from "./gas-needed.js";
import { readHead, type Head } from "./head.js";
import type { Memory } from "./memory.js";
import { newestBlock } from "./newest-block.js";
import { readView } from "./read-view.js";
import type { RoundView } from "./round-view.js";
import { stageOf, type Stage } from "./stage.js";

export interface PassSettings {
  /** Folder that holds one folder a round. */
  rounds: string;
  sending: SendSettings;
  /** Whether to do what is decided, or only to say it. */
  acting: boolean;
  /** Whether to leave members before this one time for what anybody may do. */
  patient: boolean;
  /** Milliseconds that a round is left alone after it failed once. */
  interval: number;
  /** Told to stop: what is begun is finished, nothing new is begun. */
  signal: AbortSignal;
  /** Log of one round, or of what concerns them all. */
  logOf: (roundId?: bigint) => Log;
  /** Told of each failure. */
  failed: (kind: FailureKind) => void;
}

/** Where a round stands after a look at it. */
export interface RoundReport {
  roundId: bigint;
  /** Absent, as are stage and decision, where the round could not be read. */
  view?: RoundView;
  stage?: Stage;
  decision?: Decision;
  attentions: Attention[];
}

/** What one look at everything found. */
export interface PassReport {
  head: Head;
  /** Rounds with something left to do. */
  rounds: RoundReport[];
  /** Number of rounds that are done for good. */
  finished: number;
  /** Gas that the rounds may still take. */
  gasNeeded: bigint;
  /** What concerns the account, not one round. */
  attentions: Attention[];
  /** Whether the node answered all through. */
  answered: boolean;
  /** Whether a round has more to settle that another look can go on with at once. */
  more: boolean;
}

/** A look at everything, while it goes on. */
interface Pass {
  context: SigningContext;
  memory: Memory;
  settings: PassSettings;
  head: Head;
  /** Rounds that were not done for good before. */
  open: readonly bigint[];
  views: Map<bigint, RoundView>;
  answered: boolean;
  more: boolean;
}

/** After a start there may be hundreds of rounds to read, nearly all of them done. */
const READ_AT_ONCE = 8;
/** Most steps of one round in one look: there are fewer from scores to swept. */
const MOST_STEPS = 8;

/**
 * Looks at every round that is not done, and does what is due; a round that fails leaves the others alone.
 * @throws what the provider throws where not even the head of the chain can be read.
 */
export async function runPass(context: SigningContext, memory: Memory, settings: PassSettings): Promise<PassReport> {
  const head = await headOf(context, memory);
  const ids = Array.from({ length: Number(head.roundCount) }, (_, i) => BigInt(i + 1));
  const open = ids.filter((id) => !memory.finished.has(id));
  const pass: Pass = { context, memory, settings, head, open, views: new Map(), answered: true, more: false };
  for (let from = 0; from < open.length && !settings.signal.aborted; from += READ_AT_ONCE) {
    const some = open.slice(from, from + READ_AT_ONCE);
    await Promise.all(some.map((roundId) => guarded(pass, roundId, () => look(pass, roundId))));
  }
  for (const roundId of inOrder(pass)) {
    await guarded(pass, roundId, () => attend(pass, roundId));
  }
  const needed = [...pass.views.values()].reduce((sum, view) => sum + gasNeeded(view), 0n);
  return {
    head,
    rounds: open.filter((id) => !memory.finished.has(id)).map((id) => reportOf(pass, id)),
    finished: memory.finished.size,
    gasNeeded: needed,
    attentions: accountAttentions(head, memory, needed),
    answered: pass.answered,
    more: pass.more,
  };
}

/** The chain as it is now, which is never older than it was seen before. */
async function headOf(context: SigningContext, memory: Memory): Promise<Head> {
  const head = await readHead(context);
  memory.newest = newestBlock(memory.newest, head.block, Date.now());
  return head;
}

/** Reads a round; one that is done for good needs nothing else. */
async function look(pass: Pass, roundId: bigint): Promise<void> {
  const { context, head, memory, settings } = pass;
  const view = await readView(context, head, roundId, settings.rounds, memory);
  if (decide(view).do === "finish") await finish(pass, view);
  if (!memory.finished.has(roundId)) pass.views.set(roundId, view);
}

/**
 * Rounds whose scores have a deadline first, then those to settle in the order in which they were resolved; the older
 * first among equals, whichever was read first.
 */
function inOrder({ views }: Pass): bigint[] {
  const rank = ({ round }: RoundView): number => (round.status === "Closed" ? round.deadline - 2 ** 40 : round.ordinal);
  return [...views.values()]
    .map((view) => ({ roundId: view.round.roundId, rank: rank(view) }))
    .sort((a, b) => a.rank - b.rank || Number(a.roundId - b.roundId))
    .map(({ roundId }) => roundId);
}

/** Does what is due for a round until it has to wait. */
async function attend(pass: Pass, roundId: bigint): Promise<void> {
  const { memory, settings } = pass;
  let before: { step: Decision["do"]; settled: number } | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const view = viewOf(pass, roundId);
    if (view === undefined) return;
    const decision = decide(view);
    if (decision.do === "finish" || decision.do === "wait") {
      for (const notes of [memory.failures, memory.due]) notes.delete(roundId);
      if (decision.do === "finish") await finish(pass, view);
      return;
    }
    if (decision.do === before?.step) {
      // The same again is the rest of a long step, or means that the node has not seen yet what was done.
      pass.more ||= view.round.settledCount > before.settled;
      return;
    }
    if (!settings.acting || settings.signal.aborted || isBackingOff(pass, roundId)) return;
    if (!isDue(pass, view, decision)) return;
    if (!(await carryOut(pass, roundId, decision))) continue;
    memory.failures.delete(roundId);
    before = { step: decision.do, settled: view.round.settledCount };
  }
}

/** @returns Whether it was done; false where it was not due any more. */
async function carryOut(pass: Pass, roundId: bigint, action: Action): Promise<boolean> {
  const { context, settings } = pass;
  const log = settings.logOf(roundId);
  const acting = { ...context, log };
  let done: boolean;
  try {
    done =
      action.do === "score"
        ? await actIfDue(pass, acting, roundId, action, settings.sending)
        : // Nobody else sends from the account now, and what was sent before has been waited for.
          await withJournal(acting, settings.sending, (held) => actIfDue(pass, acting, roundId, action, held));
  } catch (error) {
    if (await isStillDue(pass, roundId, action)) throw error;
    // What has become needless did not fail: somebody else changed what there is to do.
    const { message } = toNumeraireError(error);
    log.info(
      `${action.do}: ${"patience" in action ? "done already by somebody else" : `not due any more: ${message}`}`,
    );
    return false;
  }
  if (done) await lookAgain(pass, roundId);
  return done;
}

/** Looks again, and acts if the same is still due: minutes may have passed, and with them a veto or a revocation. */
async function actIfDue(
  pass: Pass,
  acting: SigningContext,
  roundId: bigint,
  action: Action,
  sending: SendSettings,
): Promise<boolean> {
  await lookAgain(pass, roundId);
  const view = viewOf(pass, roundId);
  if (view === undefined || pass.settings.signal.aborted || !isSame(decide(view), action)) return false;
  await act(acting, view, action, pass.settings.rounds, sending);
  return true;
}

/** After a failure; a node that cannot be asked changes nothing about it. */
async function isStillDue(pass: Pass, roundId: bigint, action: Action): Promise<boolean> {
  try {
    await lookAgain(pass, roundId);
  } catch {
    return true;
  }
  const view = viewOf(pass, roundId);
  return view === undefined || decide(view).do === action.do;
}

function isSame(a: Decision, b: Decision): boolean {
  const attempt = (decision: Decision) => ("attemptId" in decision ? decision.attemptId : undefined);
  return a.do === b.do && attempt(a) === attempt(b);
}

async function lookAgain(pass: Pass, roundId: bigint): Promise<void> {
  const { context, memory, settings } = pass;
  pass.head = await headOf(context, memory);
  pass.views.set(roundId, await readView(context, pass.head, roundId, settings.rounds, memory));
}

/** Forgets a round once nothing can come back: a block that will stay has it done. */
async function finish({ context, head, memory, settings }: Pass, { round }: RoundView): Promise<void> {
  const { roundId, stakeCount } = round;
  const settled = await readRound(context.suite.tournament, roundId, head.settledBlock);
  const ended = settled.status === "Resolved" || settled.status === "Void";
  if (!ended || settled.settledCount < stakeCount) return;
  memory.finished.add(roundId);
  memory.closeBlocks.delete(roundId);
  for (const known of [memory.verdicts, memory.digests]) {
    for (const key of known.keys()) if (key.startsWith(`${roundId} `)) known.delete(key);
  }
  settings.logOf(roundId).info(`done: ${round.status}, ${stakeCount} stakes settled`);
}

/** A round as it was read, with what the other rounds have to do with it. */
function viewOf({ memory, open, views }: Pass, roundId: bigint): RoundView | undefined {
  const view = views.get(roundId);
  if (view?.round.status !== "Resolved") return view;
  const { ordinal } = view.round;
  const isBefore = (id: bigint) => {
    const other = views.get(id)?.round;
    // One that could not be read may be one.
    if (other === undefined) return !memory.finished.has(id);
    return other.status === "Resolved" && other.ordinal < ordinal && other.settledCount < other.stakeCount;
  };
  return { ...view, unsettledBefore: open.filter(isBefore) };
}

function isBackingOff({ memory }: Pass, roundId: bigint): boolean {
  return Date.now() < (memory.failures.get(roundId)?.retryAt ?? 0);
}

/** Whether those before this account have had their time. */
function isDue({ memory, settings }: Pass, view: RoundView, action: Action): boolean {
  if (!("patience" in action) || !settings.patient) return true;
  const { roundId } = view.round;
  const known = memory.due.get(roundId);
  const since = known?.step === action.do ? known.since : view.now;
  memory.due.set(roundId, { step: action.do, since });
  return view.now - since >= action.patience;
}

async function guarded(pass: Pass, roundId: bigint, work: () => Promise<void>): Promise<void> {
  const { memory, settings } = pass;
  try {
    await work();
  } catch (error) {
    const kind = failureKind(error);
    if (kind === "rpc") pass.answered = false;
    settings.failed(kind);
    recordFailure(memory, roundId, error, settings);
  }
}

function reportOf(pass: Pass, roundId: bigint): RoundReport {
  const view = viewOf(pass, roundId);
  const failing = failureAttention(pass.memory.failures.get(roundId));
  if (view === undefined) return { roundId, attentions: failing };
  const decision = decide(view);
  return { roundId, view, stage: stageOf(view), decision, attentions: [...attentions(view), ...failing] };
}
