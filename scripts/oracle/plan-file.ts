import { readFile } from "node:fs/promises";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { CHUNK, NO_CUT, scoresDigest, unpackScores } from "../../sdk/score-sheet.js";
import { plural } from "../terminal/plural.js";
import type { RoundTerms } from "./round-state.js";

/** Version of the plan's layout; another one is refused. */
export const PLAN_VERSION = 2;

/** Everything apply needs, and everything a second person needs to check it. Hashes and code as 0x hex. */
export interface Plan {
  version: number;
  chainId: bigint;
  nmr: string;
  committee: string;
  tournament: string;
  /** keccak256 of the tournament's code. */
  codeHash: string;
  block: { number: number; hash: string; timestamp: number };
  roundId: bigint;
  terms: RoundTerms;
  /** Unix seconds in which the last chunk must be on chain. */
  postBy: number;
  stakeCount: number;
  stakesHash: string;
  prizePool: bigint;
  bonusPool: bigint;
  scoreFile: PlannedFile;
  /** File that named the models of a leaderboard's usernames; null where the score file names models itself. */
  mapping: PlannedFile | null;
  evidenceHash: string;
  evidenceURI: string;
  cut: number;
  scoresDigest: string;
  /** Attempt that apply begins if nobody else begins one first, and the hash the committee then approves. */
  expectedAttempt: number;
  reportHash: string;
  totals: {
    above: bigint;
    cutPayout: bigint;
    /** Ether paid: above + cutPayout. */
    paid: bigint;
    burned: bigint;
    returned: bigint;
    /** NMR out of the bonus pool, if this is the next round to be resolved and all earlier ones are settled. */
    bonus: bigint;
  };
  counts: { paid: number; destroyed: number; returned: number };
  gas: {
    begin: bigint;
    post: bigint[];
    approve: bigint;
    total: bigint;
    /** Gas price that the cost is reckoned with: the base fee of the block and a tip of one gwei, in wei. */
    price: bigint;
    /** Ether, in wei. */
    cost: bigint;
  };
  chunks: string[];
}

/** A file that a plan was made from. */
export interface PlannedFile {
  /** Relative to the plan's folder. */
  path: string;
  sha256: string;
}

/**
 * Reads and checks a plan.
 * @throws {NumeraireError} when the file is missing, malformed or contradicts itself.
 */
export async function readPlan(path: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new NumeraireError(`${path}: found no readable file, expected a plan`, {
      hint: "Make one with plan --round N --scores FILE.",
      cause: error,
    });
  }
  return parsePlan(text, path);
}

/**
 * Parses a plan and checks that it is complete and agrees with itself.
 * @param text Content of the file.
 * @param path Name of the file, for messages.
 * @throws {NumeraireError} naming the field, what was found and what was expected.
 */
