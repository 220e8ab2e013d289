import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { formatUnits } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { FEATURE_NAMES } from "./features.js";
import type { Market, MarketRow } from "./market.js";
import { baseRate } from "./models/base-rate.js";
import { coinFlip } from "./models/coin-flip.js";
import { decisionTree } from "./models/decision-tree.js";
import { logistic } from "./models/logistic.js";
import type { Model } from "./models/model.js";
import { nearCopy } from "./models/near-copy.js";
import { nearestNeighbours } from "./models/nearest-neighbours.js";
import { rule } from "./models/rule.js";
import { ROUND_TERMS } from "./round-terms.js";
import { validationPerformance, type ValidationPerformance } from "./validation-performance.js";

/** A data scientist with a model, before anything is known of how good it is. */
export interface Competitor {
  readonly name: string;
  readonly model: Model;
  /** What the model is, in a sentence. */
  readonly description: string;
  /** NMR the data scientist owns. */
  readonly bankroll: bigint;
  /** Share of the break-even confidence that is bid, in per cent below 100: the lower, the larger the edge. */
  readonly boldness: bigint;
  /** False for one who hands in what is not his own. */
  readonly honest: boolean;
}

/** A data scientist who has decided what to stake. */
export interface Scientist {
  readonly name: string;
  /** Label of the model; at most 31 ASCII characters, so that it fits a bytes32. */
  readonly modelName: string;
  readonly description: string;
  /** NMR staked, as a decimal string. */
  readonly stake: string;
  /** NMR risked to win one ether, as a decimal string. */
  readonly confidence: string;
  readonly honest: boolean;
}

export interface PreparedPredictions {
  readonly scientist: Scientist;
  /** CSV `id,probability` of every validation, test and live row, sorted by id. */
  readonly file: string;
  /** Mean log-loss on validation rows, in nats. */
  readonly validationLogloss: number;
  /** Validation eras better than one half, in whole per cent, rounded down. */
  readonly consistency: number;
}

/** Bids half of what would break even. */
const CAREFUL = 50n;

/** Bids nearly all that would break even, to be served early. */
const BELIEVER = 90n;

/** The logistic regression of Pendulum: what it is called and what it sees. */
export const PENDULUM = { name: "mean-reversion", features: ["return1", "closeInRange1", "return5"] } as const;

const pendulum = logistic(PENDULUM.name, PENDULUM.features);

/** Everybody in the round, in the order of staking. */
export const COMPETITORS: readonly Competitor[] = [
  {
    name: "Prudence",
    model: baseRate("base-rate", { spread: 0.01, seed: 2000 }),
    description: "Says how often the index rose in training, every day.",
    bankroll: 240n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Pendulum",
    model: pendulum,
    description: "Logistic regression that expects the last days' moves to be taken back.",
    bankroll: 200n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Kitchen Sink",
    model: logistic("logistic-all", FEATURE_NAMES),
    description: "Logistic regression on every feature there is.",
    bankroll: 150n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Bandwagon",
    model: logistic("momentum", ["return5", "return20", "return60"]),
    description: "Logistic regression on the returns of a week, a month and a quarter.",
    bankroll: 120n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Bonsai",
    model: decisionTree("small-tree", {
      features: ["return1", "return5", "volatility20", "closeInRange20"],
      depth: 3,
      minSplit: 100,
      trust: 0.9,
    }),
    description: "Decision tree of three questions.",
    bankroll: 160n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Neighbourhood",
    model: nearestNeighbours("neighbours-50", ["return5", "return20", "volatility20"], 50),
    description: "Looks up the 50 most similar days by return and volatility.",
    bankroll: 200n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Census",
    model: nearestNeighbours("neighbours-200", ["return1", "return5", "return20", "volatility20", "volumeTrend"], 200),
    description: "Looks up the 200 most similar days by return, volatility and volume.",
    bankroll: 180n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Weatherman",
    model: logistic("volatility", ["volatility20", "volatilityTrend", "range1", "volumeTrend"]),
    description: "Logistic regression on volatility and volume alone.",
    bankroll: 140n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Trend Friend",
    model: rule("momentum-rule", "return20", 0.2),
    description: "Rule of thumb: what rose for a month goes on rising.",
    bankroll: 400n,
    boldness: BELIEVER,
    honest: true,
  },
  {
    name: "Sequoia",
    model: decisionTree("deep-tree", {
      features: ["return1", "return5", "volatility20", "volumeTrend"],
      depth: 30,
      minSplit: 5,
      trust: 0.9,
    }),
    description: "Decision tree grown until it knew the training days by heart.",
    bankroll: 90n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Goldfish",
    model: nearestNeighbours("neighbours-3", FEATURE_NAMES, 3),
    description: "Looks up the three most similar days and forgets the rest.",
    bankroll: 80n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Lucky",
    model: coinFlip("coin-flip", { conviction: 0.4, seed: 2001 }),
    description: "Tosses a coin and believes in it.",
    bankroll: 60n,
    boldness: CAREFUL,
    honest: true,
  },
  {
    name: "Echo",
    model: nearCopy("mean-reversion-copy", pendulum, { blur: 0.003, seed: 2002 }),
    description: "Pendulum's predictions with a little noise on top.",
    bankroll: 200n,
    boldness: CAREFUL,
    honest: false,
  },
];

