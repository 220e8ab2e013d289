import { formatNmr } from "../../sdk/units.js";
import type { Log } from "../terminal/log.js";
import type { JobStatus } from "./client.js";

/** Shows how much of the cap is spent, and what a job has cost. */
export interface CostBar {
  /** Shows how the job stands, where that has changed. */
  show(status: Pick<JobStatus, "state" | "cost" | "owed">): void;
  stop(): void;
}

/** @param cap Most that the channel's vouchers may promise in all, in wei. */
export function costBar(log: Log, cap: bigint): CostBar {
  const progress = log.progress("per cent of the cap", 100);
  let [shown, told] = [0, ""];
  return {
    show: ({ state, cost, owed }) => {
      const percent = cap === 0n ? 100 : Math.min(100, Number((100n * owed) / cap));
      const note = `${state}, ${formatNmr(cost)} NMR so far`;
      if (note === told) return;
      progress.step(percent - shown, note);
      [shown, told] = [percent, note];
    },
    stop: () => {
      progress.stop();
    },
  };
}
