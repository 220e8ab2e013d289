// Types of the parts that are used of three libraries that ship none.

declare module "ml-cart" {
  export interface DecisionTreeOptions {
    gainFunction: "regression";
    minNumSamples: number;
    maxDepth: number;
    gainThreshold: number;
  }
  export class DecisionTreeRegression {
    constructor(options: DecisionTreeOptions);
    train(rows: number[][], targets: number[]): void;
    /** Mean target of the leaf of each row. */
    predict(rows: number[][]): number[];
  }
}

declare module "ml-knn" {
  export interface NearestNeighboursOptions {
    k: number;
    distance: (a: ArrayLike<number>, b: ArrayLike<number>) => number;
  }
  export default class KNN {
    constructor(rows: number[][], labels: number[], options: NearestNeighboursOptions);
    /** Points as given, each with its label appended. */
    readonly kdTree: { nearest(point: number[], count: number): [point: number[], distance: number][] };
  }
}

declare module "ml-logistic-regression" {
  import type { Matrix } from "ml-matrix";
  /** One-vs-all: classifier 0 separates class 0 from the others. */
  export default class LogisticRegression {
    constructor(options: { numSteps: number; learningRate: number });
    /** Weights are one row, a column an input. */
    readonly classifiers: { weights: Matrix }[];
    train(rows: Matrix, targets: Matrix): void;
  }
}
