import { getAddress, getBytes, toBeHex, toUtf8String } from "ethers";

import type { Context } from "../chain/context.js";
import { readEventWords } from "./event-words.js";
import { pageLogs } from "../chain/page-logs.js";

/** A registered model. */
export interface RegisteredModel {
  /** Label it was registered with; not unique. */
  name: string;
  /** Owner as of the block that was asked for. */
  owner: string;
}

/**
 * Reads every model's name and owner from the events up to a block.
 * @param ownersAt Block whose owners are meant; of a model registered later, whoever registered it.
 */
export async function readModels(
  context: Context,
  toBlock: number,
  ownersAt = toBlock,
): Promise<Map<bigint, RegisteredModel>> {
  const { tournament } = context.suite;
  const models = new Map<bigint, RegisteredModel>();
  for (const { indexed, words } of await readEventWords(context, "ModelRegistered", toBlock)) {
    const [modelId = 0n, owner = 0n] = indexed;
    models.set(modelId, { name: nameOf(toBeHex(words[0] ?? 0n, 32)), owner: getAddress(toBeHex(owner, 20)) });
  }
  const transferred = await pageLogs(
    (from, to) => tournament.queryFilter(tournament.filters.ModelTransferred(), from, to),
    { from: context.fromBlock, to: ownersAt },
  );
  for (const { args } of transferred) {
    const model = models.get(args.modelId);
    if (model !== undefined) model.owner = args.newOwner;
  }
  return models;
}

/** The text of a 32-byte label: what precedes the first zero byte, or the hex of a label that is no text. */
function nameOf(label: string): string {
  const bytes = getBytes(label);
  const end = bytes.indexOf(0);
  try {
    return toUtf8String(end === -1 ? bytes : bytes.slice(0, end));
  } catch {
    return label;
  }
}
