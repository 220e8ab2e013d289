import { writeFile } from "node:fs/promises";
import path from "node:path";

import { encodeBytes32String, id } from "ethers";

import { NumeraireError, stakeData } from "../../sdk/index.js";
import { apply } from "../oracle/apply.js";
import { finalize } from "../oracle/finalize.js";
import { readModels } from "../oracle/models.js";
import { readPlan, type Plan } from "../oracle/plan-file.js";
import { settle } from "../oracle/settle.js";
import { verify, type VerifyResult } from "../oracle/verify.js";
import { benchScore, benchStake, openBenchRound } from "./bench-round.js";
import { everybodySends, gatherCrowd, giveNmr, type Member, type Sent } from "./crowd.js";
import type { LocalNode } from "./local-node.js";
import { planInProcess } from "./plan-process.js";
import { stopwatch, type Elapsed } from "./stopwatch.js";

/** What every stake commits to: a benchmark scores no file. */
const PREDICTIONS = id("predictions");

/** Stakers with NMR and a model each. */
export interface Entrants {
  crowd: Member[];
  /** Model of each, in the crowd's order. */
  modelOf: bigint[];
  /** What registering the models cost. */
  registered: Sent;
}

/** What one step of a round took. */
export interface StepCost extends Elapsed {
  step: "stake" | "plan" | "post" | "finalize" | "settle" | "verify";
  transactions: number;
  gas: number;
  /** Gas of the dearest transaction; 0 where nothing is sent. */
  largest: number;
}

export interface PlayedRound {
  roundId: bigint;
  plan: Plan;
  verified: VerifyResult;
  steps: StepCost[];
  /** Most memory of the process that planned, in MiB. */
  planPeakMiB: number;
}

const NOTHING_SENT = { transactions: 0, gas: 0, largest: 0 };

/** Gives stakers keys, ether, NMR and a model each. */
export async function enrol(node: LocalNode, stakers: number, nmrEach: bigint): Promise<Entrants> {
  const { tournament } = node.suite;
  const crowd = await gatherCrowd(node, stakers);
  await giveNmr(node, crowd, nmrEach);
  const data = tournament.interface.encodeFunctionData("registerModel", [encodeBytes32String("benchmark")]);
  const registered = await everybodySends(node, crowd, await tournament.getAddress(), () => data);
  return { crowd, modelOf: await modelsOf(node, crowd), registered };
}

/**
 * Plays a round of the tournament up to the last settlement: every staker sends a signed transaction, the oracle's own
 * functions plan, post, finalize, settle and verify.
 * @param folder Where score file and plan are kept.
 * @param pools Prize in wei of ether, bonus in wei of NMR.
 * @param say Told what happens.
 */
export async function playTournamentRound(
  node: LocalNode,
  entrants: Entrants,
  folder: string,
  pools: { prize: bigint; bonus: bigint },
  say: (line: string) => void,
): Promise<PlayedRound> {
  const { context, suite, provider, accounts } = node;
  const { committee } = suite;
  const steps: StepCost[] = [];
  const record = (
    step: StepCost["step"],
    sent: Pick<StepCost, "transactions" | "gas" | "largest">,
    { seconds, processorSeconds }: Elapsed,
  ): void => {
    const { transactions, gas, largest } = sent;
    steps.push({ step, transactions, gas, largest, seconds, processorSeconds });
    say(`${step}: ${gas} gas, ${seconds.toFixed(1)} s`);
  };

  const { roundId, challengePeriod, scoreFile, staked } = await stakeAndScore(node, entrants, folder, pools, say);
  record("stake", { ...staked.value, gas: Number(staked.value.gas) }, staked);

  const planPath = path.join(folder, "plan.json");
  const { url, pid, addresses } = node;
  const planned = await planInProcess({ url, pid, addresses, roundId: roundId.toString(), scoreFile, out: planPath });
  record("plan", NOTHING_SENT, planned);

  const operator = { ...context, signer: await provider.getSigner(accounts.member1) };
  const second = await provider.getSigner(accounts.member2);
  const posted = await stopwatch(pid, async () => {
    const { sent, reportHash } = await apply(operator, { planPath });
    const approval = await (await committee.connect(second).approve(reportHash)).wait();
    return [...sent.map(({ gasUsed }) => gasUsed), approval?.gasUsed ?? 0n];
  });
  record("post", gasOf(posted.value), posted);

  await node.advanceTo((await node.now()) + challengePeriod);
  const finalized = await stopwatch(pid, () => finalize(operator, { roundId }));
  record("finalize", gasOf([finalized.value.sent?.gasUsed ?? 0n]), finalized);

  const settled = await stopwatch(pid, () => settle(operator, { roundId }));
  const settlements = settled.value.sent.map(({ gasUsed }) => gasUsed);
  record("settle", gasOf(settlements), settled);

  const verified = await stopwatch(pid, () => verify(context, { roundId, scoreFile }));
  record("verify", NOTHING_SENT, verified);
  for (const { what, expected, found } of verified.value.differences.slice(0, 20)) {
    say(`${what}: found ${found}, expected ${expected}`);
  }

  return { roundId, plan: await readPlan(planPath), verified: verified.value, steps, planPeakMiB: planned.peakMiB };
}

