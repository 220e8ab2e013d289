import { formatEther, formatLogloss, formatNmr } from "../../sdk/index.js";
import { table } from "../terminal/table.js";
import type { Balances, Check, Flows } from "./books.js";
import type { PlayedRound } from "./play-round.js";

/** One line of the result; amounts are decimal strings. */
export interface StakeReport {
  index: number;
  modelId: string;
  model: string;
  scientist: string;
  description: string;
  owner: string;
  stake: string;
  confidence: string;
  logloss: string;
  consistency: number;
  concordant: boolean;
  original: boolean;
  verdict: "paid" | "destroyed" | "returned";
  reason: string;
  nmrBack: string;
  nmrDestroyed: string;
  ether: string;
}

export interface DemoReport {
  network: string;
  chainId: string;
  round: string;
  stakes: StakeReport[];
  totals: { flows: Amounts<Flows>; before: Amounts<Balances>; after: Amounts<Balances> };
  /** Checks that the oracle's `verify` made on chain data. */
  verified: { check: string; ok: boolean }[];
  books: PrintedCheck[];
  booksBalance: boolean;
}

/** A check of the books, amounts as decimal strings. */
export type PrintedCheck = Omit<Check, "expected" | "found"> & { expected: string; found: string };

type Amounts<T> = { [K in keyof T]: string };

/** Puts a played round together. */
export function makeReport(
  { network, chainId }: { network: string; chainId: bigint },
  { roundId, entrants, outcomes, verified }: PlayedRound,
  { before, after, flows, checks }: { before: Balances; after: Balances; flows: Flows; checks: Check[] },
): DemoReport {
  return {
    network,
    chainId: chainId.toString(),
    round: roundId.toString(),
    stakes: outcomes.map((outcome) => {
      const entrant = entrants.find(({ modelId }) => modelId === outcome.modelId);
      if (entrant === undefined) throw new Error(`model ${outcome.modelId.toString()} is nobody's of the demo`);
      return {
        index: outcome.index,
        modelId: outcome.modelId.toString(),
        model: outcome.model,
        scientist: entrant.scientist.name,
        description: entrant.scientist.description,
        owner: outcome.owner,
        stake: formatNmr(outcome.amount),
        confidence: formatNmr(outcome.confidence),
        logloss: formatLogloss(outcome.score.logloss),
        consistency: outcome.score.consistency,
        concordant: outcome.score.concordant,
        original: outcome.score.original,
        verdict: outcome.verdict,
        reason: outcome.reason,
        nmrBack: formatNmr(outcome.returned),
        nmrDestroyed: formatNmr(outcome.burned),
        ether: formatEther(outcome.etherPaid),
      };
    }),
    totals: { flows: amounts(flows), before: amounts(before), after: amounts(after) },
    verified: verified.checks.map(({ name, differences }) => ({ check: name, ok: differences.length === 0 })),
    books: printedBooks(checks),
    booksBalance: checks.every(({ holds }) => holds),
  };
}

/** The result for people. */
export function renderReport(report: DemoReport): string {
  const { round, stakes, totals } = report;
  const ranked = [...stakes].sort((a, b) => Number(b.confidence) - Number(a.confidence) || a.index - b.index);
  const yes = (value: boolean): string => (value ? "yes" : "no");
  const { before, after } = totals;
  return [
    `Round ${round}, in the order of the auction:`,
    table(
      [
        "model",
        "stake",
        "confidence",
        "logloss",
        "consist.",
        "concord.",
        "original",
        "outcome",
        "NMR back",
        "destroyed",
        "ether",
      ],
      ranked.map((stake) => [
        stake.model,
        stake.stake,
        stake.confidence,
        stake.logloss,
        `${stake.consistency} %`,
        yes(stake.concordant),
        yes(stake.original),
        stake.verdict === "returned" ? `returned: ${stake.reason}` : stake.verdict,
        stake.nmrBack,
        stake.nmrDestroyed,
        stake.ether,
      ]),
      [1, 2, 3, 4, 8, 9, 10],
    ),
    "",
    table(
      ["totals", "before", "after"],
      [
        ["NMR in existence", before.nmrSupply, after.nmrSupply],
        ["NMR of the data scientists", before.nmrOfScientists, after.nmrOfScientists],
        ["NMR in the tournament", before.nmrInTournament, after.nmrInTournament],
        ["ether in the tournament", before.etherInTournament, after.etherInTournament],
      ],
      [1, 2],
    ),
    "",
    renderBooks(report),
  ].join("\n");
}

/** The checks for programs. */
export function printedBooks(checks: readonly Check[]): PrintedCheck[] {
  return checks.map(({ expected, found, ...check }) => ({
    ...check,
    expected: formatEther(expected),
    found: formatEther(found),
  }));
}

/** What was verified, if anything, and whether the books balance, for people. */
export function renderBooks({
  verified = [],
  books,
  booksBalance,
}: Pick<DemoReport, "books" | "booksBalance"> & Partial<Pick<DemoReport, "verified">>): string {
  return [
    ...verified.map(({ check, ok }) => `${ok ? "agrees" : "DIFFERS"}  ${check}`),
    ...(verified.length === 0 ? [] : [""]),
    ...books.map(({ what, expected, found, holds }) =>
      holds ? `holds    ${what}: ${found}` : `FAILS    ${what}: expected ${expected}, found ${found}`,
    ),
    "",
    booksBalance ? "books balance" : "BOOKS DO NOT BALANCE",
  ].join("\n");
}

function amounts<T extends { [K in keyof T]: bigint }>(figures: T): Amounts<T> {
  return Object.fromEntries(
    Object.entries<bigint>(figures).map(([name, amount]) => [name, formatEther(amount)]),
  ) as Amounts<T>;
}
