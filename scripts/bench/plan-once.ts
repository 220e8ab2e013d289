import { connectSuite } from "../../sdk/index.js";
import { reportFailure } from "../terminal/command-line.js";
import { DEVELOPMENT_CHAIN_ID } from "../chain/context.js";
import { silentLog } from "../terminal/log.js";
import { plan } from "../oracle/plan.js";
import { RpcProvider } from "../chain/rpc-provider.js";
import type { PlanCost, PlanOrder } from "./plan-process.js";
import { stopwatch } from "./stopwatch.js";

// The process that plan-process.ts starts: plans one round and prints what that took.
const { url, pid, addresses, roundId, scoreFile, out } = JSON.parse(process.argv[2] ?? "") as PlanOrder;
const provider = new RpcProvider([url], DEVELOPMENT_CHAIN_ID);
const context = {
  provider,
  suite: connectSuite(addresses, provider),
  chainId: DEVELOPMENT_CHAIN_ID,
  network: "local node",
  log: silentLog,
  fromBlock: 0,
  confirmations: 0,
};
try {
  const { seconds, processorSeconds } = await stopwatch(pid, () =>
    plan(context, { roundId: BigInt(roundId), scoreFile, out }),
  );
  const cost: PlanCost = { seconds, processorSeconds, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
  process.stdout.write(JSON.stringify(cost));
} catch (error) {
  process.exitCode = reportFailure(error);
} finally {
  provider.destroy();
}
