import { writeFile } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Context } from "../chain/context.js";
import { describeCall, type PlannedCall } from "../chain/planned-call.js";
import { safeBatch, splitByGas } from "../chain/safe-batch.js";
import { MAX_TRANSACTION_GAS } from "../chain/send.js";

/** Most planned gas in one batch: the Safe's own work comes on top, and a transaction has its limit (EIP-7825). */
const BATCH_GAS = (MAX_TRANSACTION_GAS * 9n) / 10n;

/**
 * Calls as text, for others to sign: JSON lines for programs, blocks for people.
 * @returns With a line feed at the end.
 */
export async function callLines({ suite }: Context, calls: readonly PlannedCall[], json: boolean): Promise<string> {
  const described = await Promise.all(
    calls.map(async ({ step, to, data }) => ({ step, to, data, means: await describeCall(suite, { to, data }) })),
  );
  const blocks = described.map(({ step, to, data, means }, i) =>
    json
      ? JSON.stringify({ step, to, value: "0", data, function: means?.name, args: means?.args }, bigintsAsText)
      : [
          `${i + 1}. ${step}`,
          `   to:       ${to}`,
          `   value:    0`,
          `   function: ${means?.text ?? "unknown"}`,
          `   data:     ${data}`,
        ].join("\n"),
  );
  return `${blocks.join("\n")}\n`;
}

/**
 * Writes calls as batches for Safe's Transaction Builder: one file, or numbered ones where a single transaction could
 * not hold them.
 * @param file Path of the file; of several, `-1`, `-2` and so on come before the extension.
 * @returns Paths of the files, in the order to execute them.
 * @throws {NumeraireError} when a file cannot be written.
 */
export async function writeSafeBatches(
  { chainId, signer }: Context,
  calls: readonly PlannedCall[],
  file: string,
  name: string,
): Promise<string[]> {
  const safe = (await signer?.getAddress()) ?? "";
  const batches = splitByGas(calls, BATCH_GAS);
  const { dir, name: base, ext } = path.parse(file);
  const written: string[] = [];
  for (const [i, batch] of batches.entries()) {
    const target = batches.length === 1 ? file : path.join(dir, `${base}-${i + 1}${ext}`);
    const content = safeBatch(batch, {
      chainId,
      name: batches.length === 1 ? name : `${name}, ${i + 1} of ${batches.length}`,
      description: batch.map(({ step }) => step).join("; "),
      safe,
      createdAt: new Date(),
    });
    await writeFile(target, `${JSON.stringify(content, null, 2)}\n`).catch((cause: unknown) => {
      throw new NumeraireError(`${target}: could not be written, expected to write the Safe's batch there`, {
        hint: "Check that the folder exists and can be written to.",
        cause,
      });
    });
    written.push(target);
  }
  return written;
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
