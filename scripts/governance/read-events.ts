import type { BaseContract, Result } from "ethers";

import type { Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";

/** An event of a contract. */
export interface ChainEvent {
  name: string;
  args: Result;
  block: number;
}

/** All that a contract ever said up to a block, oldest first. */
export async function readEvents(
  { fromBlock, provider }: Context,
  contract: BaseContract,
  toBlock: number,
): Promise<ChainEvent[]> {
  const address = await contract.getAddress();
  const logs = await pageLogs((from, to) => provider.getLogs({ address, fromBlock: from, toBlock: to }), {
    from: fromBlock,
    to: toBlock,
  });
  return logs.flatMap((log) => {
    const parsed = contract.interface.parseLog(log);
    return parsed === null ? [] : [{ name: parsed.name, args: parsed.args, block: log.blockNumber }];
  });
}
