import { MAX_TRANSACTION_GAS } from "../chain/send.js";
import type { ScaleResult } from "./scale-round.js";
import type { Elapsed } from "./stopwatch.js";
import type { StepCost } from "./tournament-round.js";

/** Most that gas and time a stake may grow from the smallest to the greatest size. */
const GROWTH = 1.3;
/** Steps shorter than this, in seconds, are all start-up and noise: their time is reported and not judged. */
const MEASURABLE = 2;
/** Most seconds, and most memory in MiB, that planning 30,000 stakes may take. */
export const PLAN_SECONDS = 15;
export const PLAN_MIB = 1_024;

/**
 * What the measured rounds do not keep of what is promised; empty when all holds.
 * @param rounds Results by growing size.
 */
export function brokenPromises(rounds: readonly ScaleResult[]): string[] {
  const broken = rounds.flatMap(roundPromises);
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (first !== undefined && last !== undefined && first !== last) broken.push(...growth(first, last));
  return broken;
}

function roundPromises({ stakes, steps, counts, planPeakMiB, verified, unexplained, left }: ScaleResult): string[] {
  const name = `${stakes} stakes`;
  const broken: string[] = [];
  if (!verified) broken.push(`${name}: the round does not verify`);
  const judged = counts.paid + counts.destroyed + counts.returned;
  if (judged !== stakes) broken.push(`${name}: found ${judged} outcomes, expected one a stake`);
  for (const unit of ["ether", "nmr"] as const) {
    if (unexplained[unit] !== "0") {
      broken.push(`${name}: found ${unexplained[unit]} wei of ${unit} beside the sweepable remainder, expected 0`);
    }
    if (left[unit] !== "0") broken.push(`${name}: found ${left[unit]} wei of ${unit} after the sweep, expected 0`);
  }
  for (const one of steps) {
    const { step, largest } = one;
    const seconds = judgedSeconds(one);
    if (BigInt(largest) > MAX_TRANSACTION_GAS) {
      broken.push(`${name}: ${step} used ${largest} gas, expected at most ${MAX_TRANSACTION_GAS.toString()}`);
    }
    if (step === "plan" && seconds > PLAN_SECONDS) {
      broken.push(`${name}: plan took ${seconds.toFixed(1)} s, expected at most ${PLAN_SECONDS}`);
    }
  }
  if (planPeakMiB > PLAN_MIB) broken.push(`${name}: plan took ${planPeakMiB} MiB, expected at most ${PLAN_MIB}`);
  return broken;
}

function growth(small: ScaleResult, large: ScaleResult): string[] {
  return large.steps.flatMap((step) => {
    const before = small.steps.find((one) => one.step === step.step);
    if (before === undefined) return [`${step.step}: found no such step at ${small.stakes} stakes, expected one`];
    const ratioOf = (part: (one: StepCost) => number) => part(step) / large.stakes / (part(before) / small.stakes);
    const gas = ratioOf((one) => one.gas);
    const time = ratioOf(judgedSeconds);
    const broken: string[] = [];
    if (before.gas > 0 && gas > GROWTH) {
      broken.push(`${step.step}: gas a stake grew ${gas.toFixed(2)} times, expected at most ${GROWTH}`);
    }
    if (judgedSeconds(step) > MEASURABLE && time > GROWTH) {
      broken.push(`${step.step}: time a stake grew ${time.toFixed(2)} times, expected at most ${GROWTH}`);
    }
    return broken;
  });
}

/** Processor time, because other work on the machine hardly changes it; on the clock where that is not known. */
export function judgedSeconds({ seconds, processorSeconds }: Elapsed): number {
  return processorSeconds ?? seconds;
}
