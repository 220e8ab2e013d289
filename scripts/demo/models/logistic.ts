import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";

import { featureColumns } from "./feature-columns.js";
import type { Model, Predictor, TrainingRow } from "./model.js";

/** Gradient steps; the features are ranks, so the few hundred reach a weight per feature that generalises. */
const STEPS = 300;

/** Step for the mean gradient of a row; the library wants it for the sum of all rows. */
const LEARNING_RATE = 1;

/** What the regression sees of a row: a constant for the intercept, then each feature, centred. */
export type Inputs = (features: readonly number[]) => number[];

/**
 * Logistic regression by gradient descent; stopping early keeps weights small.
 *
 * @param features Names of the features it sees.
 */
export function logistic(name: string, features: readonly string[]): Model {
  const inputs = logisticInputs(features);
  return { name, fit: (rows) => logisticPredictor(inputs, fitLogistic(inputs, rows)) };
}

/** @param features Names of the features that the regression sees. */
export function logisticInputs(features: readonly string[]): Inputs {
  const choose = featureColumns(features);
  return (row) => [1, ...choose(row).map((rank) => 2 * rank - 1)];
}

/** Learns a weight an input; the same rows give the same weights to the last digit. */
export function fitLogistic(inputs: Inputs, rows: readonly TrainingRow[]): number[] {
  const regression = new LogisticRegression({ numSteps: STEPS, learningRate: LEARNING_RATE / rows.length });
  regression.train(
    new Matrix(rows.map((row) => inputs(row.features))),
    Matrix.columnVector(rows.map((row) => row.target)),
  );
  // classifier 0 gives the probability of not being class 0
  return regression.classifiers[0]?.weights.to1DArray() ?? [];
}

/** Predicts by weights that were learnt, here or elsewhere. */
export function logisticPredictor(inputs: Inputs, weights: readonly number[]): Predictor {
  return (row) => {
    const score = inputs(row).reduce((sum, input, i) => sum + input * (weights[i] ?? Number.NaN), 0);
    return 1 / (1 + Math.exp(-score));
  };
}
