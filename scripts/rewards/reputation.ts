import { NO_RECORD, reputationBefore } from "../../sdk/track-record.js";
import type { Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";
import { readModels } from "../oracle/models.js";
import { readOrdinals, readSettlements } from "../oracle/settlements.js";
import { replayTrackRecords } from "../oracle/track-records.js";
import type { ReputedModel } from "./pay-out.js";

/**
 * Every model with a reputation as of a block, from the events up to it, so that it can be recomputed from any node
 * that keeps them; in the order of the models.
 */
export async function readReputation(context: Context, toBlock: number): Promise<ReputedModel[]> {
  const [settlements, ordinals, models, payees] = await Promise.all([
    readSettlements(context, toBlock),
    readOrdinals(context, toBlock),
    readModels(context, toBlock),
    readPayees(context, toBlock),
  ]);
  const { records } = replayTrackRecords(settlements, ordinals);
  const found: ReputedModel[] = [];
  for (const [modelId, model] of models) {
    const reputation = reputationBefore(records.get(modelId) ?? NO_RECORD, ordinals.size + 1);
    const account = payees.get(modelId) ?? model.owner;
    if (reputation > 0) found.push({ modelId, account, reputation: BigInt(reputation) });
  }
  return found.sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
}

/** Who is paid for each model whose payee was ever set. A model can change hands only while its owner is paid. */
async function readPayees(
  { fromBlock, suite: { tournament } }: Context,
  toBlock: number,
): Promise<Map<bigint, string>> {
  const range = { from: fromBlock, to: toBlock };
  const [changed, transferred] = await Promise.all([
    pageLogs((from, to) => tournament.queryFilter(tournament.filters.PayeeChanged(), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(tournament.filters.ModelTransferred(), from, to), range),
  ]);
  const events = [
    ...changed.map(({ args, blockNumber, index }) => ({
      modelId: args.modelId,
      account: args.payee,
      blockNumber,
      index,
    })),
    ...transferred.map(({ args, blockNumber, index }) => ({
      modelId: args.modelId,
      account: args.newOwner,
      blockNumber,
      index,
    })),
  ].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  return new Map(events.map(({ modelId, account }) => [modelId, account]));
}
