import { NumeraireError } from "../../sdk/numeraire-error.js";
import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { readBounty } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";
import { showTime } from "./show-time.js";

/**
 * Closes a bounty whose time is over; anybody may.
 * @throws {NumeraireError} with exit code 2 while it is open or in review.
 */
export async function planExpire(context: Context, { bountyId }: { bountyId: bigint }): Promise<BountyAction> {
  const { status, unawarded, deadline } = await readBounty(context, bountyId);
  const name = `bounty ${bountyId.toString()}`;
  const action: BountyAction = {
    name: `Expire ${name}`,
    facts: { bounty: bountyId.toString(), "goes back": `${formatNmr(unawarded)} NMR, to who funded` },
    event: "BountyExpired",
    describe: () => `${name} expired: funders reclaim ${formatNmr(unawarded)} NMR`,
  };
  if (status === "Open" || status === "Review") {
    const reviewed = deadline + Number(await context.suite.bounties.REVIEW_PERIOD());
    throw new NumeraireError(`${name}: found ${status}, expected Overdue`, {
      hint: `It expires after its deadline, ${showTime(deadline)}, and while a submission is pending after ${showTime(reviewed)}.`,
      exitCode: 2,
    });
  }
  if (status !== "Overdue") return { ...action, idle: `${name} is ${status.toLowerCase()}` };
  return {
    ...action,
    due: await callBounties(
      context,
      `expire ${name}`,
      context.suite.bounties.interface.encodeFunctionData("expire", [bountyId]),
    ),
  };
}
