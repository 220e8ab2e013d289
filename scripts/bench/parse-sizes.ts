import { NumeraireError } from "../../sdk/index.js";

/** Wallets and ether of the local node end here. */
const MOST = 100_000;

/**
 * Sizes off the command line, in growing order.
 * @param text Whole numbers from 1 with commas between, e.g. "1000,10000".
 * @param option Name of the option, for messages.
 * @throws {NumeraireError} when the text is anything else.
 */
export function parseSizes(text: string, option = "--sizes"): number[] {
  const sizes = text.split(",").map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 1 || size > MOST)) {
    throw new NumeraireError(
      `${option}: found "${text}", expected whole numbers from 1 to ${MOST} with commas between`,
      {
        hint: `For example ${option} 1000.`,
      },
    );
  }
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/**
 * One size off the command line.
 * @throws {NumeraireError} when the text is anything but a whole number from 1.
 */
export function parseSize(text: string, option: string): number {
  const [size, ...others] = parseSizes(text, option);
  if (size !== undefined && others.length === 0) return size;
  throw new NumeraireError(`${option}: found "${text}", expected one whole number`, {
    hint: `For example ${option} 1000.`,
  });
}
