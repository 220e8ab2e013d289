import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { MaxUint256, ZeroHash, getAddress, isHexString } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Earned } from "../../sdk/rewards-tree.js";
import { readText } from "../terminal/read-text.js";
import { toJson } from "../terminal/to-json.js";
import { formatExactLogloss, parseExactLogloss } from "./exact-logloss.js";
import type { Competitor, ReputedModel } from "./pay-out.js";
import { parseRule, plainRule, type PayoutRule } from "./payout-rule.js";
import type { WeekBlock } from "./week-block.js";

/** Version of the file's layout; another one is refused. */
const VERSION = 1;
/** Beyond these a number in the file is nonsense; the first is 19,000 years. */
const MOST_WEEKS = 999_999n;
const MOST_BLOCKS = 10n ** 15n;
const MOST_RANK = 999_999_999n;
const MOST_REPUTATION = 20n;

/** A week of rewards with all that it was computed from: its hash is the evidence on chain. */
export interface WeekFile {
  chainId: bigint;
  /** Address of WeeklyRewards. */
  rewards: string;
  week: bigint;
  /** The week's last block: what reputations are as of. */
  block: WeekBlock;
  /** What the week builds on: root of the week before, zero for none, and NMR of all weeks, in wei. */
  previous: { root: string; allocated: bigint };
  rule: PayoutRule;
  leaderboard: { sha256: string; competitors: Competitor[] };
  /** Models that share the rule's NMR for reputation; empty where it has none. */
  reputation: ReputedModel[];
  /** NMR of the week, in wei, by account. */
  payouts: Earned;
  /** Sum of the payouts, in wei. */
  added: bigint;
  /** What each account has ever earned, this week included. */
  earned: Earned;
  root: string;
}

/** A week file as it lies on disk. */
export interface StoredWeek {
  path: string;
  /** SHA-256 of the file's bytes: the evidence hash. */
  sha256: string;
  file: WeekFile;
}

/** Where the file of a week is kept unless told otherwise. */
export function weekPath(week: bigint): string {
  return path.join("weeks", `${week.toString()}.json`);
}

/** Writes a week file; the same week gives the same bytes on every machine. A reader never sees half of it. */
export async function writeWeek(file: string, week: WeekFile): Promise<StoredWeek> {
  const text = toJson(toPlain(week));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
  return { path: file, sha256: `0x${createHash("sha256").update(text).digest("hex")}`, file: week };
}

/**
 * Reads a week file. Whether its numbers follow from one another is for checkWeek to say.
 * @throws {NumeraireError} when the file is missing or no week file.
 */
