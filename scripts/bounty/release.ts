import { toNumeraireError } from "../../sdk/decode-error.js";
import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import type { BountyAction } from "./bounty-action.js";
import { callBounties } from "./call-bounties.js";
import { showTime } from "./show-time.js";

/**
 * Pays what a grant has vested to its payee; anybody may.
 * @throws {NumeraireError} when there is no such grant.
 */
export async function planRelease(context: Context, { grantId }: { grantId: bigint }): Promise<BountyAction> {
  const { bounties } = context.suite;
  const name = `grant ${grantId.toString()}`;
  const grant = await bounties.getGrant(grantId).catch((error: unknown) => {
    throw toNumeraireError(error, name);
  });
  const releasable = await bounties.releasable(grantId);
  const ends = Number(grant.startsAt + grant.duration);
  const action = {
    name: `Release ${name}`,
    facts: {
      grant: grantId.toString(),
      payee: grant.payee,
      vested: `${formatNmr(releasable)} NMR now, ${formatNmr(grant.released)} of ${formatNmr(grant.amount)} paid before`,
      ends: showTime(ends),
    },
    event: "GrantReleased",
    describe: ({ amount }: { amount?: unknown }) =>
      `${typeof amount === "bigint" ? formatNmr(amount) : ""} NMR of ${name} paid to ${grant.payee}`,
  };
  if (releasable === 0n) {
    const idle = grant.released === grant.amount ? `${name} is paid in full` : `${name} has vested nothing more`;
    return { ...action, idle };
  }
  return {
    ...action,
    due: await callBounties(
      context,
      `release ${name}`,
      context.suite.bounties.interface.encodeFunctionData("release", [grantId]),
    ),
  };
}
