import type { DemoChain } from "../chain.js";

/** What every scenario says for programs. */
export interface ScenarioReport {
  /** Number of the round that was played; absent where there was none. */
  round?: string;
  booksBalance: boolean;
}

/** A scenario that was played: for programs, and for people. */
export interface Performance {
  report: ScenarioReport;
  text: string;
}

/**
 * Plays a scenario on a chain.
 * @param folder Existing folder for its files.
 */
export type Scenario = (chain: DemoChain, folder: string) => Promise<Performance>;
