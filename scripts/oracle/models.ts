import { dataSlice, getAddress, getBytes, toUtf8String } from "ethers";

import type { Context } from "./context.js";
import { pageLogs } from "./page-logs.js";

/** A registered model. */
export interface RegisteredModel {
  /** Label it was registered with; not unique. */
  name: string;
  /** Current owner. */
  owner: string;
}

/** Reads every model's name and current owner from the events up to a block. */
export async function readModels(context: Context, toBlock: number): Promise<Map<bigint, RegisteredModel>> {
  const { provider, suite } = context;
  const { tournament } = suite;
  const range = { from: context.fromBlock, to: toBlock };
  const registered = {
    address: await tournament.getAddress(),
    topics: [tournament.getEvent("ModelRegistered").fragment.topicHash],
  };
  const models = new Map<bigint, RegisteredModel>();
  // Decoded by hand: there are as many as models, and every argument is one word.
  for (const { topics, data } of await pageLogs(
    (fromBlock, to) => provider.getLogs({ ...registered, fromBlock, toBlock: to }),
    range,
  )) {
    const [, modelId = "0x0", owner = ""] = topics;
    models.set(BigInt(modelId), { name: nameOf(data), owner: getAddress(dataSlice(owner, 12)) });
  }
  const transferred = await pageLogs(
    (from, to) => tournament.queryFilter(tournament.filters.ModelTransferred(), from, to),
    range,
  );
  for (const { args } of transferred) {
    const model = models.get(args.modelId);
    if (model !== undefined) model.owner = args.newOwner;
  }
  return models;
}

/** The text of a 32-byte label: what precedes the first zero byte, or the hex of a label that is no text. */
export function nameOf(label: string): string {
  const bytes = getBytes(label);
  const end = bytes.indexOf(0);
  try {
    return toUtf8String(end === -1 ? bytes : bytes.slice(0, end));
  } catch {
    return label;
  }
}
