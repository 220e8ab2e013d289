import { AbiCoder } from "ethers";

import { formatNmr } from "../../sdk/units.js";
import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty } from "./bounty-state.js";
import { transferWith } from "./transfer-with.js";

/**
 * Puts NMR of the account into a bounty.
 * @param amount NMR, in wei.
 * @throws {NumeraireError} when the bounty takes none.
 */
export async function planFund(
  context: Context,
  { bountyId, amount }: { bountyId: bigint; amount: bigint },
): Promise<BountyAction> {
  const { funded, reviewer } = await readBounty(context, bountyId);
  const name = `bounty ${bountyId.toString()}`;
  const data = AbiCoder.defaultAbiCoder().encode(["uint256"], [bountyId]);
  return {
    name: `Fund ${name}`,
    facts: {
      bounty: bountyId.toString(),
      puts: `${formatNmr(amount)} NMR, next to ${formatNmr(funded)} that are there`,
      reviewer,
    },
    due: await transferWith(requireSigner(context), amount, data, `fund ${name}`),
    event: "BountyFunded",
    describe: () => `${formatNmr(amount)} NMR put into ${name}`,
  };
}