/**
 * Fits every model on the training rows, writes its predictions, and lets its owner stake by what validation showed.
 *
 * @param directory Existing folder; gets one CSV a model, named as the model.
 * @param competitors Who takes part, in the order of staking.
 * @returns One entry a data scientist, in the order of staking.
 * @throws NumeraireError when a model predicts something that is no probability.
 */
export async function preparePredictions(
  directory: string,
  market: Market,
  competitors: readonly Competitor[] = COMPETITORS,
): Promise<PreparedPredictions[]> {
  const training = market.rows.filter((row) => row.dataType === "train");
  const tournament = market.rows.filter((row) => row.dataType !== "train");
  const prepared: PreparedPredictions[] = [];
  for (const competitor of competitors) {
    const predict = competitor.model.fit(training);
    const texts = tournament.map((row) => probabilityText(competitor.model.name, row, predict(row.features)));
    const file = join(directory, `${competitor.model.name}.csv`);
    const lines = tournament.map((row, index) => `${row.id},${texts[index] ?? ""}`);
    await writeFile(file, `${["id,probability", ...lines].join("\n")}\n`);
    const performance = validationPerformance(tournament, texts.map(Number));
    prepared.push({
      scientist: decide(competitor, performance),
      file,
      validationLogloss: performance.logloss,
      consistency: performance.consistency,
    });
  }
  return prepared;
}

/**
 * The rule by which everybody bids and stakes, from validation alone.
 *
 * The chance p to perform is taken to be that of a validation era to be good, with Laplace's rule of succession:
 * p = (good + 1) / (eras + 2). At a confidence of `nmrPerEther` × p / (1 − p) the ether to win weighs the same as the
 * NMR at risk: the bet breaks even. Everybody bids a share of that, the boldness, and stakes what Kelly's criterion
 * says for a bet at that price: p × (1 − boldness) of all he has.
 *
 * @returns The data scientist with confidence rounded down to 0.001 NMR and stake to 0.1 NMR.
 */
export function decide(competitor: Competitor, { eras, goodEras }: ValidationPerformance): Scientist {
  const { bankroll, boldness } = competitor;
  const favourable = BigInt(goodEras + 1);
  const unfavourable = BigInt(eras - goodEras + 1);
  const confidence = (1000n * ROUND_TERMS.nmrPerEther * boldness * favourable) / (100n * unfavourable);
  const stake = (10n * bankroll * (100n - boldness) * favourable) / (100n * (favourable + unfavourable));
  return {
    name: competitor.name,
    modelName: competitor.model.name,
    description: competitor.description,
    stake: formatUnits(stake, 1),
    confidence: formatUnits(confidence, 3),
    honest: competitor.honest,
  };
}

/** Nine fixed decimals: the same bytes everywhere, and finer than a score can show. */
function probabilityText(model: string, row: MarketRow, probability: number): string {
  const text = probability.toFixed(9);
  const printed = Number(text);
  if (!(printed > 0 && printed < 1)) {
    throw new NumeraireError(`model ${model}, row ${row.id}: predicted ${text}, expected a number between 0 and 1`, {
      hint: "a model must never be certain: shrink its predictions",
    });
  }
  return text;
}
