import type { SigningContext } from "../../chain/context.js";
import type { SendSettings } from "../../chain/send.js";
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
}

/** A look at everything, while it goes on. */
interface Pass {
  context: SigningContext;
  memory: Memory;
  settings: PassSettings;
  head: Head;
  views: Map<bigint, RoundView>;
  answered: boolean;
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
  const head = await readHead(context);
  const pass: Pass = { context, memory, settings, head, views: new Map(), answered: true };
  const ids = Array.from({ length: Number(head.roundCount) }, (_, i) => BigInt(i + 1));
  const open = ids.filter((id) => !memory.finished.has(id));
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
  };
}

/** Reads a round; one that is done for good needs nothing else. */
async function look(pass: Pass, roundId: bigint): Promise<void> {
  const { context, head, memory, settings } = pass;
  const view = await readView(context, head, roundId, settings.rounds, memory.verdicts);
  if (decide(view).do === "finish") await finish(pass, view);
  if (!memory.finished.has(roundId)) pass.views.set(roundId, view);
}

/** Rounds whose scores have a deadline first, then those to settle in the order in which they were resolved. */
function inOrder({ views }: Pass): bigint[] {
  const rank = ({ round }: RoundView): number => (round.status === "Closed" ? round.deadline - 2 ** 40 : round.ordinal);
  return [...views.values()].sort((a, b) => rank(a) - rank(b)).map(({ round }) => round.roundId);
}

/** Does what is due for a round until it has to wait. */
async function attend(pass: Pass, roundId: bigint): Promise<void> {
  const { memory, settings } = pass;
  let before: Decision | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const view = viewOf(pass, roundId);
    if (view === undefined) return;
    const decision = decide(view);
    if (decision.do === "finish" || decision.do === "wait") {
      for (const notes of [memory.failures, memory.due]) notes.delete(roundId);
      if (decision.do === "finish") await finish(pass, view);
      return;
    }
    // The same again means that the node has not seen yet what was done.
    if (decision.do === before?.do || !settings.acting || settings.signal.aborted || isBackingOff(pass, roundId))
      return;
    if (!isDue(pass, view, decision)) return;
    await carryOut(pass, view, decision);
    before = decision;
  }
}

async function carryOut(pass: Pass, view: RoundView, action: Action): Promise<void> {
  const { context, settings } = pass;
  const { roundId } = view.round;
  try {
    const log = settings.logOf(roundId);
    await act({ ...context, log }, view, action, settings.rounds, settings.sending);
    await lookAgain(pass, roundId);
  } catch (error) {
    await lookAgain(pass, roundId);
    const now = viewOf(pass, roundId);
    // What has become needless did not fail: somebody else did it in the meantime.
    if (now === undefined || decide(now).do === action.do) throw error;
    settings.logOf(roundId).info(`${action.do}: done already by somebody else`);
  }
}

async function lookAgain(pass: Pass, roundId: bigint): Promise<void> {
  const { context, memory, settings } = pass;
  pass.head = await readHead(context);
  pass.views.set(roundId, await readView(context, pass.head, roundId, settings.rounds, memory.verdicts));
}

/** Forgets a round once nothing can come back: a block that will stay has it done. */
async function finish({ context, head, memory, settings }: Pass, { round }: RoundView): Promise<void> {
  const { roundId, stakeCount } = round;
  const settled = await readRound(context.suite.tournament, roundId, head.settledBlock);
  const ended = settled.status === "Resolved" || settled.status === "Void";
  if (!ended || settled.settledCount < stakeCount) return;
  memory.finished.add(roundId);
  settings.logOf(roundId).info(`done: ${round.status}, ${stakeCount} stakes settled`);
}

/** A round as it was read, with what the other rounds have to do with it. */
function viewOf({ views }: Pass, roundId: bigint): RoundView | undefined {
  const view = views.get(roundId);
  if (view?.round.status !== "Resolved") return view;
  const unsettledBefore = [...views.values()]
    .filter(({ round }) => round.status === "Resolved" && round.ordinal < view.round.ordinal)
    .filter(({ round }) => round.settledCount < round.stakeCount)
    .map(({ round }) => round.roundId);
  return { ...view, unsettledBefore };
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
