import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Context } from "../chain/context.js";
import { differences, type Difference } from "../oracle/verify/check.js";

/** Whether the chain is the one that the records are of; a chain id alone says little of a development chain. */
export async function compareGenesis({ provider, chainId }: Context, records: string): Promise<Difference[]> {
  const recorded = JSON.parse(await readFile(path.join(records, ".chain"), "utf8")) as { genesisHash?: unknown };
  const network = await provider.getNetwork();
  const genesis = (await provider.getBlock(0))?.hash ?? "none";
  return differences([
    ["chain id", network.chainId, chainId],
    ...(typeof recorded.genesisHash === "string"
      ? [["first block", genesis.toLowerCase(), recorded.genesisHash.toLowerCase()] as [string, string, string]]
      : []),
  ]);
}
