import { DecisionTreeRegression } from "ml-cart";

import { featureColumns } from "./feature-columns.js";
import type { Model } from "./model.js";

export interface DecisionTreeSettings {
  readonly features: readonly string[];
  /** Questions from the root to a leaf, at most. */
  readonly depth: number;
  /** Rows below which a node is not split any more. */
  readonly minSplit: number;
  /** Share of a leaf's mean in the prediction; the rest is one half. Below 1, so that a pure leaf is never certain. */
  readonly trust: number;
}

/** CART regression tree on the target: a leaf predicts its share of rises. */
export function decisionTree(name: string, { features, depth, minSplit, trust }: DecisionTreeSettings): Model {
  const choose = featureColumns(features);
  return {
    name,
    fit(rows) {
      const tree = new DecisionTreeRegression({
        gainFunction: "regression",
        minNumSamples: minSplit,
        maxDepth: depth,
        // the library compares it with the error left after a split, which is 0 for a perfect one
        gainThreshold: -1,
      });
      tree.train(
        rows.map((row) => choose(row.features)),
        rows.map((row) => row.target),
      );
      return (row) => 0.5 + trust * ((tree.predict([choose(row)])[0] ?? Number.NaN) - 0.5);
    },
  };
}
