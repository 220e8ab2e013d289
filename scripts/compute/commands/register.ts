import { Command } from "commander";

import { requireSigner } from "../../chain/context.js";
import type { PlannedCall } from "../../chain/planned-call.js";
import { parseCount, withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { carryOutCalls } from "../carry-out-calls.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { parseServiceUrl } from "../options.js";
import { UNITS } from "../prices.js";

interface Options extends SendingOptions {
  url: string;
  payout?: string;
  delay: number;
  cpuSecond: bigint;
  gibSecond: bigint;
}

/** `register`: makes the account a provider, or brings its prices up to date. */
export function registerCommand(): Command {
  const command = new Command("register")
    .description("make the account a provider, once, and put its prices on the public list")
    .requiredOption("--url <address>", "where the service is found", parseServiceUrl)
    .requiredOption("--cpu-second <nmr>", "price of a second of one processor", parseAmount)
    .requiredOption("--gib-second <nmr>", "price of a GiB of memory for a second", parseAmount)
    .option("--payout <address>", "account that is paid; never changes (default: the account itself)")
    .option("--delay <seconds>", "time that withdrawals take; never changes", parseCount, 86_400)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { compute } = context.suite;
        const owner = await requireSigner(context).signer.getAddress();
        const to = await compute.getAddress();
        const calls: PlannedCall[] = [];
        const known = await compute.providerOf(owner);
        const providerId = known === 0n ? (await compute.providerCount()) + 1n : known;
        if (known === 0n) {
          const terms = [options.url, options.payout ?? owner, options.delay] as const;
          const data = compute.interface.encodeFunctionData("registerProvider", [...terms]);
          calls.push({ to, data, step: `register ${owner} as a provider` });
        }
        for (const key of ["cpuSecond", "gibSecond"] as const) {
          const price = options[key];
          if (known !== 0n && (await compute.priceOf(known, UNITS[key])) === price) continue;
          const data = compute.interface.encodeFunctionData("setPrice", [providerId, UNITS[key], price]);
          calls.push({ to, data, step: `set the price of ${key === "cpuSecond" ? "cpu-second" : "gib-second"}` });
        }
        await carryOutCalls(context, options, "Register a provider", { provider: providerId.toString() }, calls);
      }),
    );
  return withSendingOptions(
    command,
    "register --url https://compute.example --cpu-second 0.001 --gib-second 0.0002 --yes",
  );
}
