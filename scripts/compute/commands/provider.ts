import path from "node:path";

import { Command, InvalidArgumentError, Option } from "commander";

import { parseNmr } from "../../../sdk/units.js";
import { requireSigner } from "../../chain/context.js";
import {
  parseCount,
  withCommonOptions,
  withContext,
  withSignerOptions,
  type SignerOptions,
} from "../../terminal/command-line.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { parsePort } from "../../terminal/parse-port.js";
import { runProvider } from "../provider.js";

interface Options extends SignerOptions {
  folder?: string;
  host: string;
  port: number;
  interval: bigint;
  patience: number;
  redeemEvery: number;
  redeemLeast: bigint;
  userJobs: number;
  userDisk: number;
  keep: number;
  cores: number;
  memory: number;
  disk: number;
  time: number;
}

const MIB = 2 ** 20;

/** An option of an amount in NMR; its help says the default as people write it. */
function amountOption(flags: string, description: string, usual: string): Option {
  return new Option(flags, description).argParser(parseAmount).default(parseNmr(usual), usual);
}

/** `provider`: sells computing power until it is stopped. */
export function providerCommand(): Command {
  const command = new Command("provider")
    .description("run jobs for users with a balance, meter them, and redeem their vouchers; until SIGINT or SIGTERM")
    .option("--folder <path>", "where books and jobs are kept (default: in the state folder)")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on; 0 for any", parsePort, 8_600)
    .addOption(amountOption("--interval <nmr>", "most to do for a user on credit", "0.1"))
    .option("--patience <seconds>", "how long a job that is not paid stays paused", parseCount, 60)
    .option("--redeem-every <seconds>", "time between redemptions", parseCount, 600)
    .addOption(amountOption("--redeem-least <nmr>", "least that a voucher must pay to be redeemed", "0.01"))
    .option("--user-jobs <number>", "jobs of one user that have not ended", parseCount, 16)
    .option("--user-disk <MiB>", "programs and results of one user", parseCount, 1_024)
    .option("--keep <seconds>", "how long results are kept after a job's end", parseKeep, 86_400)
    .option("--cores <number>", "processors a job", parseCount, 1)
    .option("--memory <MiB>", "memory a job", parseCount, 512)
    .option("--disk <MiB>", "files a job, and most that it prints", parseCount, 256)
    .option("--time <seconds>", "longest time a job", parseCount, 3_600)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { cores, memory, disk, time } = options;
        const provider = await runProvider(requireSigner(context), {
          ...options,
          userBytes: options.userDisk * MIB,
          folder: options.folder ?? path.join(context.stateFolder ?? ".", "compute-provider"),
          limits: {
            cores,
            cpuSeconds: time * cores,
            memoryBytes: memory * MIB,
            processes: 64,
            diskBytes: disk * MIB,
            wallSeconds: time,
          },
        });
        const stopped = new Promise<void>((resolve) => {
          process.once("SIGINT", resolve);
          process.once("SIGTERM", resolve);
        });
        context.log.info(`provider ${provider.providerId.toString()} listens on ${provider.url}`);
        await stopped;
        context.log.info("stopping: jobs end, and what is signed is redeemed");
        await provider.close();
      }),
    );
  return withCommonOptions(withSignerOptions(command), "provider --interval 0.1 --keystore provider.json");
}

/** As long as a timer can wait. */
function parseKeep(text: string): number {
  const seconds = parseCount(text);
  if (seconds > 2_000_000) throw new InvalidArgumentError("expected at most 2000000 seconds");
  return seconds;
}
