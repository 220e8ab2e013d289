import type { SuiteAddresses } from "../../sdk/index.js";
import { runProgram } from "./run-program.js";
import type { Elapsed } from "./stopwatch.js";

/** What planning a round took, measured by the process that did nothing else. */
export interface PlanCost extends Elapsed {
  /** Most memory of the process, in MiB. */
  peakMiB: number;
}

/** What a planning process is told; amounts and numbers as decimal strings. */
export interface PlanOrder {
  url: string;
  /** Process of the node. */
  pid: number | undefined;
  addresses: SuiteAddresses;
  roundId: string;
  scoreFile: string;
  out: string;
}

/**
 * Plans a round in a process of its own, as the command does, so that its memory is not the benchmark's.
 * @throws {NumeraireError} when planning fails; the reason is on stderr.
 */
export async function planInProcess(order: PlanOrder): Promise<PlanCost> {
  return runProgram<PlanCost>("plan-once.ts", order);
}
