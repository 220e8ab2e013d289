import { Command } from "commander";

import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { formatNmr } from "../../../sdk/units.js";
import { requireSigner } from "../../chain/context.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { carryOutCalls } from "../carry-out-calls.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { parseProviderId } from "../options.js";
import { timeOf } from "../run-job.js";

interface Options extends SendingOptions {
  provider: bigint;
  amount?: bigint;
}

/** `withdraw`: announces a withdrawal, and pays it when it is run again after the provider's delay. */
export function withdrawCommand(): Command {
  const command = new Command("withdraw")
    .description("announce a withdrawal; run it again after the provider's delay to be paid")
    .requiredOption("--provider <number>", "provider to withdraw from", parseProviderId)
    .option("--amount <nmr>", "NMR to withdraw (default: all that is not reserved)", parseAmount)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { compute } = context.suite;
        const user = await requireSigner(context).signer.getAddress();
        const to = await compute.getAddress();
        const { balance, reserved, pending, maturesAt } = await compute.getChannel(options.provider, user);
        const facts = { provider: options.provider.toString(), balance: formatNmr(balance) };
        if (pending > 0n) {
          if ((await timeOf(context)) < maturesAt) throw notMature(pending, maturesAt);
          const data = compute.interface.encodeFunctionData("withdraw", [options.provider]);
          await carryOutCalls(context, options, "Withdraw", facts, [
            { to, data, step: `withdraw ${formatNmr(pending)} NMR` },
          ]);
          return;
        }
        const amount = options.amount ?? balance - reserved;
        const data = compute.interface.encodeFunctionData("startWithdrawal", [options.provider, amount]);
        const step = `announce the withdrawal of ${formatNmr(amount)} NMR`;
        await carryOutCalls(context, options, "Withdraw", facts, amount === 0n ? [] : [{ to, data, step }]);
      }),
    );
  return withSendingOptions(command, "withdraw --provider 1 --yes");
}

function notMature(pending: bigint, maturesAt: bigint): NumeraireError {
  const when = new Date(Number(maturesAt) * 1_000).toISOString();
  return new NumeraireError(`withdrawal of ${formatNmr(pending)} NMR: found it announced, to be paid from ${when}`, {
    hint: "Run the command again then, within three days.",
    exitCode: 2,
  });
}
