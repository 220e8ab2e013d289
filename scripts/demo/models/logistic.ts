import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";

import { featureColumns } from "./feature-columns.js";
import type { Model } from "./model.js";

/** Gradient steps; the features are ranks, so the few hundred reach a weight per feature that generalises. */
const STEPS = 300;

/** Step for the mean gradient of a row; the library wants it for the sum of all rows. */
const LEARNING_RATE = 1;

/**
 * Logistic regression by gradient descent; stopping early keeps weights small.
 *
 * @param features Names of the features it sees.
 */
export function logistic(name: string, features: readonly string[]): Model {
  const choose = featureColumns(features);
  // centred, with a constant for the intercept
  const inputs = (row: readonly number[]): number[] => [1, ...choose(row).map((rank) => 2 * rank - 1)];
  return {
    name,
    fit(rows) {
      const regression = new LogisticRegression({ numSteps: STEPS, learningRate: LEARNING_RATE / rows.length });
      regression.train(
        new Matrix(rows.map((row) => inputs(row.features))),
        Matrix.columnVector(rows.map((row) => row.target)),
      );
      // classifier 0 gives the probability of not being class 0
      const [rise] = regression.classifiers;
      return (row) => rise?.testScores(new Matrix([inputs(row)]))[0] ?? Number.NaN;
    },
  };
}
