import { requireSandbox } from "../compute/require-sandbox.js";
import { bounty } from "./scenarios/bounty.js";
import { compute } from "./scenarios/compute.js";
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
  compute,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

/** What a scenario needs of the machine, checked before anything is done. */
export const requirements: Partial<Record<ScenarioName, () => Promise<void>>> = { compute: requireSandbox };
