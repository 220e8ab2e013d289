import { plural } from "../../terminal/plural.js";
import type { RoundTerms } from "../round-state.js";
import { differences, type Check, type Comparison } from "./check.js";
import type { RoundEvidence } from "./round-evidence.js";
import type { Unit } from "./show-value.js";

const TERM_UNITS: Record<keyof RoundTerms, Unit> = {
  closesAt: "time",
  resolveBy: "time",
  challengePeriod: "seconds",
  benchmark: "log-loss",
  minConsistency: "per cent",
  minStake: "NMR",
  minConfidence: "NMR an ether",
};

/** The round's terms are those it was opened with. */
export function checkTerms({ round, openedTerms }: RoundEvidence): Check {
  const names = Object.keys(TERM_UNITS) as (keyof RoundTerms)[];
  return {
    name: "terms",
    detail: "the round's terms are those it was opened with",
    differences:
      openedTerms === undefined
        ? [{ what: "RoundOpened event", expected: "one", found: "none" }]
        : differences(
            names
              // Cancelling a round closes it early.
              .filter((name) => name !== "closesAt" || round.status !== "Void")
              .map((name) => [name, round.terms[name], openedTerms[name], TERM_UNITS[name]]),
          ),
  };
}

/** Stakes in storage are those that events placed and raised. */
export function checkStakes({ round, stored, placed, settlements }: RoundEvidence): Check {
  const settled = new Set(settlements.filter(({ roundId }) => roundId === round.roundId).map(({ index }) => index));
  const total = placed.reduce((sum, { amount }) => sum + amount, 0n);
  const comparisons: Comparison[] = [
    ["stakes", round.stakeCount, placed.length],
    ["settled stakes", round.settledCount, settled.size],
    ["NMR staked", round.totalStaked, total, "NMR"],
  ];
  stored.forEach((stake, index) => {
    const event = placed[index];
    if (event === undefined) return;
    const amount = settled.has(index) ? 0n : event.amount;
    comparisons.push(
      [`stake ${index}: model`, stake.modelId, event.modelId],
      [`stake ${index}: amount`, stake.amount, amount, "NMR"],
      [`stake ${index}: confidence`, stake.confidence, event.confidence, "NMR an ether"],
    );
  });
  return {
    name: "stakes",
    detail: `${plural(round.stakeCount, "stake")} in storage against the events that placed and raised them`,
    differences: differences(comparisons),
  };
}

/** The pools are what was contributed. */
export function checkPools({ round, prizeFunded, bonusFunded }: RoundEvidence): Check {
  return {
    name: "pools",
    detail: "prize and bonus pool against the contributions",
    differences: differences([
      ["prize pool", round.prizePool, prizeFunded, "ether"],
      ["bonus pool", round.bonusPool, bonusFunded, "NMR"],
    ]),
  };
}
