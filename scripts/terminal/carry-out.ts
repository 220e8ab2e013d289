import { formatEther } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { askToSend } from "./ask-to-send.js";
import { print, type SendingOptions } from "./command-line.js";
import { plural } from "./plural.js";
import { callLines, writeSafeBatches } from "./write-calls.js";

/** Most steps shown before they are sent. */
const SHOWN = 20;

/** What a sending command is about to do. */
export interface Work<Result> {
  /** What the whole is called, e.g. "apply the plan of round 3". */
  name: string;
  /** Each thing to know before it is sent, e.g. `{ round: "3" }`. */
  facts: Record<string, string>;
  /** What is left to send, in order; empty when there is nothing to do. */
  calls: readonly PlannedCall[];
  gas?: bigint;
  /** Ether, in wei. */
  cost?: bigint;
  /** What others who sign the calls must know. */
  notes?: readonly string[];
  /** Sends; with nothing to send it finds the result alone. */
  act: () => Promise<Result>;
  /** The result in words. */
  describe: (result: Result) => string;
}

/**
 * The end of every sending command: shows what would be sent, then sends it or, with --unsigned or --safe, writes the
 * calls down for others to sign.
 */
export async function carryOut<Result>(context: Context, options: SendingOptions, work: Work<Result>): Promise<void> {
  const { calls, gas, cost, act, describe } = work;
  if (calls.length > 0) {
    if (options.unsigned === true || options.safe !== undefined) {
      await writeDown(context, options, work);
      return;
    }
    if (!(await confirm(context, options, work))) {
      const steps = calls.map(({ step }) => step);
      print(options, { dryRun: true, steps, gas, cost }, `${plural(calls.length, "transaction")} to send`);
      return;
    }
  }
  const result = await act();
  print(options, result, describe(result));
}

/** Shows what would be sent, and asks a person on a terminal; elsewhere only --yes sends. */
async function confirm<Result>(context: Context, options: SendingOptions, work: Work<Result>): Promise<boolean> {
  const { log, chainId, network, suite, signer } = context;
  const { calls, gas, cost } = work;
  const facts = {
    chain: `${chainId.toString()} (${network})`,
    contract: await suite.tournament.getAddress(),
    account: (await signer?.getAddress()) ?? "none",
    ...work.facts,
    transactions: String(calls.length),
    ...(gas === undefined ? {} : { gas: `about ${gas.toString()}` }),
    ...(cost === undefined ? {} : { cost: `about ${formatEther(cost)} ether` }),
  };
  for (const [name, value] of Object.entries(facts)) log.info(`${name}: ${value}`);
  for (const { step } of calls.slice(0, SHOWN)) log.info(`  would ${step}`);
  if (calls.length > SHOWN) log.info(`  ... and ${calls.length - SHOWN} more`);
  return askToSend(options.yes === true, log);
}

async function writeDown<Result>(context: Context, options: SendingOptions, work: Work<Result>): Promise<void> {
  const { log, network, chainId } = context;
  const { calls, facts, name, notes = [] } = work;
  for (const [key, value] of Object.entries({ chain: `${chainId.toString()} (${network})`, ...facts })) {
    log.info(`${key}: ${value}`);
  }
  if (options.safe === undefined) {
    process.stdout.write(await callLines(context, calls, options.json === true));
  } else {
    const files = await writeSafeBatches(context, calls, options.safe, name);
    const written = `${plural(calls.length, "call")} written to ${files.join(", ")}`;
    print(options, { files, calls: calls.length }, written);
    if (files.length > 1) log.info("import and execute the files in their order: each waits for the one before it");
  }
  for (const note of notes) log.info(note);
  log.info("nothing was sent");
}
