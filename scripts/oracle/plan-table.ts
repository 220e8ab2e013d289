import { NO_CUT } from "../../sdk/score-sheet.js";
import { formatEther, formatLogloss, formatNmr } from "../../sdk/units.js";
import type { PlanResult } from "./plan.js";
import { plural } from "../terminal/plural.js";
import { table } from "../terminal/table.js";

/** Rows beyond this are for --json. */
const MOST_ROWS = 100;

/** What a plan means, for people: one row a stake, in the order the auction serves them, and the totals. */
export function planTable({ plan, outcomes, path }: PlanResult): string {
  const served = [...outcomes].sort((a, b) =>
    a.confidence === b.confidence ? a.index - b.index : a.confidence > b.confidence ? -1 : 1,
  );
  const rows = served
    .slice(0, MOST_ROWS)
    .map(({ index, modelId, model, amount, confidence, score, verdict, reason, etherPaid }) => [
      String(index),
      model === "" ? modelId.toString() : `${modelId.toString()} ${model}`,
      formatNmr(confidence),
      formatNmr(amount),
      score.scored ? formatLogloss(score.logloss) : "",
      verdict,
      etherPaid === 0n ? "" : formatEther(etherPaid),
      reason,
    ]);
  const head = ["stake", "model", "NMR/ether", "NMR", "log-loss", "verdict", "ether", "why"];
  const more = outcomes.length > MOST_ROWS ? [`... and ${outcomes.length - MOST_ROWS} more; see --json`] : [];
  const { totals, counts, gas } = plan;
  return [
    table(head, rows, [0, 2, 3, 4, 6]),
    ...more,
    `round ${plan.roundId.toString()} at block ${plan.block.number}: ${plural(plan.stakeCount, "stake")}, prize pool ${formatEther(plan.prizePool)} ether`,
    `paid: ${plural(counts.paid, "stake")}, ${formatEther(totals.paid)} ether, ${formatNmr(totals.bonus)} NMR bonus`,
    `destroyed: ${plural(counts.destroyed, "stake")}, ${formatNmr(totals.burned)} NMR`,
    `returned without payment: ${plural(counts.returned, "stake")}; NMR returned in all: ${formatNmr(totals.returned)}`,
    `cut: ${plan.cut === NO_CUT ? "none, the prize pool is not emptied" : `stake ${plan.cut}`}`,
    `gas: about ${gas.total.toString()} in ${gas.post.length + 2} transactions, ${formatEther(gas.cost)} ether`,
    `scores must be posted by ${new Date(plan.postBy * 1000).toISOString()}`,
    `plan written to ${path}`,
  ].join("\n");
}
