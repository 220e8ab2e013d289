import KNN from "ml-knn";

import { featureColumns } from "./feature-columns.js";
import type { Model } from "./model.js";

/**
 * Share of rises among the training days most like today, with one rise and one fall added so that it is never
 * certain.
 *
 * @param features Names of the features that make days alike.
 * @param neighbours Days that are looked at.
 */
export function nearestNeighbours(name: string, features: readonly string[], neighbours: number): Model {
  const choose = featureColumns(features);
  // the library appends the label to each point and would count it as a dimension
  const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    let sum = 0;
    for (let index = 0; index < features.length; index++) sum += ((a[index] ?? 0) - (b[index] ?? 0)) ** 2;
    return Math.sqrt(sum);
  };
  return {
    name,
    fit(rows) {
      const { kdTree } = new KNN(
        rows.map((row) => choose(row.features)),
        rows.map((row) => row.target),
        { k: neighbours, distance },
      );
      return (row) => {
        const nearest = kdTree.nearest(choose(row), neighbours);
        const rises = nearest.reduce((sum, [point]) => sum + (point.at(-1) ?? 0), 0);
        return (rises + 1) / (nearest.length + 2);
      };
    },
  };
}
