import { setTimeout as sleep } from "node:timers/promises";

import { toNumeraireError } from "../../../sdk/decode-error.js";
import type { SigningContext } from "../../chain/context.js";
import { backOff } from "./back-off.js";
import { failureKind } from "./failure-kind.js";
import type { Memory } from "./memory.js";
import { runPass, type PassReport, type PassSettings } from "./pass.js";

/** Looks in a row at which the node may fail: minutes, and less than a quarter of an hour between two lines of cron. */
const MOST_FAILED = 4;

/**
 * Looks until nothing is left that can be done now; a node that fails is given the time that the loop gives it.
 * @throws what the last look throws where the node never answers, and at once what is not the node's.
 */
export async function lookOnce(context: SigningContext, memory: Memory, settings: PassSettings): Promise<PassReport> {
  for (let failed = 0; ;) {
    try {
      const report = await runPass(context, memory, settings);
      if (report.more) failed = 0;
      else if (report.answered || ++failed >= MOST_FAILED) return report;
    } catch (error) {
      failed += 1;
      if (failed >= MOST_FAILED || failureKind(error) !== "rpc") throw error;
      const { message } = toNumeraireError(error, "looking at the chain");
      settings.logOf().warn(`${message}; looking again`);
    }
    if (failed > 0) await sleep(backOff(failed, settings.interval), undefined, { signal: settings.signal });
  }
}
