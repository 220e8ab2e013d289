import type { Provider, Signer } from "ethers";

import type { Suite } from "../../../sdk/contracts.js";
import { roundStatusName } from "../../../sdk/round-status.js";
import { CHUNK } from "../../../sdk/score-sheet.js";
import { formatEther } from "../../../sdk/units.js";
import { currentGasPrice } from "../../chain/gas-price.js";
import { plural } from "../../terminal/plural.js";
import { planGas } from "../gas-model.js";
import { attempt, broken, ok, warning, type Finding } from "./finding.js";

/** Finalizing a round, and settling a stake; upper estimates. */
const FINALIZE_GAS = 150_000n;
const SETTLE_GAS_PER_STAKE = 30_000n;
/** Rounds that the balance should last for. */
const RESERVE = 4n;
/** Rounds looked at for the next to be scored, from the newest. */
const LOOKED_AT = 20n;

/** What the account that sends needs; each finding is of its own. */
export async function checkAccount(provider: Provider, suite: Suite, signer: Signer): Promise<Finding[]> {
  const account = await signer.getAddress();
  return Promise.all([
    attempt("membership", () => checkMembership(suite, account)),
    attempt("balance", () => checkBalance(provider, suite, account)),
    attempt("pending transactions", () => checkPending(provider, account)),
  ]);
}

async function checkMembership({ committee }: Suite, account: string): Promise<Finding> {
  if (await committee.isMember(account)) return ok("membership", `${account} is a committee member`);
  const members = await committee.members();
  return broken(
    "membership",
    `found ${account} not among the committee's members`,
    `Use the account of one (${members.join(", ")}), or have the committee's admin add this one. Finalizing and settling need no member.`,
  );
}

async function checkBalance(provider: Provider, suite: Suite, account: string): Promise<Finding> {
  const [balance, price, stakes] = await Promise.all([
    provider.getBalance(account),
    currentGasPrice(provider),
    nextStakes(suite),
  ]);
  const gas = planGas(stakes, "").total + FINALIZE_GAS + SETTLE_GAS_PER_STAKE * BigInt(stakes);
  const cost = gas * price;
  const found = `${formatEther(balance)} ether; the next round of ${plural(stakes, "stake")} takes about ${formatEther(cost)}`;
  if (balance >= cost * RESERVE) return ok("balance", found);
  const fix = `Send at least ${formatEther(cost * RESERVE - balance)} ether to ${account}: enough for ${RESERVE.toString()} rounds at today's price.`;
  return balance >= cost ? warning("balance", `found ${found}`, fix) : broken("balance", `found ${found}`, fix);
}

/** Stakes of the largest round that waits for its scores or is open; a full chunk where there is none. */
async function nextStakes({ tournament }: Suite): Promise<number> {
  const count = await tournament.roundCount();
  let most = 0;
  for (let roundId = count; roundId > 0n && roundId > count - LOOKED_AT; roundId -= 1n) {
    const { status, stakeCount } = await tournament.getRound(roundId);
    if (["Open", "Closed"].includes(roundStatusName(status))) most = Math.max(most, Number(stakeCount));
  }
  return most === 0 ? CHUNK : most;
}

async function checkPending(provider: Provider, account: string): Promise<Finding> {
  const check = "pending transactions";
  const [latest, pending] = await Promise.all([
    provider.getTransactionCount(account, "latest"),
    provider.getTransactionCount(account, "pending"),
  ]);
  if (pending <= latest) return ok(check, "none");
  return warning(
    check,
    `found ${plural(pending - latest, "transaction")} from nonce ${latest} on that no block holds yet`,
    "Run the command that sent them again: it waits for them, and raises the price of those that are stuck.",
  );
}
