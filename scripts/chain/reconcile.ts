import { setTimeout as sleep } from "node:timers/promises";

import { BaseWallet, Transaction, type TransactionReceipt } from "ethers";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { PLAIN_GAS, cancelSigned } from "./cancel-signed.js";
import type { SendingContext } from "./context.js";
import { STUCK_AFTER, deliver, signFirst, stillPending, type DeliverySettings } from "./deliver.js";
import { pollInterval } from "./follow.js";
import { isHarmlessLate } from "./is-harmless-late.js";
import { isSameCall } from "./is-same-call.js";
import { nonceAfter, recordsOf, type Journal, type NonceRecord } from "./journal.js";
import type { SentBefore } from "./sent-before.js";

/** How long a node may lag behind what was mined, in milliseconds. */
const LAG_LIMIT = 60_000;

/**
 * Brings what was signed before to an end: every nonce of the journal is used on the chain, and the account has no
 * transaction pending. What a reorganisation dropped is broadcast again, what is stuck is replaced at a higher price, and
 * what was never mined, is not due in this run and could do harm so late is cancelled.
 * Only then does the chain alone say what is left to do: a signed transaction that is out could be mined at any time.
 * @returns What was signed before and is known to have succeeded only now: whoever signed it was not told.
 * @throws {NumeraireError} with exit code 2 when a transaction stays pending below the price ceiling.
 */
export async function reconcile(
  context: SendingContext,
  journal: Journal | undefined,
  settings: DeliverySettings = {},
): Promise<SentBefore[]> {
  const from = await context.signer.getAddress();
  const before: SentBefore[] = [];
  const wallet = context.signer instanceof BaseWallet ? context.signer : undefined;
  for (;;) {
    const next = await firstOpen(context, journal, from);
    if (next === undefined) break;
    const { count, record } = next;
    if (record.nonce > count) {
      await closeGap(context, wallet, count, { ...settings, journal });
    } else {
      const receipt = await bringToEnd(context, next, wallet, { ...settings, journal }).catch((error: unknown) => {
        throw toNumeraireError(error, record.step);
      });
      const mined = record.signed.find(({ hash }) => hash === receipt?.hash);
      // What was closed was told of by the run that saw it mined.
      if (!record.closed && mined !== undefined && receipt?.status === 1) {
        before.push({ transaction: Transaction.from(mined.raw), receipt });
      }
    }
  }
  await awaitNothingPending(context, from, settings.stuckAfter);
  return before;
}

/**
 * A block in which all that the journal knows of is mined. What is decided on the chain's state there can follow with
 * the account's next nonce there, and nothing that a reorganisation moves can make it happen twice: the nonces keep
 * their order.
 * @throws {NumeraireError} with exit code 2 when the node lags behind for more than a minute.
 */
export async function reconciledBlock(
  context: SendingContext,
  journal: Journal | undefined,
  settings: DeliverySettings = {},
): Promise<{ number: number; hash: string; nonce: number }> {
  const { provider, signer } = context;
  const from = await signer.getAddress();
  const until = Date.now() + LAG_LIMIT;
  for (;;) {
    const block = await provider.getBlock("latest");
    const expected = nonceAfter(journal?.entries ?? [], from);
    const found = block === null ? 0 : await provider.getTransactionCount(from, block.number);
    if (typeof block?.hash === "string" && found >= expected) {
      return { number: block.number, hash: block.hash, nonce: found };
    }
    if (Date.now() > until) {
      throw new NumeraireError(`${from}: found ${found} transactions on the chain, expected ${expected}`, {
        hint: "The node lags behind what it mined: wait until it is in sync, then run the command again.",
        exitCode: 2,
      });
    }
    await reconcile(context, journal, settings);
    await sleep(pollInterval(context));
  }
}

