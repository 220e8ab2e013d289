import { formatNmr } from "../../sdk/units.js";
import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";

/**
 * Takes the account's share of a closed bounty back.
 * @throws {NumeraireError} while the bounty is not closed.
 */
export async function planReclaim(context: Context, { bountyId }: { bountyId: bigint }): Promise<BountyAction> {
  const signing = requireSigner(context);
  const { funded, remainder } = await readBounty(context, bountyId);
  const account = await signing.signer.getAddress();
  const contribution = await context.suite.bounties.contributions(bountyId, account);
  const name = `bounty ${bountyId.toString()}`;
  const share = (contribution * remainder) / funded;
  const action: BountyAction = {
    name: `Reclaim from ${name}`,
    facts: {
      bounty: bountyId.toString(),
      share: `${formatNmr(share)} NMR for a contribution of ${formatNmr(contribution)}`,
    },
    event: "ContributionReclaimed",
    describe: () => `${formatNmr(share)} NMR of ${name} taken back`,
  };
  if (contribution === 0n) return { ...action, idle: `${account} has nothing in ${name}` };
  return {
    ...action,
    due: await callBounties(
      signing,
      `reclaim from ${name}`,
      context.suite.bounties.interface.encodeFunctionData("reclaim", [bountyId]),
    ),
  };
}
