import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { buildMarket, loadMarket, type DataType, type Market } from "../../scripts/demo/market.js";
import { readDailyBars } from "../../scripts/demo/daily-bars.js";
import type { Model } from "../../scripts/demo/models/model.js";
import { ROUND_TERMS } from "../../scripts/demo/round-terms.js";
import {
  COMPETITORS,
  decide,
  preparePredictions,
  type Competitor,
  type PreparedPredictions,
} from "../../scripts/demo/scientists.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { expectNear } from "../fixtures/expect-near.js";

const market = loadMarket();
const tournament = market.rows.filter((row) => row.dataType !== "train");

/** What the oracle would measure, computed the slow and obvious way. */
interface Measured extends PreparedPredictions {
  readonly index: number;
  readonly probabilities: number[];
  readonly liveLogloss: number;
  readonly concordance: number;
  readonly copied: string | undefined;
}

describe("data scientists", () => {
  let directory: string;
  let prepared: PreparedPredictions[];
  let measured: Measured[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "numeraire-test-"));
    prepared = await preparePredictions(directory, market);
    measured = await measure(prepared);
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  it("are at least eight, each with a label that fits a bytes32", () => {
    expect(prepared.length).to.be.at.least(8);
    expect(new Set(prepared.map(({ scientist }) => scientist.name)).size).to.equal(prepared.length);
    expect(new Set(prepared.map(({ scientist }) => scientist.modelName)).size).to.equal(prepared.length);
    for (const { scientist, file } of prepared) {
      expect(scientist.modelName).to.match(/^[ -~]{1,31}$/);
      expect(basename(file)).to.equal(`${scientist.modelName}.csv`);
    }
  });

  it("predict every validation, test and live row once, in the order of ids, with nine decimals in (0, 1)", async () => {
    for (const { file } of prepared) {
      const text = await readFile(file, "utf8");
      expect(text.endsWith("\n")).to.equal(true);
      const [header, ...lines] = text.trimEnd().split("\n");
      expect(header).to.equal("id,probability");
      expect(lines.map((line) => line.split(",")[0])).to.deep.equal(tournament.map((row) => row.id));
      for (const line of lines) {
        expect(line).to.match(/^n[0-9a-f]{16},0\.\d{9}$/);
        expect(Number(line.split(",")[1])).to.be.greaterThan(0);
      }
    }
  });

  it("write the same bytes and stake the same again, even if test and live go the other way", async () => {
    const again = join(directory, "again");
    await mkdir(again);
    const fresh = buildMarket(readDailyBars());
    const hidden: DataType[] = ["test", "live"];
    const otherFuture: Market = {
      ...fresh,
      rows: fresh.rows.map((row) =>
        hidden.includes(row.dataType) ? { ...row, target: row.target === 1 ? 0 : 1 } : row,
      ),
    };
    const repeated = await preparePredictions(again, otherFuture);
    const withoutFolder = (all: readonly PreparedPredictions[]): object[] =>
      all.map((entry) => ({ ...entry, file: basename(entry.file) }));
    expect(withoutFolder(repeated)).to.deep.equal(withoutFolder(prepared));
    for (const [index, { file }] of repeated.entries())
      expect(await readFile(file, "utf8")).to.equal(await readFile(prepared[index]?.file ?? "", "utf8"));
  });

  it("know their validation log-loss and consistency, which all differ in the former", () => {
    const validation = tournament.map((row, i) => ({ ...row, i })).filter((row) => row.dataType === "validation");
    const eras = [...new Set(validation.map((row) => row.era))];
    for (const { probabilities, validationLogloss, consistency } of measured) {
      const lossOf = (rows: typeof validation): number =>
        mean(rows.map((row) => logloss(row.target, probabilities[row.i])));
      const good = eras.filter((era) => lossOf(validation.filter((row) => row.era === era)) < Math.log(2)).length;
      expect(consistency).to.equal(Math.floor((good / 60) * 100));
      expectNear(validationLogloss, lossOf(validation), 1e-12);
    }
    expect(new Set(measured.map((model) => model.validationLogloss.toFixed(6))).size).to.equal(measured.length);
  });

  it("differ in quality: some beat the benchmark on live days, some do not", () => {
    const losses = measured.map((model) => Math.floor(model.liveLogloss * 1e6));
    expect(losses.filter((loss) => loss < ROUND_TERMS.benchmark).length).to.be.at.least(3);
    expect(losses.filter((loss) => loss > ROUND_TERMS.benchmark).length).to.be.at.least(5);
    expect(Math.max(...losses) - Math.min(...losses)).to.be.greaterThan(100_000);
  });

  it("hand in their own work, but for the one who copies an earlier model", () => {
    for (const { scientist, copied } of measured) {
      if (scientist.honest) expect(copied, scientist.name).to.equal(undefined);
      else expect(copied, scientist.name).to.be.a("string");
    }
    const [original, copy] = [find("mean-reversion"), find("mean-reversion-copy")];
    expect(original.index).to.be.lessThan(copy.index);
    expect(copy.copied).to.equal("mean-reversion");
    expect(correlation(original.probabilities, copy.probabilities)).to.be.greaterThan(0.95).and.lessThan(1);
  });

  it("are mostly concordant when honest", () => {
    const honest = measured.filter(({ scientist }) => scientist.honest);
    const concordant = honest.filter(({ concordance }) => concordance < 0.12);
    expect(concordant.length / honest.length).to.be.greaterThan(0.75);
  });

  it("stake so that the round shows every outcome", () => {
    const outcomes = auction(measured);
    expect(outcomes.filter((outcome) => outcome === "paid").length).to.be.at.least(2);
    for (const outcome of ["destroyed", "paid in part", "inconsistent", "unoriginal", "below the cut"])
      expect(outcomes, outcome).to.include(outcome);
  });

  it("refuses a model that is certain", async () => {
    const certain: Model = { name: "certain", fit: () => () => 1 - 1e-12 };
    const [competitor] = COMPETITORS;
    if (competitor === undefined) throw new Error("no competitor");
    const own = join(directory, "certain");
    await mkdir(own);
    const refusal = await preparePredictions(own, market, [{ ...competitor, model: certain }]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal)
      .to.be.instanceOf(NumeraireError)
      .with.property("message")
      .that.matches(/^model certain, row n[0-9a-f]{16}: predicted 1\.000000000, expected a number between 0 and 1$/);
  });

  function find(modelName: string): Measured {
    const found = measured.find(({ scientist }) => scientist.modelName === modelName);
    if (found === undefined) throw new Error(`no model ${modelName}`);
    return found;
  }
});

