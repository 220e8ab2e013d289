import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";
import { showTime } from "./show-time.js";

/**
 * Moves the deadline of a bounty to a later second, by the issuer.
 * @param deadline Unix seconds.
 * @throws {NumeraireError} when the contract would refuse.
 */
export async function planExtend(
  context: Context,
  { bountyId, deadline }: { bountyId: bigint; deadline: number },
): Promise<BountyAction> {
  const bounty = await readBounty(context, bountyId);
  const name = `bounty ${bountyId.toString()}`;
  const action = {
    name: `Extend ${name}`,
    facts: { bounty: bountyId.toString(), deadline: `${showTime(deadline)}, now ${showTime(bounty.deadline)}` },
    event: "DeadlineExtended",
    describe: () => `${name} takes submissions until ${showTime(deadline)}`,
  };
  if (bounty.deadline === deadline) return { ...action, idle: `${name} has this deadline` };
  const due = await callBounties(
    requireSigner(context),
    `extend ${name}`,
    context.suite.bounties.interface.encodeFunctionData("extend", [bountyId, deadline]),
  );
  return { ...action, due };
}
