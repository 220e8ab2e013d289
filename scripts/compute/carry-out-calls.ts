import { requireSigner, type Context } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { sendCalls } from "../chain/send-calls.js";
import { carryOut } from "../terminal/carry-out.js";
import type { SendingOptions } from "../terminal/command-line.js";
import { plural } from "../terminal/plural.js";

/** Shows calls, then sends them one after another, or writes them down, as the options say. */
export async function carryOutCalls(
  context: Context,
  options: SendingOptions,
  name: string,
  facts: Record<string, string>,
  calls: readonly PlannedCall[],
): Promise<void> {
  await carryOut(context, options, {
    name,
    facts: { contract: await context.suite.compute.getAddress(), ...facts },
    calls,
    act: async () => {
      if (calls.length === 0) return { sent: [] };
      const receipts = await sendCalls(requireSigner(context), calls, { maxFeePerGas: options.maxFee });
      return { sent: receipts.map(({ hash }, i) => ({ step: calls[i]?.step ?? "", hash })) };
    },
    describe: ({ sent }) =>
      sent.length === 0
        ? "nothing to do"
        : [plural(sent.length, "transaction"), ...sent.map(({ step, hash }) => `  ${step}: ${hash}`)].join("\n"),
  });
}
