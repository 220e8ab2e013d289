import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { isHexString } from "ethers";
import { InvalidArgumentError } from "commander";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { parseAccount } from "../terminal/parse-account.js";
import { parseAmount } from "../terminal/parse-amount.js";
import type { Payment } from "./award-terms.js";

const DAY = 86_400n;

/** The number of a bounty, submission or grant off the command line. */
export function parseNumber(text: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new InvalidArgumentError("expected a number from 1");
  return BigInt(text);
}

/** A nonce off the command line. */
export function parseNonce(text: string): bigint {
  if (!/^\d{1,77}$/.test(text)) throw new InvalidArgumentError("expected a whole number");
  return BigInt(text);
}

/** A moment off the command line, in Unix seconds: seconds themselves, or a date and time with its zone. */
export function parseMoment(text: string): number {
  if (/^\d{9,11}$/.test(text)) return Number(text);
  const milliseconds = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new InvalidArgumentError("expected Unix seconds, or a day or moment in UTC: 2027-03-01 or 2027-03-01T12:00Z");
  }
  return milliseconds / 1000;
}

/** Days off the command line, in seconds. */
export function parseDays(text: string): bigint {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("expected a whole number of days");
  return BigInt(text) * DAY;
}

/** One more `account=NMR` off the command line. */
export function parsePayment(text: string, earlier: Payment[] = []): Payment[] {
  const [payee = "", amount = "", ...rest] = text.split("=");
  if (amount === "" || rest.length > 0) throw new InvalidArgumentError("expected an account and NMR: 0x…=12.5");
  return [...earlier, { payee: parseAccount(payee), amount: parseAmount(amount) }];
}

/** A signature off the command line. */
export function parseSignature(text: string): string {
  if (!isHexString(text)) throw new InvalidArgumentError("expected a signature, 0x and hex digits");
  return text;
}

/**
 * The 32-byte hash that stands for terms or work: given as such, or the SHA-256 of a file.
 * @throws {NumeraireError} when there is no such file.
 */
export async function hashOf(fileOrHash: string): Promise<string> {
  if (isHexString(fileOrHash, 32)) return fileOrHash;
  const bytes = await readFile(fileOrHash).catch((cause: unknown) => {
    throw new NumeraireError(`${fileOrHash}: found no readable file, expected one, or a hash of 32 bytes`, {
      hint: "Check the path; a hash is 0x and 64 hex digits.",
      cause,
    });
  });
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}
