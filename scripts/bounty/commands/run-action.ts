import type { Context } from "../../chain/context.js";
import { carryOut } from "../../terminal/carry-out.js";
import { withContext, type SendingOptions } from "../../terminal/command-line.js";
import { act, type BountyAction } from "../bounty-action.js";

/** What every sending command of bounties does: plans one call, shows it, and with --yes sends it. */
export async function runAction(
  options: SendingOptions,
  plan: (context: Context) => Promise<BountyAction>,
): Promise<void> {
  await withContext(options, async (context) => {
    const action = await plan(context);
    const { name, facts, due } = action;
    await carryOut(context, options, {
      name,
      facts: { contract: await context.suite.bounties.getAddress(), ...facts },
      calls: due === undefined ? [] : [due],
      ...(due && { gas: due.gas, cost: due.cost }),
      act: () => act(context, action, { maxFeePerGas: options.maxFee }),
      describe: ({ summary, sent }) => (sent === undefined ? summary : `${summary}; transaction ${sent.hash}`),
    });
  });
}
