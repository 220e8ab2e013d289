import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { callBounties } from "./call-bounties.js";

/** Makes what the account signed with a nonce worthless. */
export async function planRevoke(context: Context, { nonce }: { nonce: bigint }): Promise<BountyAction> {
  const signing = requireSigner(context);
  const account = await signing.signer.getAddress();
  const name = `nonce ${nonce.toString()}`;
  const action: BountyAction = {
    name: `Revoke ${name}`,
    facts: { reviewer: account, nonce: nonce.toString() },
    event: "NonceUsed",
    describe: () => `${name} of ${account} revoked: approvals with it are worthless`,
  };
  if (await context.suite.bounties.isNonceUsed(account, nonce)) return { ...action, idle: `${name} is used` };
  return {
    ...action,
    due: await callBounties(
      signing,
      `revoke ${name}`,
      context.suite.bounties.interface.encodeFunctionData("revokeApproval", [nonce]),
    ),
  };
}
