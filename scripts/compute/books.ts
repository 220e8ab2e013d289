import { open, readFile, type FileHandle } from "node:fs/promises";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { UsageVoucher } from "../../sdk/usage-voucher.js";
import { takeLock } from "../chain/lock.js";
import type { UsageLine } from "./usage-log.js";

/** A voucher with its signature. */
export interface SignedVoucher {
  voucher: UsageVoucher;
  signature: string;
}

/** What a provider knows of every user: what was metered, and the newest voucher. It outlives `kill -9`. */
export interface Books {
  /** All metering lines of a user's channel, oldest first. */
  linesOf(user: string): readonly UsageLine[];
  /** What they cost, in wei: all of them, or the first so many. */
  owedBy(user: string, lines?: number): bigint;
  /** The voucher that promises most, and of those the newest; undefined for a user who signed none. */
  voucherOf(user: string): SignedVoucher | undefined;
  /** Users who signed. */
  signers(): string[];
  /** @throws when the disk takes it not or in part; then it is not in the books. */
  addLine(user: string, line: UsageLine): Promise<void>;
  /** Writes a voucher, and every line before it, through to the disk before it returns. */
  addVoucher(signed: SignedVoucher): Promise<void>;
  close(): Promise<void>;
}

interface Account {
  lines: UsageLine[];
  /** What each line and those before it cost together, in wei. */
  sums: bigint[];
  newest?: SignedVoucher;
}

type Entry = { user: string; line: UsageLine } | { user: string; signed: SignedVoucher };

/**
 * Opens the books for one provider process at a time.
 * @param file Path of the JSONL file; created when missing. A half line at its end, of a process that was killed, is
 * no entry.
 * @throws {NumeraireError} when another process has them open, or a line other than the last is broken.
 */
export async function openBooks(file: string): Promise<Books> {
  const lock = await takeLock(file, "the provider's books");
  const accounts = new Map<string, Account>();
  const accountOf = (user: string): Account => {
    const account = accounts.get(user) ?? { lines: [], sums: [] };
    accounts.set(user, account);
    return account;
  };
  const book = (entry: Entry): void => {
    const account = accountOf(entry.user);
    if ("line" in entry) {
      account.lines.push(entry.line);
      account.sums.push((account.sums.at(-1) ?? 0n) + entry.line.cost);
    } else if (entry.signed.voucher.cumulative >= (account.newest?.voucher.cumulative ?? 0n)) {
      account.newest = entry.signed;
    }
  };
  const { handle, bytes } = await openAndRead(file, book).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  let whole = bytes;
  let torn = false;
  const append = async (row: Buffer, through: boolean): Promise<void> => {
    // A full disk took part of a line: it must not become the beginning of the next one.
    if (torn) await handle.truncate(whole);
    torn = true;
    await handle.appendFile(row);
    if (through) await handle.datasync();
    whole += row.length;
    torn = false;
  };
  // One write after another: two at once could mix.
  let last: Promise<unknown> = Promise.resolve();
  const write = (entry: Entry, through: boolean): Promise<void> => {
    const writing = last.then(async () => {
      await append(Buffer.from(`${JSON.stringify(entry, asText)}\n`), through);
      book(entry);
    });
    last = writing.catch(() => undefined);
    return writing;
  };
  return {
    linesOf: (user) => accountOf(user).lines,
    owedBy: (user, lines = accountOf(user).lines.length) => accountOf(user).sums[lines - 1] ?? 0n,
    voucherOf: (user) => accountOf(user).newest,
    signers: () => [...accounts].filter(([, { newest }]) => newest !== undefined).map(([user]) => user),
    addLine: (user, line) => write({ user, line }, false),
    addVoucher: (signed) => write({ user: signed.voucher.user, signed }, true),
    close: async () => {
      await last;
      if (torn) await handle.truncate(whole);
      await handle.close();
      await lock.release();
    },
  };
}

/** Books every entry of the file, and opens it for more; `bytes` is its length. */
async function openAndRead(file: string, book: (entry: Entry) => void): Promise<{ handle: FileHandle; bytes: number }> {
  const text = await readFile(file, "utf8").catch(() => "");
  const rows = text.split("\n");
  const torn = rows.pop() ?? "";
  for (const [i, row] of rows.entries()) if (row !== "") book(parse(row, `${file}:${i + 1}`));
  // What was torn must not become the beginning of the next line; half a character counts as its bytes.
  const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row) + 1, 0);
  const handle = await open(file, "a", 0o600);
  if (torn !== "") await handle.truncate(bytes);
  return { handle, bytes };
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function parse(row: string, where: string): Entry {
  try {
    const { user, line, signed } = JSON.parse(row) as {
      user: string;
      line?: Record<keyof UsageLine, string>;
      signed?: { voucher: Record<keyof UsageVoucher, string>; signature: string };
    };
    if (line !== undefined) return { user, line: lineOf(line) };
    if (signed === undefined) throw new Error("neither usage nor voucher");
    const { voucher, signature } = signed;
    return {
      user,
      signed: {
        signature,
        voucher: {
          ...voucher,
          providerId: BigInt(voucher.providerId),
          cumulative: BigInt(voucher.cumulative),
          validUntil: BigInt(voucher.validUntil),
        },
      },
    };
  } catch (cause) {
    throw new NumeraireError(`${where}: found a broken line, expected usage or a voucher`, {
      hint: "Restore the file from a copy, or cut the line out: what it said is lost.",
      exitCode: 2,
      cause,
    });
  }
}

/** A metering line as JSON carries it: amounts as decimal strings. */
export function lineOf(line: Record<keyof UsageLine, string>): UsageLine {
  return {
    jobId: line.jobId,
    index: Number(line.index),
    cpuMicros: BigInt(line.cpuMicros),
    byteMillis: BigInt(line.byteMillis),
    cost: BigInt(line.cost),
  };
}
