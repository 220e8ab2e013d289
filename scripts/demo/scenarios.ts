import { bounty } from "./scenarios/bounty.js";
import { dishonestOracle } from "./scenarios/dishonest-oracle.js";
import { rewards } from "./scenarios/rewards.js";
import { round } from "./scenarios/round.js";
import type { Scenario } from "./scenarios/scenario.js";
import { silentOracle } from "./scenarios/silent-oracle.js";

/** What the demo can play, by name. */
export const scenarios = {
  round,
  "dishonest-oracle": dishonestOracle,
  "silent-oracle": silentOracle,
  rewards,
  bounty,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
