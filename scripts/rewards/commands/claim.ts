import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { parseAccount } from "../../terminal/parse-account.js";
import { plural } from "../../terminal/plural.js";
import { sumOf } from "../check-week.js";
import { claim, previewClaim } from "../claim.js";

interface Options extends SendingOptions {
  plan: string;
  for?: string[];
}

/** `claim`: anybody has accounts paid. */
export function claimCommand(): Command {
  const command = new Command("claim")
    .description("pay accounts what they have earned and not claimed, whoever sends it")
    .requiredOption("--plan <file>", "file of the live week")
    .option("--for <account>", "account to pay; may be repeated (default: everybody who is due something)", collect)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const request = { plan: options.plan, accounts: options.for, maxFeePerGas: options.maxFee };
        const { week, due, calls, gas, cost } = await previewClaim(context, request);
        const total = `${formatNmr(sumOf(due))} NMR for ${plural(due.size, "account")}`;
        await carryOut(context, options, {
          name: `Claims of week ${week.toString()}`,
          facts: { contract: await context.suite.rewards.getAddress(), week: week.toString(), pays: total },
          calls,
          gas,
          cost,
          act: async () => {
            const result = await claim(context, request);
            return { week, paid: Object.fromEntries(result.due), sent: result.sent };
          },
          describe: ({ sent }) =>
            sent.length === 0 ? "nothing to do: nobody is due anything" : `paid ${total} by ${sent.join(", ")}`,
        });
      }),
    );
  return withSendingOptions(
    command,
    "claim --plan weeks/1.json --for 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --yes",
  );
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...new Set([...before, parseAccount(text)])];
}