/** A round that is closed, with its scores in a file. */
export interface ScoredRound {
  roundId: bigint;
  /** Seconds. */
  challengePeriod: number;
  scoreFile: string;
  /** What staking took. */
  staked: Elapsed & { value: Sent };
}

/** Opens a round, lets every staker send a signed transaction, closes it and writes its score file. */
export async function stakeAndScore(
  node: LocalNode,
  { crowd, modelOf }: Entrants,
  folder: string,
  pools: { prize: bigint; bonus: bigint },
  say: (line: string) => void,
): Promise<ScoredRound> {
  const { nmr, tournament } = node.suite;
  const [token, target] = await Promise.all([nmr.getAddress(), tournament.getAddress()]);
  const { roundId, closesAt, challengePeriod } = await openBenchRound(node, pools.prize, pools.bonus);
  const transferOf = (_: Member, index: number): string => {
    const { amount, confidence } = benchStake(index);
    const data = stakeData({ roundId, modelId: modelOf[index] ?? 0n, confidence, predictionsHash: PREDICTIONS });
    return nmr.interface.encodeFunctionData("transferAndCall(address,uint256,bytes)", [target, amount, data]);
  };
  const progress = (mined: number): void => {
    if (mined % 5_000 === 0) say(`${mined} stakes placed`);
  };
  const staked = await stopwatch(node.pid, () => everybodySends(node, crowd, token, transferOf, { progress }));
  await node.advanceTo(closesAt);
  const scoreFile = path.join(folder, "scores.csv");
  await writeFile(scoreFile, scoresCsv(modelOf));
  return { roundId, challengePeriod, scoreFile, staked };
}

/** The model of each member, in the crowd's order: a block may hold registrations in any order. */
async function modelsOf({ context, provider }: LocalNode, crowd: readonly Member[]): Promise<bigint[]> {
  const models = await readModels(context, await provider.getBlockNumber());
  const byOwner = new Map([...models].map(([modelId, { owner }]) => [owner, modelId]));
  return crowd.map(({ address }) => {
    const modelId = byOwner.get(address);
    if (modelId === undefined) {
      throw new NumeraireError(`staker ${address}: found no model, expected the one it registered`, {
        hint: "Look for ModelRegistered events: each staker registers one model before the round opens.",
      });
    }
    return modelId;
  });
}

function scoresCsv(modelOf: readonly bigint[]): string {
  const rows = modelOf.map((modelId, index) => {
    const { scored, logloss, consistency, concordant, original } = benchScore(index);
    if (!scored) return `${modelId.toString()},,,,,target data missing`;
    const decimal = `0.${String(logloss).padStart(6, "0")}`;
    return `${modelId.toString()},${decimal},${consistency},${String(concordant)},${String(original)},`;
  });
  return ["model_id,live_logloss,consistency,concordance,originality,reason", ...rows, ""].join("\n");
}

function gasOf(used: readonly bigint[]): Pick<StepCost, "transactions" | "gas" | "largest"> {
  return {
    transactions: used.length,
    gas: Number(used.reduce((sum, one) => sum + one, 0n)),
    largest: Math.max(...used.map(Number)),
  };
}
