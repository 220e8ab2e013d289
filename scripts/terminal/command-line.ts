import { InvalidArgumentError, Option, type Command } from "commander";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import type { Context } from "../chain/context.js";
import { openContext, type OpenContext } from "../chain/open-context.js";
import { toJson } from "./to-json.js";

/** Options that every command has. */
export interface CommonOptions {
  network: string;
  json?: boolean;
}

/** Options that say who signs. */
export interface SignerOptions extends CommonOptions {
  account?: string;
  /** Path of an encrypted JSON keystore. */
  keystore?: string;
  hardhatKeystore?: boolean;
}

/** Options of commands that send. */
export interface SendingOptions extends SignerOptions {
  /** Print the calls instead of sending them. */
  unsigned?: boolean;
  /** Write the calls to this file for a Safe, instead of sending them. */
  safe?: string;
  yes?: boolean;
  /** Wei. */
  maxFee?: bigint;
}

/**
 * Adds the options that every command has, and an example to its help.
 * @param example What follows the name of the program, which is that of the command's parent.
 */
export function withCommonOptions(command: Command, example: string): Command {
  return command
    .option("--network <name>", "network, as the deployment names it", "localhost")
    .option("--json", "print the result as JSON on stdout; everything else goes to stderr")
    .addHelpText("after", () => `\nExample:\n  ${callOf(command.parent?.name() ?? command.name())} ${example}\n`);
}

/** How people call a program: compiled, it is the one that the package installs. */
function callOf(program: string): string {
  return import.meta.filename.endsWith(".ts") ? `npm run ${program} --` : `numeraire-${program}`;
}

/** Adds the options that say who signs. */
export function withSignerOptions(command: Command): Command {
  return command
    .option(
      "--account <address>",
      "account to send from: one of the node's on development chains, else that of the key",
    )
    .addOption(
      new Option("--keystore <file>", "sign with the key in an encrypted JSON keystore").conflicts("hardhatKeystore"),
    )
    .option("--hardhat-keystore", "sign with NUMERAIRE_PRIVATE_KEY of Hardhat's keystore");
}

/** Adds the options of commands that send: who signs, at what price, and whether at all. */
export function withSendingOptions(command: Command, example: string): Command {
  return withSignerOptions(withCommonOptions(command, example))
    .addOption(
      new Option("--unsigned", "print the calls for others to sign; nothing is sent").conflicts([...KEYS, "safe"]),
    )
    .addOption(
      new Option(
        "--safe <file>",
        "write the calls as a batch for Safe's Transaction Builder; nothing is sent",
      ).conflicts(KEYS),
    )
    .option("--max-fee <gwei>", "most gas price to pay, in gwei", parseGwei)
    .option("--yes", "send; without it nothing is sent");
}

/** Options that make no sense where nothing is sent. */
const KEYS = ["keystore", "hardhatKeystore", "yes"];

/**
 * Opens the context of a command with the account it sends from, if one was given, runs it, and closes the connection
 * whatever happens.
 */
export async function withContext(options: SendingOptions, run: (context: Context) => Promise<void>): Promise<void> {
  const { network, account, keystore, hardhatKeystore, safe } = options;
  const unsigned = options.unsigned === true || safe !== undefined;
  await runIn(await openContext({ network, signer: { account, keystore, hardhatKeystore, unsigned } }), run);
}

/** Opens the context of a command that only reads: no key is looked at. */
export async function withReadingContext(
  { network }: CommonOptions,
  run: (context: Context) => Promise<void>,
): Promise<void> {
  await runIn(await openContext({ network }), run);
}

async function runIn(context: OpenContext, run: (context: Context) => Promise<void>): Promise<void> {
  try {
    await run(context);
  } finally {
    context.provider.destroy();
  }
}

/** Prints a result: JSON for programs, or what people read. */
export function print(options: CommonOptions, result: unknown, text: string): void {
  process.stdout.write(options.json === true ? toJson(result) : `${text}\n`);
}

/** A round number off the command line. */
export function parseRoundId(text: string): bigint {
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new InvalidArgumentError("expected the number of a round, from 1");
  return BigInt(text);
}

/** A positive whole number off the command line. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("expected a whole number above zero");
  return Number(text);
}

/** A gas price off the command line, in wei. */
export function parseGwei(text: string): bigint {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("expected gwei as a decimal, e.g. 30 or 1.5");
  return BigInt((match[1] ?? "") + (match[2] ?? "").padEnd(9, "0"));
}

/** Prints a failure and says which exit code it has. */
export function reportFailure(error: unknown): number {
  if (error instanceof NumeraireError) {
    process.stderr.write(`error: ${error.message}\nhint: ${error.hint}\n`);
    return error.exitCode;
  }
  process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
