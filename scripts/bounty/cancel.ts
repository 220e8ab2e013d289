import { NumeraireError } from "../../sdk/numeraire-error.js";
import { formatNmr } from "../../sdk/units.js";
import { plural } from "../terminal/plural.js";
import { requireSigner, type Context } from "../chain/context.js";
import type { BountyAction, EventArguments } from "./bounty-action.js";
import { readBounty, type BountyState } from "./bounty-state.js";
import { callBounties } from "./call-bounties.js";
import { chainTime } from "./chain-time.js";
import { showTime } from "./show-time.js";

/** The next step towards cancelling a bounty, by the issuer: the notice where one is needed, then the cancellation. */
export async function planCancel(context: Context, { bountyId }: { bountyId: bigint }): Promise<BountyAction> {
  const bounty = await readBounty(context, bountyId);
  const { status, pendingCount, cancellableFrom, unawarded } = bounty;
  const name = `bounty ${bountyId.toString()}`;
  const facts = {
    bounty: bountyId.toString(),
    pending: plural(pendingCount, "submission"),
    "goes back": `${formatNmr(unawarded)} NMR, to who funded`,
  };
  const cancelled: BountyAction = {
    name: `Cancel ${name}`,
    facts,
    event: "BountyCancelled",
    describe: ({ remainder }) => `${name} cancelled: funders reclaim ${amount(remainder)} NMR`,
  };
  if (status === "Cancelled") return { ...cancelled, idle: `${name} is cancelled` };
  const signing = requireSigner(context);
  const step = await nextStep(context, bounty);
  if (step === "cancel")
    return {
      ...cancelled,
      due: await callBounties(
        signing,
        `cancel ${name}`,
        context.suite.bounties.interface.encodeFunctionData("cancel", [bountyId]),
      ),
    };
  if (step === "wait") {
    throw new NumeraireError(`${name}: found a notice that runs until ${showTime(cancellableFrom)}, expected it over`, {
      hint: "Cancel within seven days after that.",
      exitCode: 2,
    });
  }
  return {
    name: `Announce the cancellation of ${name}`,
    facts,
    due: await callBounties(
      signing,
      `announce the cancellation of ${name}`,
      context.suite.bounties.interface.encodeFunctionData("announceCancel", [bountyId]),
    ),
    event: "CancelAnnounced",
    describe: (args) => announced(name, args),
  };
}

async function nextStep(
  context: Context,
  { bountyId, pendingCount, cancellableFrom }: BountyState,
): Promise<"announce" | "wait" | "cancel"> {
  if (pendingCount === 0) return "cancel";
  const { bounties } = context.suite;
  const until = cancellableFrom + Number(await bounties.CANCEL_WINDOW());
  const now = await chainTime(context);
  if (cancellableFrom === 0 || now > until) return "announce";
  context.log.info(`bounty ${bountyId.toString()} can be cancelled until ${showTime(until)}`);
  return now < cancellableFrom ? "wait" : "cancel";
}

function announced(name: string, { cancellableFrom, cancellableUntil }: EventArguments): string {
  const [from, until] = [showTime(Number(cancellableFrom)), showTime(Number(cancellableUntil))];
  return `cancellation of ${name} announced: run cancel again from ${from} until ${until}`;
}

function amount(wei: unknown): string {
  return typeof wei === "bigint" ? formatNmr(wei) : String(wei);
}