/** The lowest nonce that was signed for and is not known to be used for good, and the chain's next one. */
async function firstOpen(
  { provider }: SendingContext,
  journal: Journal | undefined,
  from: string,
): Promise<{ count: number; record: NonceRecord } | undefined> {
  const records = recordsOf(journal?.entries ?? [], from);
  if (records.length === 0) return undefined;
  const count = await provider.getTransactionCount(from, "latest");
  const record = records.find(({ nonce, closed }) => !closed || nonce >= count);
  return record && { count, record };
}

/** Sees through what was signed for the lowest open nonce, or cancels it; gives the receipt of what was mined there. */
async function bringToEnd(
  context: SendingContext,
  { count, record }: { count: number; record: NonceRecord },
  wallet: BaseWallet | undefined,
  settings: DeliverySettings,
): Promise<TransactionReceipt | undefined> {
  checkSigned(context, record);
  if (record.nonce === count && !record.closed && !isStillDue(record, settings)) {
    if (wallet !== undefined) return cancelSigned(context, record, wallet, settings);
    throw new NumeraireError(
      `${record.step}: found it signed before and not due any more, expected a key to cancel it`,
      {
        hint: "Give the account's key, so that a transaction of nothing can take its nonce.",
        exitCode: 2,
      },
    );
  }
  context.log.info(`${record.step}: continuing with transaction ${record.signed.at(-1)?.hash ?? ""} of before`);
  return deliver(context, record, wallet, settings);
}

/** What is replaced is signed again: a line that somebody else wrote into the journal must not get a signature. */
function checkSigned({ chainId }: SendingContext, { step, nonce, signed }: NonceRecord): void {
  for (const { from, hash, raw } of signed) {
    const found = Transaction.from(raw);
    if (found.from === from && found.nonce === nonce && found.hash === hash && found.chainId === chainId) continue;
    throw new NumeraireError(
      `${step}: found a transaction in the journal that ${from} did not sign for nonce ${nonce}`,
      {
        hint: "Find out who changed the journal; move it away when nothing of the account is pending.",
        exitCode: 2,
      },
    );
  }
}

/** Whether what was signed last for a nonce may be sent now: the run is about to do the same, or it does no harm. */
function isStillDue({ signed }: NonceRecord, { due = [] }: DeliverySettings): boolean {
  const last = signed.at(-1);
  if (last === undefined) return true;
  const transaction = Transaction.from(last.raw);
  return due.some((call) => isSameCall(transaction, call)) || isHarmlessLate(transaction);
}

/**
 * Uses a nonce that nothing of the journal is for, so that what was signed for later ones can be mined and is not left
 * to surface some day. Such a gap is another program's transaction that the network lost, and is waited for first.
 */
async function closeGap(
  context: SendingContext,
  wallet: BaseWallet | undefined,
  nonce: number,
  settings: DeliverySettings,
): Promise<void> {
  const { provider, signer } = context;
  const from = await signer.getAddress();
  const until = Date.now() + (settings.stuckAfter ?? STUCK_AFTER) * 1000;
  while (Date.now() < until) {
    if ((await provider.getTransactionCount(from, "latest")) > nonce) return;
    await sleep(pollInterval(context));
  }
  if (wallet === undefined) throw stillPending(from, `a gap at nonce ${nonce}, and transactions after it`);
  context.log.warn(
    `nonce ${nonce}: found no transaction, and later ones signed; sending nothing to the account itself`,
  );
  const request = { to: from, value: 0n, nonce, gasLimit: PLAIN_GAS };
  const record = await signFirst(context, wallet, request, "close a gap in the nonces", settings);
  await deliver(context, record, wallet, settings);
}

async function awaitNothingPending(context: SendingContext, from: string, stuckAfter = STUCK_AFTER): Promise<void> {
  const { provider } = context;
  const until = Date.now() + stuckAfter * 1000;
  for (;;) {
    const [latest, pending] = await Promise.all([
      provider.getTransactionCount(from, "latest"),
      provider.getTransactionCount(from, "pending"),
    ]);
    if (pending <= latest) return;
    if (Date.now() > until) throw stillPending(from, `${pending - latest} transactions`);
    await sleep(pollInterval(context));
  }
}
