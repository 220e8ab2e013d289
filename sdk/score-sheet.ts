import { AbiCoder, ZeroHash, dataLength, hexlify, getBytes, keccak256 } from "ethers";

import { NumeraireError } from "./numeraire-error.js";

/** Scores a chunk; every chunk of an attempt but the last holds exactly as many. */
export const CHUNK = 2048;
/** Greatest log-loss a score can hold, in millionths; worse ones are capped to it. */
export const MAX_LOGLOSS = 0xfffff;
/** Cut of a round whose prize pool is not emptied. */
export const NO_CUT = 0xffffffff;

const WORD_BYTES = 4;
const MAX_CONSISTENCY = 100;
const RESERVED_BITS = 0x300000;

/** What the oracle measured for a stake. */
export interface Score {
  /** Whether it could be measured; if not, the stake is returned. */
  scored: boolean;
  concordant: boolean;
  original: boolean;
  /** Per cent of validation eras better than chance, a whole number from 0 to 100. */
  consistency: number;
  /** Live log-loss in millionths, a whole number from 0 to 1,048,575. */
  logloss: number;
}

/** Score of a stake that could not be measured: the word is zero. */
export const UNSCORED: Score = Object.freeze({
  scored: false,
  concordant: false,
  original: false,
  consistency: 0,
  logloss: 0,
});

/**
 * A score as the 32-bit word that the contract stores: bit 31 scored, 30 concordant, 29 original, 28–22 consistency,
 * 21–20 zero, 19–0 log-loss.
 * @throws {NumeraireError} when consistency or log-loss is out of range or no whole number.
 */
export function encodeScore(score: Score): number {
  requireWhole("consistency", score.consistency, MAX_CONSISTENCY);
  requireWhole("log-loss in millionths", score.logloss, MAX_LOGLOSS);
  const flags = (score.scored ? 4 : 0) + (score.concordant ? 2 : 0) + (score.original ? 1 : 0);
  return ((flags << 29) | (score.consistency << 22) | score.logloss) >>> 0;
}

/**
 * The score that a 32-bit word stands for.
 * @throws {NumeraireError} when the word sets reserved bits or says a consistency above 100.
 */
export function decodeScore(word: number): Score {
  const consistency = (word >>> 22) & 0x7f;
  if ((word & RESERVED_BITS) !== 0 || consistency > MAX_CONSISTENCY) {
    throw new NumeraireError(
      `Score word: found 0x${word.toString(16).padStart(8, "0")}, expected bits 21–20 zero and a consistency of at most 100`,
      { hint: "The word was not made by the tournament's score sheet; read the chunk again from the chain." },
    );
  }
  return {
    scored: word >>> 31 === 1,
    concordant: ((word >>> 30) & 1) === 1,
    original: ((word >>> 29) & 1) === 1,
    consistency,
    logloss: word & MAX_LOGLOSS,
  };
}

/**
 * Scores in index order as the chunks that `postScores` takes: 4 bytes a score, big-endian.
 * @returns Hex strings of at most 2,048 scores each; none for no scores.
 * @throws {NumeraireError} when a score cannot be encoded.
 */
export function packScores(scores: readonly Score[]): string[] {
  const chunks: string[] = [];
  for (let first = 0; first < scores.length; first += CHUNK) {
    const part = scores.slice(first, first + CHUNK);
    const bytes = new Uint8Array(part.length * WORD_BYTES);
    const view = new DataView(bytes.buffer);
    part.forEach((score, i) => {
      view.setUint32(i * WORD_BYTES, encodeScore(score));
    });
    chunks.push(hexlify(bytes));
  }
  return chunks;
}

/**
 * The scores of chunks, in index order.
 * @param chunks Hex strings as {@link packScores} makes them.
 * @throws {NumeraireError} when a chunk has no whole number of words or a word is invalid.
 */
export function unpackScores(chunks: readonly string[]): Score[] {
  return chunks.flatMap((chunk, position) => {
    const bytes = getBytes(chunk);
    if (bytes.length === 0 || bytes.length % WORD_BYTES !== 0) {
      throw new NumeraireError(
        `Chunk ${position}: found ${dataLength(chunk)} bytes, expected a positive multiple of ${WORD_BYTES}`,
        { hint: "The chunk is cut short; read it again from the chain." },
      );
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length / WORD_BYTES }, (_, i) => decodeScore(view.getUint32(i * WORD_BYTES)));
  });
}

/**
 * The running hash that the contract keeps of an attempt's chunks: digest' = keccak256(abi.encode(digest,
 * keccak256(chunk))), from zero.
 * @param chunks Hex strings in the order they are posted.
 */
export function scoresDigest(chunks: readonly string[]): string {
  const coder = AbiCoder.defaultAbiCoder();
  return chunks.reduce<string>(
    (digest, chunk) => keccak256(coder.encode(["bytes32", "bytes32"], [digest, keccak256(chunk)])),
    ZeroHash,
  );
}

/** What a report hash commits to. */
export interface Report {
  chainId: bigint;
  /** Address of the tournament. */
  tournament: string;
  roundId: bigint;
  attemptId: bigint;
  /** Index of the cut, or {@link NO_CUT}. */
  cut: number;
  scoresDigest: string;
  evidenceHash: string;
}

/** The 32-byte hash that the committee approves, equal to the contract's `reportHash`. */
export function reportHash(report: Report): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "uint256", "uint256", "uint256", "bytes32", "bytes32"],
      [
        report.chainId,
        report.tournament,
        report.roundId,
        report.attemptId,
        report.cut,
        report.scoresDigest,
        report.evidenceHash,
      ],
    ),
  );
}

function requireWhole(what: string, value: number, maximum: number): void {
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    throw new NumeraireError(`Score: found ${what} ${value}, expected a whole number from 0 to ${maximum}`, {
      hint: "Round the value down, and cap the log-loss, before packing.",
    });
  }
}
