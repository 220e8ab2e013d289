import { AbiCoder } from "ethers";
import { Command } from "commander";

import { formatNmr } from "../../../sdk/units.js";
import { withContext, withSendingOptions, type SendingOptions } from "../../terminal/command-line.js";
import { carryOutCalls } from "../carry-out-calls.js";
import { parseAmount } from "../../terminal/parse-amount.js";
import { parseProviderId } from "../options.js";

interface Options extends SendingOptions {
  provider: bigint;
  amount: bigint;
}

/** `deposit`: puts NMR into the account's channel, in one transaction without an approval. */
export function depositCommand(): Command {
  const command = new Command("deposit")
    .description("put NMR into your channel with a provider; what is not used comes back")
    .requiredOption("--provider <number>", "provider to deposit with", parseProviderId)
    .requiredOption("--amount <nmr>", "NMR to deposit", parseAmount)
    .action((options: Options) =>
      withContext(options, async (context) => {
        const { nmr, compute } = context.suite;
        const amount = formatNmr(options.amount);
        const data = nmr.interface.encodeFunctionData("transferAndCall(address,uint256,bytes)", [
          await compute.getAddress(),
          options.amount,
          AbiCoder.defaultAbiCoder().encode(["uint256"], [options.provider]),
        ]);
        await carryOutCalls(context, options, "Deposit", { provider: options.provider.toString(), amount }, [
          { to: await nmr.getAddress(), data, step: `deposit ${amount} NMR` },
        ]);
      }),
    );
  return withSendingOptions(command, "deposit --provider 1 --amount 5 --yes");
}