describe("the rule for staking", () => {
  const competitor: Competitor = {
    name: "Anybody",
    model: { name: "any", fit: () => () => 0.5 },
    description: "",
    bankroll: 100n,
    boldness: 50n,
    honest: true,
  };
  const performance = { logloss: 0.69, eras: 58, goodEras: 44, consistency: 75 };

  it("bids half the break-even confidence and stakes by Kelly", () => {
    // p = 45 / 60: breaks even at 20 × 3 = 60 NMR an ether; Kelly stakes 100 × 0.75 × 0.5
    expect(decide(competitor, performance)).to.include({ confidence: "30.0", stake: "37.5" });
  });

  it("stakes less of a bolder bid", () => {
    expect(decide({ ...competitor, boldness: 90n }, performance)).to.include({ confidence: "54.0", stake: "7.5" });
  });

  it("rounds down, and stakes something even after no good era", () => {
    expect(decide(competitor, { ...performance, goodEras: 0 })).to.include({ confidence: "0.169", stake: "0.8" });
  });
});

async function measure(prepared: readonly PreparedPredictions[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [index, entry] of prepared.entries()) {
    const lines = (await readFile(entry.file, "utf8")).trimEnd().split("\n").slice(1);
    const probabilities = lines.map((line) => Number(line.split(",")[1]));
    const of = (dataType: DataType, cluster: number): number[] =>
      probabilities.filter((_, i) => tournament[i]?.dataType === dataType && tournament[i].cluster === cluster);
    const discordance = [0, 1].map((cluster) => {
      const [validation, test, live] = [of("validation", cluster), of("test", cluster), of("live", cluster)];
      return Math.max(kolmogorov(validation, test), kolmogorov(validation, live), kolmogorov(test, live));
    });
    const copied = measured.find(
      (earlier) =>
        Math.abs(correlation(earlier.probabilities, probabilities)) > 0.95 ||
        kolmogorov(earlier.probabilities, probabilities) <= 0.03,
    );
    measured.push({
      ...entry,
      index,
      probabilities,
      liveLogloss: mean(
        tournament.flatMap((row, i) => (row.dataType === "live" ? [logloss(row.target, probabilities[i])] : [])),
      ),
      concordance: mean(discordance),
      copied: copied?.scientist.modelName,
    });
  }
  return measured;
}

/** What becomes of each stake, by the rule of the auction. */
function auction(models: readonly Measured[]): string[] {
  const stakes = models.map((model) => ({
    model,
    amount: parseEther(model.scientist.stake),
    confidence: parseEther(model.scientist.confidence),
  }));
  stakes.sort((a, b) => Number(b.confidence - a.confidence) || a.model.index - b.model.index);
  let left = parseEther(ROUND_TERMS.prizePool);
  return stakes.map(({ model, amount, confidence }) => {
    if (left === 0n) return "below the cut";
    if (model.copied !== undefined) return "unoriginal";
    if (model.consistency < ROUND_TERMS.minConsistency) return "inconsistent";
    if (model.concordance >= 0.12) return "discordant";
    if (Math.floor(model.liveLogloss * 1e6) >= ROUND_TERMS.benchmark) return "destroyed";
    const payout = (amount * 10n ** 18n) / confidence;
    const outcome = payout > left ? "paid in part" : "paid";
    left -= payout > left ? left : payout;
    return outcome;
  });
}

function logloss(target: 0 | 1, probability = Number.NaN): number {
  return -(target * Math.log(probability) + (1 - target) * Math.log(1 - probability));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Largest distance between the two empirical distributions. */
function kolmogorov(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [[...a].sort((x, y) => x - y), [...b].sort((x, y) => x - y)];
  let [i, j, largest] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] ?? Infinity, right[j] ?? Infinity);
    while ((left[i] ?? Infinity) <= value) i++;
    while ((right[j] ?? Infinity) <= value) j++;
    largest = Math.max(largest, Math.abs(i / left.length - j / right.length));
  }
  return largest;
}

/** Pearson's r. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? Number.NaN) - my), 0);
  return product(a, b, meanA, meanB) / Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
}
