import type { Context } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { confirm, print, type SendingOptions } from "./command-line.js";
import { callLines, writeSafeBatches } from "./write-calls.js";

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
  const { calls, facts, gas, cost, act, describe } = work;
  if (calls.length > 0) {
    if (options.unsigned === true || options.safe !== undefined) {
      await writeDown(context, options, work);
      return;
    }
    const costs = { ...(gas === undefined ? {} : { gas }), ...(cost === undefined ? {} : { cost }) };
    const steps = calls.map(({ step }) => step);
    if (!(await confirm(context, options, { facts, steps, ...costs }))) {
      print(options, { dryRun: true, steps, ...costs }, `${counted(calls.length, "transaction")} to send`);
      return;
    }
  }
  const result = await act();
  print(options, result, describe(result));
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
    const written = `${counted(calls.length, "call")} written to ${files.join(", ")}`;
    print(options, { files, calls: calls.length }, written);
    if (files.length > 1) log.info("import and execute the files in their order: each waits for the one before it");
  }
  for (const note of notes) log.info(note);
  log.info("nothing was sent");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
