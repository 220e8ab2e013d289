import type { MarketRow } from "../market.js";

/** What a model learns from. */
export type TrainingRow = Pick<MarketRow, "features" | "target">;

/** Probability, strictly between 0 and 1, that the target of a row with these features is 1. */
export type Predictor = (features: readonly number[]) => number;

export interface Model {
  readonly name: string;
  /** Learns from the training rows alone; the same rows give the same predictor to the last digit. */
  fit(rows: readonly TrainingRow[]): Predictor;
}