export async function readWeek(file: string): Promise<StoredWeek> {
  const { text, sha256 } = await readText(file);
  try {
    return { path: file, sha256, file: fromPlain(JSON.parse(text) as Plain, file) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NumeraireError(`${file}: found no week file (${reason}), expected one that plan wrote`, {
      hint: "Take the file as plan wrote it, byte for byte.",
      cause,
    });
  }
}

/** Amounts by account, accounts in the order of their bytes. */
export function sorted(amounts: Earned): Map<string, bigint> {
  const keyed = [...amounts].map(([account, amount]) => [account.toLowerCase(), account, amount] as const);
  keyed.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(keyed.map(([, account, amount]) => [account, amount]));
}

type Pairs = [account: string, amount: string][];

/** The file's JSON: amounts of the rule in NMR, all others in wei. */
interface Plain {
  version: number;
  chainId: string;
  rewards: string;
  week: string;
  block: WeekBlock;
  previous: { root: string; allocated: string };
  rule: unknown;
  leaderboard: { sha256: string; competitors: [account: string, rank: number | null, logloss: string | null][] };
  reputation: [modelId: string, account: string, reputation: string][];
  payouts: Pairs;
  added: string;
  earned: Pairs;
  root: string;
}

function toPlain(week: WeekFile): Plain {
  const { leaderboard, previous, rule } = week;
  const pairs = (amounts: Earned): Pairs =>
    [...sorted(amounts)].map(([account, amount]) => [account, amount.toString()]);
  return {
    version: VERSION,
    chainId: week.chainId.toString(),
    rewards: week.rewards,
    week: week.week.toString(),
    block: week.block,
    previous: { root: previous.root, allocated: previous.allocated.toString() },
    rule: plainRule(rule),
    leaderboard: {
      sha256: leaderboard.sha256,
      competitors: leaderboard.competitors.map(({ account, rank, logloss }) => [
        account,
        rank ?? null,
        logloss === undefined ? null : formatExactLogloss(logloss),
      ]),
    },
    reputation: week.reputation.map(({ modelId, account, reputation }) => [
      modelId.toString(),
      account,
      reputation.toString(),
    ]),
    payouts: pairs(week.payouts),
    added: week.added.toString(),
    earned: pairs(week.earned),
    root: week.root,
  };
}

/** Throws where the JSON has another shape. */
function fromPlain(plain: Plain, file: string): WeekFile {
  if (plain.version !== VERSION) throw new Error(`version ${String(plain.version)}, not ${VERSION}`);
  const { previous, leaderboard } = plain;
  // Each would be paid as often as it is named.
  requireOnce(leaderboard.competitors.map(([account]) => checksummed(account)));
  requireOnce(plain.reputation.map(([modelId]) => naturalOf(modelId)));
  return {
    chainId: naturalOf(plain.chainId),
    rewards: getAddress(plain.rewards),
    week: naturalOf(plain.week, 1n, MOST_WEEKS),
    block: { number: Number(naturalOf(plain.block.number, 0n, MOST_BLOCKS)), hash: hashOf(plain.block.hash) },
    previous: { root: hashOf(previous.root), allocated: naturalOf(previous.allocated) },
    rule: parseRule(plain.rule, file),
    leaderboard: {
      sha256: hashOf(leaderboard.sha256),
      competitors: leaderboard.competitors.map(([account, rank, logloss]) => ({
        account: checksummed(account),
        ...(rank === null ? {} : { rank: Number(naturalOf(rank, 1n, MOST_RANK)) }),
        ...(logloss === null ? {} : { logloss: loglossOf(logloss) }),
      })),
    },
    reputation: plain.reputation.map(([modelId, account, reputation]) => ({
      modelId: naturalOf(modelId),
      account: checksummed(account),
      reputation: naturalOf(reputation, 1n, MOST_REPUTATION),
    })),
    payouts: amountsOf(plain.payouts),
    added: naturalOf(plain.added),
    earned: amountsOf(plain.earned),
    root: hashOf(plain.root),
  };
}

function amountsOf(pairs: Pairs): Map<string, bigint> {
  requireOnce(pairs.map(([account]) => account));
  return new Map(pairs.map(([account, amount]) => [checksummed(account), naturalOf(amount)]));
}

function requireOnce(names: readonly (string | bigint)[]): void {
  const seen = new Set<string | bigint>();
  for (const name of names) {
    if (seen.has(name)) throw new Error(`${name.toString()}, which is named twice`);
    seen.add(name);
  }
}

/** Checking a checksum takes a hash; a file of a hundred thousand accounts names each three times. */
function checksummed(account: string): string {
  const known = spelt.get(account);
  if (known !== undefined) return known;
  const address = getAddress(account);
  if (address !== account) throw new Error(`account ${account}, which has another checksum`);
  spelt.set(account, address);
  return address;
}

const spelt = new Map<string, string>();

/** A number as the file has it, in digits alone: no sign, fraction or exponent. */
function naturalOf(value: string | number, least = 0n, most = MaxUint256): bigint {
  const number = /^\d{1,78}$/.test(String(value)) ? BigInt(value) : -1n;
  if (number < least || number > most) throw new Error(`number ${JSON.stringify(value)}`);
  return number;
}

function loglossOf(text: string): bigint {
  const logloss = parseExactLogloss(text);
  if (logloss === undefined) throw new Error(`log-loss ${JSON.stringify(text)}`);
  return logloss;
}

function hashOf(text: string): string {
  if (!isHexString(text, 32)) throw new Error(`hash ${JSON.stringify(text)}`);
  return text.toLowerCase();
}

/** The root before the first week. */
export const NO_ROOT = ZeroHash;
