import { checkBooks, readBalances, readFlows, type Balances } from "./books.js";
import type { DemoChain } from "./chain.js";
import type { PlayedRound } from "./play-round.js";
import { makeReport, type DemoReport } from "./report.js";
import type { Entrant } from "./stage-round.js";

/** Called when everybody holds NMR and the round takes stakes: the time to read the books. */
export type Opened = (roundId: bigint, entrants: readonly Entrant[]) => Promise<void>;

/** Plays a round that is resolved in the end, and reports what became of every stake and whether the books balance. */
export async function keepBooks(
  { context }: DemoChain,
  play: (opened: Opened) => Promise<PlayedRound>,
): Promise<DemoReport> {
  let before: Balances | undefined;
  const played = await play(async (_roundId, entrants) => {
    before = await readBalances(context, entrants);
  });
  if (before === undefined) throw new Error("the round never opened");
  const after = await readBalances(context, played.entrants);
  const flows = await readFlows(context, played.roundId);
  return makeReport(context, played, { before, after, flows, checks: checkBooks(before, after, flows) });
}
