import { bonus, type AuctionOutcome } from "../../../sdk/auction.js";
import { plural } from "../../terminal/plural.js";
import { replayTrackRecords } from "../track-records.js";
import type { Approvals } from "./approvals.js";
import { differences, type Check, type Comparison } from "./check.js";
import type { AttemptEvidence, ResolutionEvidence, RoundEvidence } from "./round-evidence.js";

/** Enough members approved; before the round is resolved that is only said. */
export function checkApprovals({ resolution }: RoundEvidence, { approvedBy, quorum }: Approvals): Check {
  // A quorum of zero means that the committee's events were not all found.
  const enough = quorum > 0 && approvedBy.length >= quorum;
  const short = { what: "approvals", expected: `at least ${Math.max(quorum, 1)}`, found: String(approvedBy.length) };
  return {
    name: "approvals",
    detail: `${approvedBy.length} of ${quorum} needed: ${approvedBy.join(", ") || "nobody"}`,
    differences: resolution === undefined || enough ? [] : [short],
  };
}

/** The round was resolved by this attempt, in its time, and what it destroyed is gone from the supply. */
export function checkResolution(
  { round }: RoundEvidence,
  { attempt }: AttemptEvidence,
  resolution: ResolutionEvidence,
  burned: bigint,
): Check {
  const { timestamp, burnTransfers } = resolution;
  const earliest = attempt.completedAt + round.terms.challengePeriod;
  const comparisons: Comparison[] = [
    ["resolving attempt", resolution.attemptId, attempt.attemptId],
    ["ordinal", round.ordinal, resolution.ordinal],
    ["NMR destroyed", resolution.burned, burned, "NMR"],
    ["attempt vetoed", attempt.vetoed, false],
    ["finalised after the challenge period", timestamp >= earliest, true],
    ["finalised before the deadline", timestamp <= round.deadline, true],
    ["burn of the destroyed NMR in the transaction", burned === 0n || burnTransfers.includes(burned), true],
  ];
  return {
    name: "resolution",
    detail: `round resolved as number ${resolution.ordinal}, NMR destroyed by a transfer to zero`,
    differences: differences(comparisons),
  };
}

/** Every stake that was settled got what the auction gives it, and its bonus. */
export function checkSettlements(
  { round, placed, settlements, ordinals }: RoundEvidence,
  outcomes: readonly AuctionOutcome[],
): Check {
  const { reputations } = replayTrackRecords(settlements, ordinals);
  const seen = new Set<number>();
  const comparisons: Comparison[] = [];
  settlements.forEach((settled, position) => {
    if (settled.roundId !== round.roundId) return;
    const { index } = settled;
    const [stake, outcome] = [placed[index], outcomes[index]];
    const name = `stake ${index} (model ${settled.modelId.toString()})`;
    comparisons.push([`${name}: settled more than once`, seen.has(index), false]);
    seen.add(index);
    if (stake === undefined || outcome === undefined) {
      comparisons.push([`${name}: settled stake`, index, "a stake of the round"]);
      return;
    }
    const due = bonus(round.bonusPool, outcome.etherPaid, reputations[position] ?? 0, round.prizePool);
    comparisons.push(
      [`${name}: model`, settled.modelId, stake.modelId],
      [`${name}: NMR returned`, settled.returned, outcome.returned, "NMR"],
      [`${name}: NMR destroyed`, settled.burned, outcome.burned, "NMR"],
      [`${name}: ether paid`, settled.etherPaid, outcome.etherPaid, "ether"],
      [`${name}: bonus`, settled.bonus, due, "NMR"],
      [`${name}: qualified`, settled.qualified, outcome.qualified],
    );
  });
  return {
    name: "settlements",
    detail: `${seen.size} of ${plural(round.stakeCount, "stake")} settled, each against its outcome and reputation`,
    differences: differences(comparisons),
  };
}

/** Nothing was paid that the pools do not hold, nothing lost. */
export function checkSums({ round, settlements, swept }: RoundEvidence, burned: bigint): Check {
  const own = settlements.filter(({ roundId }) => roundId === round.roundId);
  const sum = (field: "returned" | "burned" | "etherPaid" | "bonus") =>
    own.reduce((total, one) => total + one[field], 0n);
  const [paid, bonuses] = [sum("etherPaid"), sum("bonus")];
  const comparisons: Comparison[] = [
    ["ether paid within the prize pool", paid <= round.prizePool, true],
    ["bonuses within the bonus pool", bonuses <= round.bonusPool, true],
  ];
  if (own.length === round.stakeCount) {
    comparisons.push(
      ["NMR returned and destroyed", sum("returned") + sum("burned"), round.totalStaked, "NMR"],
      ["NMR destroyed", sum("burned"), burned, "NMR"],
    );
  }
  if (swept !== undefined) {
    comparisons.push(
      ["ether swept", swept.etherAmount, round.prizePool - paid, "ether"],
      ["NMR swept", swept.bonusAmount, round.bonusPool - bonuses, "NMR"],
    );
  }
  return {
    name: "sums",
    detail: "stakes, prize pool and bonus pool against everything settled and swept",
    differences: differences(comparisons),
  };
}
