import { ZeroHash, id } from "ethers";

import { plural } from "../terminal/plural.js";
import type { Context } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import type { HandoverStep } from "./handover-step.js";

const STATE = { unset: 0n, waiting: 1n, ready: 2n, done: 3n };

/** What has to go through the timelock. */
export interface TimelockBatch {
  calls: readonly PlannedCall[];
  /** What it is for; the same words always find the same operation again. */
  name: string;
  /** Account that may schedule. */
  proposer: string;
}

/** The steps that are left of a batch in the timelock: scheduling it, and once it has waited carrying it out. */
export async function timelockSteps(
  { provider, suite: { timelock } }: Context,
  { calls, name, proposer }: TimelockBatch,
): Promise<HandoverStep[]> {
  const batch = [calls.map(({ to }) => to), calls.map(() => 0n), calls.map(({ data }) => data), ZeroHash] as const;
  const what = calls.map(({ step }) => step).join("; ");
  // One that was carried out and did not last is repeated under another salt.
  for (let again = 0; ; again += 1) {
    const salt = id(again === 0 ? name : `${name}, again ${again}`);
    const operation = await timelock.hashOperationBatch(...batch, salt);
    const state = await timelock.getOperationState(operation);
    if (state === STATE.done) continue;
    const to = await timelock.getAddress();
    const delay = await timelock.getMinDelay();
    const execute: HandoverStep = {
      step: `carry out, after its time in the timelock: ${what}`,
      to,
      data: timelock.interface.encodeFunctionData("executeBatch", [...batch, salt]),
    };
    if (state === STATE.ready) return [execute];
    if (state === STATE.waiting) {
      const from = await timelock.getTimestamp(operation);
      const now = BigInt((await provider.getBlock("latest"))?.timestamp ?? 0);
      // Its second has come once a block says so.
      return [{ ...execute, ...(now < from && { waitsFor: new Date(Number(from) * 1000).toISOString() }) }];
    }
    const schedule: HandoverStep = {
      step: `schedule in the timelock: ${what}`,
      by: proposer,
      to,
      data: timelock.interface.encodeFunctionData("scheduleBatch", [...batch, salt, delay]),
    };
    return [schedule, { ...execute, waitsFor: `${plural(delay, "second")} after it was scheduled` }];
  }
}
