import { requireSigner, type Context } from "../chain/context.js";
import type { PlannedCall } from "../chain/planned-call.js";
import { send, withJournal } from "../chain/send.js";
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
    facts,
    calls,
    act: async () => {
      if (calls.length === 0) return { sent: [] };
      return withJournal(requireSigner(context), { maxFeePerGas: options.maxFee }, async (settings) => {
        const sent: { step: string; hash: string }[] = [];
        for (const call of calls) {
          const { hash } = await send(requireSigner(context), call, call.step, settings);
          sent.push({ step: call.step, hash });
        }
        return { sent };
      });
    },
    describe: ({ sent }) =>
      sent.length === 0
        ? "nothing to do"
        : [plural(sent.length, "transaction"), ...sent.map(({ step, hash }) => `  ${step}: ${hash}`)].join("\n"),
  });
}
