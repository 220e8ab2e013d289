import type { Suite } from "../../sdk/contracts.js";
import { pageLogs } from "../chain/page-logs.js";
import type { LastCommitment } from "./score/submissions.js";

/**
 * Reads the last commitment of every stake in a round, in the order in which they were made.
 * @param range Blocks to look in, both included; the whole chain when left out.
 */
export async function readCommitments(
  { tournament }: Suite,
  roundId: bigint,
  range?: { from: number; to: number },
): Promise<LastCommitment[]> {
  const blocks = range ?? { from: 0, to: (await tournament.runner?.provider?.getBlockNumber()) ?? 0 };
  const { filters } = tournament;
  const placed = await pageLogs((from, to) => tournament.queryFilter(filters.StakePlaced(roundId), from, to), blocks);
  const replaced = await pageLogs(
    (from, to) => tournament.queryFilter(filters.PredictionsCommitted(roundId), from, to),
    blocks,
  );
  const commitments = [...placed, ...replaced]
    .map(({ args, blockNumber, index }) => ({
      modelId: args.modelId,
      predictionsHash: args.predictionsHash,
      blockNumber,
      logIndex: index,
    }))
    .toSorted((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  // deleting first moves a model that committed again behind those that did not
  const last = new Map<bigint, LastCommitment>();
  for (const commitment of commitments) {
    last.delete(commitment.modelId);
    last.set(commitment.modelId, commitment);
  }
  return [...last.values()];
}