export function parsePlan(text: string, path: string): Plan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new NumeraireError(`${path}: found no valid JSON: ${error instanceof Error ? error.message : ""}`, {
      hint: "The file is cut short or was edited: plan again.",
      cause: error,
    });
  }
  const root = new Fields(json, path, "");
  if (root.whole("version") !== PLAN_VERSION) root.fail("version", `${PLAN_VERSION}`);
  const block = root.object("block");
  const terms = root.object("terms");
  const totals = root.object("totals");
  const counts = root.object("counts");
  const gas = root.object("gas");
  const plan: Plan = {
    version: PLAN_VERSION,
    chainId: root.amount("chainId"),
    nmr: root.address("nmr"),
    committee: root.address("committee"),
    tournament: root.address("tournament"),
    codeHash: root.hash("codeHash"),
    block: { number: block.whole("number"), hash: block.hash("hash"), timestamp: block.whole("timestamp") },
    roundId: root.amount("roundId"),
    terms: {
      closesAt: terms.whole("closesAt"),
      resolveBy: terms.whole("resolveBy"),
      challengePeriod: terms.whole("challengePeriod"),
      benchmark: terms.whole("benchmark"),
      minConsistency: terms.whole("minConsistency"),
      minStake: terms.amount("minStake"),
      minConfidence: terms.amount("minConfidence"),
    },
    postBy: root.whole("postBy"),
    stakeCount: root.whole("stakeCount"),
    stakesHash: root.hash("stakesHash"),
    prizePool: root.amount("prizePool"),
    bonusPool: root.amount("bonusPool"),
    scoreFile: plannedFile(root.object("scoreFile")),
    mapping: root.isNull("mapping") ? null : plannedFile(root.object("mapping")),
    evidenceHash: root.hash("evidenceHash"),
    evidenceURI: root.text("evidenceURI"),
    cut: root.whole("cut"),
    scoresDigest: root.hash("scoresDigest"),
    expectedAttempt: root.whole("expectedAttempt"),
    reportHash: root.hash("reportHash"),
    totals: {
      above: totals.amount("above"),
      cutPayout: totals.amount("cutPayout"),
      paid: totals.amount("paid"),
      burned: totals.amount("burned"),
      returned: totals.amount("returned"),
      bonus: totals.amount("bonus"),
    },
    counts: { paid: counts.whole("paid"), destroyed: counts.whole("destroyed"), returned: counts.whole("returned") },
    gas: {
      begin: gas.amount("begin"),
      post: gas.list("post", /^\d+$/, "decimal strings").map(BigInt),
      approve: gas.amount("approve"),
      total: gas.amount("total"),
      price: gas.amount("price"),
      cost: gas.amount("cost"),
    },
    chunks: root.list("chunks", /^0x([0-9a-f]{8})+$/, "hex strings of 4 bytes a score"),
  };
  if (plan.cut !== NO_CUT && plan.cut >= plan.stakeCount) root.fail("cut", `${NO_CUT} or a stake below stakeCount`);
  const scored = unpackScores(plan.chunks).length;
  if (scored !== plan.stakeCount || plan.chunks.length !== Math.ceil(plan.stakeCount / CHUNK)) {
    root.fail(
      "chunks",
      `${plural(plan.stakeCount, "score")}, ${CHUNK} a chunk`,
      `${plural(scored, "score")} in ${plural(plan.chunks.length, "chunk")}`,
    );
  }
  if (scoresDigest(plan.chunks) !== plan.scoresDigest) root.fail("scoresDigest", scoresDigest(plan.chunks));
  return plan;
}

function plannedFile(fields: Fields): PlannedFile {
  return { path: fields.text("path"), sha256: fields.hash("sha256") };
}

/** Typed access to the fields of parsed JSON. */
class Fields {
  readonly #values: Record<string, unknown>;

  constructor(
    value: unknown,
    readonly path: string,
    readonly prefix: string,
  ) {
    this.#values = typeof value === "object" && value !== null ? { ...value } : {};
  }

  isNull(name: string): boolean {
    return this.#values[name] === null;
  }

  object(name: string): Fields {
    const value = this.#values[name];
    if (typeof value !== "object" || value === null) this.fail(name, "an object");
    return new Fields(value, this.path, `${this.prefix}${name}.`);
  }

  whole(name: string): number {
    const value = this.#values[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      return this.fail(name, "a whole number from 0");
    }
    return value;
  }

  amount(name: string): bigint {
    return BigInt(this.#match(name, /^\d+$/, "a decimal string"));
  }

  address(name: string): string {
    return this.#match(name, /^0x[0-9a-fA-F]{40}$/, "an address");
  }

  hash(name: string): string {
    return this.#match(name, /^0x[0-9a-f]{64}$/, "32 bytes as lower-case hex");
  }

  text(name: string): string {
    return this.#match(name, /^/, "a text");
  }

  list(name: string, pattern: RegExp, expected: string): string[] {
    const value = this.#values[name];
    if (!Array.isArray(value)) return this.fail(name, `a list of ${expected}`);
    return value.map((one: unknown, i) =>
      typeof one === "string" && pattern.test(one) ? one : this.fail(`${name}[${i}]`, expected, String(one)),
    );
  }

  fail(name: string, expected: string, found?: string): never {
    const shown = found ?? (name in this.#values ? JSON.stringify(this.#values[name]) : "nothing");
    const short = shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
    throw new NumeraireError(`${this.path}: ${this.prefix}${name}: found ${short}, expected ${expected}`, {
      hint: "The plan was edited or made by another version: plan again.",
    });
  }

  #match(name: string, pattern: RegExp, expected: string): string {
    const value = this.#values[name];
    return typeof value === "string" && pattern.test(value) ? value : this.fail(name, expected);
  }
}
