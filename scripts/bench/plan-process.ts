import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { NumeraireError, type SuiteAddresses } from "../../sdk/index.js";
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
  const program = fileURLToPath(new URL("plan-once.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new NumeraireError(`plan: found exit code ${String(code)} of its process, expected 0`, {
      hint: "The reason is printed above.",
    });
  }
  return JSON.parse(text) as PlanCost;
}
