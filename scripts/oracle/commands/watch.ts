import { readFile } from "node:fs/promises";
import path from "node:path";

import { Command } from "commander";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { requireSigner, type Context, type SigningContext } from "../../chain/context.js";
import { takeLock } from "../../chain/lock.js";
import {
  parseCount,
  print,
  withContext,
  withSendingOptions,
  type SendingOptions,
} from "../../terminal/command-line.js";
import { jsonLog } from "../../terminal/json-log.js";
import type { Log } from "../../terminal/log.js";
import { parsePort } from "../../terminal/parse-port.js";
import { prefixedLog } from "../../terminal/prefixed-log.js";
import { makeWatch } from "../watch.js";
import { lookOnce } from "../watch/look-once.js";
import { newMemory } from "../watch/memory.js";
import { makeMetrics } from "../watch/metrics.js";
import { runPass, type PassReport, type PassSettings } from "../watch/pass.js";
import { serve } from "../watch/serve.js";
import { untilStopped } from "../watch/until-stopped.js";
import { watchTable } from "../watch/watch-table.js";

interface Options extends SendingOptions {
  rounds: string;
  interval: number;
  host: string;
  port: number;
  once?: boolean;
}

/** `watch`: does the right next thing for every round, unattended. */
export function watchCommand(): Command {
  const command = new Command("watch")
    .description("do the right next thing for every open round, until stopped; without --yes say what that is")
    .option("--rounds <folder>", "folder with a folder a round, where scores.csv is put", "rounds")
    .option("--interval <seconds>", "pause between two looks", parseCount, 60)
    .option("--once", "look once, do what is due, and exit (for cron)")
    .option("--host <address>", "address to serve /healthz, /readyz and /metrics on", "127.0.0.1")
    .option("--port <number>", "port to serve them on; 0 for any that is free", parsePort, 9464)
    .action(async (options: Options) => {
      if (options.unsigned === true || options.safe !== undefined) {
        throw new NumeraireError("watch: found --unsigned or --safe, expected an account that signs", {
          hint: "Use plan, apply and the other commands one by one where others sign.",
        });
      }
      if (options.yes === true && options.maxFee === undefined) {
        throw new NumeraireError("watch: found --yes alone, expected --max-fee beside it", {
          hint: "Nobody sees what an unattended command pays, and nodes suggest the price: say the most, e.g. --max-fee 100.",
        });
      }
      await withContext(options, (context) => run(requireSigner(context), options));
    });
  return withSendingOptions(command, "watch --rounds rounds --yes --max-fee 100");
}

async function run(context: SigningContext, options: Options): Promise<void> {
  if (options.yes !== true) return takeLook(context, options, false);
  return alone(context, options, () =>
    options.once === true ? takeLook(context, options, true) : loop(context, options),
  );
}

/** One instance an account and chain, whatever the folder of the rounds. */
async function alone(context: SigningContext, { rounds }: Options, work: () => Promise<void>): Promise<void> {
  const account = await context.signer.getAddress();
  const name = `watch-${context.chainId.toString()}-${account}`;
  const lock = await takeLock(
    path.join(context.stateFolder ?? rounds, name),
    `watch for ${account} on ${context.network}`,
  );
  try {
    await work();
  } finally {
    await lock.release();
  }
}

async function takeLook(context: SigningContext, options: Options, acting: boolean): Promise<void> {
  const memory = newMemory();
  // Whoever waits for a dry run sees at once that the node does not answer.
  const report = await (acting ? lookOnce : runPass)(context, memory, {
    ...settingsOf(context, options, new AbortController().signal),
    acting,
    patient: false,
    failed: () => undefined,
  });
  if (!acting) context.log.info("dry run: nothing was sent; pass --yes to send");
  print(options, report, watchTable(report));
  if (memory.failures.size > 0) process.exitCode = 1;
  else if (needsAttention(report)) process.exitCode = 2;
}

async function loop(context: SigningContext, options: Options): Promise<void> {
  const { network, chainId, signer } = context;
  const identity = { version: await readVersion(), network, chainId, account: await signer.getAddress() };
  const metrics = makeMetrics(identity);
  const log = logsOf(context, options);
  const ended = await untilStopped(async (signal) => {
    const watch = makeWatch(context, {
      ...settingsOf(context, options, signal),
      sending: {
        maxFeePerGas: options.maxFee,
        onMined: ({ gasUsed, fee }) => {
          metrics.paid({ gasUsed, fee });
        },
      },
      metrics,
    });
    const readyWithin = Math.max(300, 5 * options.interval);
    const server = await serve(metrics.registry, watch.health, { ...options, readyWithin });
    log().info(`watching as ${identity.account} on ${network}; http://${options.host}:${server.port}/metrics`);
    try {
      await watch.run();
    } finally {
      await server.close();
    }
  });
  log().info(ended ? "stopped" : "stopped in the middle of a step; the next start continues it");
  // Whatever still waits for an answer would keep the process alive.
  if (!ended) setImmediate(() => process.exit(0));
}

function settingsOf(context: Context, options: Options, signal: AbortSignal): Omit<PassSettings, "failed"> {
  return {
    rounds: options.rounds,
    sending: { maxFeePerGas: options.maxFee },
    acting: true,
    patient: true,
    interval: options.interval * 1000,
    signal,
    logOf: logsOf(context, options),
  };
}

function logsOf(context: Context, { json }: Options): (roundId?: bigint) => Log {
  if (json === true) {
    const fields = { network: context.network };
    return (roundId) =>
      jsonLog(process.stderr, roundId === undefined ? fields : { ...fields, round: roundId.toString() });
  }
  return (roundId) => (roundId === undefined ? context.log : prefixedLog(context.log, `round ${roundId.toString()}: `));
}

function needsAttention({ attentions, rounds }: PassReport): boolean {
  return attentions.length > 0 || rounds.some((round) => round.attentions.length > 0);
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
