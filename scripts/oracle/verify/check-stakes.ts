import { differences, type Check, type Comparison } from "./check.js";
import type { RoundEvidence } from "./round-evidence.js";

/** The round's terms are those it was opened with. */
export function checkTerms({ round, openedTerms }: RoundEvidence): Check {
  const found: Record<string, bigint | number> = { ...round.terms };
  const expected: Record<string, bigint | number> = openedTerms === undefined ? {} : { ...openedTerms };
  // Cancelling a round closes it early.
  if (round.status === "Void") delete expected["closesAt"];
  return {
    name: "terms",
    detail: "the round's terms are those it was opened with",
    differences:
      openedTerms === undefined
        ? [{ what: "RoundOpened event", expected: "one", found: "none" }]
        : differences(Object.entries(expected).map(([name, value]) => [name, found[name] ?? "nothing", value])),
  };
}

/** Stakes in storage are those that events placed and raised. */
export function checkStakes({ round, stored, placed, settlements }: RoundEvidence): Check {
  const settled = new Set(settlements.filter(({ roundId }) => roundId === round.roundId).map(({ index }) => index));
  const total = placed.reduce((sum, { amount }) => sum + amount, 0n);
  const comparisons: Comparison[] = [
    ["stakes", round.stakeCount, placed.length],
    ["settled stakes", round.settledCount, settled.size],
    ["NMR staked", round.totalStaked, total],
  ];
  stored.forEach((stake, index) => {
    const event = placed[index];
    if (event === undefined) return;
    const amount = settled.has(index) ? 0n : event.amount;
    comparisons.push(
      [`stake ${index}: model`, stake.modelId, event.modelId],
      [`stake ${index}: amount`, stake.amount, amount],
      [`stake ${index}: confidence`, stake.confidence, event.confidence],
    );
  });
  return {
    name: "stakes",
    detail: `${round.stakeCount} stakes in storage against the events that placed and raised them`,
    differences: differences(comparisons),
  };
}

/** The pools are what was contributed. */
export function checkPools({ round, prizeFunded, bonusFunded }: RoundEvidence): Check {
  return {
    name: "pools",
    detail: "prize and bonus pool against the contributions",
    differences: differences([
      ["prize pool", round.prizePool, prizeFunded],
      ["bonus pool", round.bonusPool, bonusFunded],
    ]),
  };
}
