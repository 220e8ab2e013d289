import { BaseWallet, keccak256, type TransactionReceipt, type TransactionRequest } from "ethers";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { openAccountJournal } from "./account-journal.js";
import type { SendingContext } from "./context.js";
import { STUCK_AFTER, deliver, minedEntry, signFirst, stillPending, type DeliverySettings } from "./deliver.js";
import { follow } from "./follow.js";
import { nonceAfter } from "./journal.js";
import type { Call } from "./planned-call.js";
import { reconcile } from "./reconcile.js";
import { takeSentBefore, type SentBefore } from "./sent-before.js";

/** Most gas a transaction may use (EIP-7825); nodes estimate beyond it without complaint. */
export const MAX_TRANSACTION_GAS = 16_777_216n;

/** How transactions are sent; the journal is the account's, opened by the sender, when left out. */
export interface SendSettings extends DeliverySettings {
  /** Told of each transaction that is mined, whether it did what it should or reverted. */
  onMined?: ((receipt: TransactionReceipt) => void) | undefined;
  /**
   * Next nonce of the account in the block that the transaction was decided on; it is sent with this one or not at all,
   * so that what two runs decide on one state happens once. The next free one when left out.
   */
  nonce?: number | undefined;
}

/** A call to send, or the creation of a contract, which has no recipient. */
export interface CallOrCreation extends Partial<Call> {
  data: string;
}

/**
 * Sends one transaction and waits until it is mined. A local key signs it first and the journal gets it before the
 * network does; one that gets stuck is replaced at the same nonce with a higher price. What an earlier run signed to do
 * the very same, and did not see mined, is not sent a second time: its receipt is given.
 * @param step What the transaction does, for journal and messages, e.g. "post chunk 2".
 * @throws {NumeraireError} when the contract would refuse, the gas limit of a transaction is exceeded, the transaction
 * reverts or is not mined below the price ceiling.
 */
export async function send(
  context: SendingContext,
  call: CallOrCreation,
  step: string,
  settings: SendSettings = {},
): Promise<TransactionReceipt> {
  return withJournal(context, { due: [call], ...settings }, async (held, before) => {
    const done = takeSentBefore(context, before, call, step);
    if (done !== undefined) return done;
    const from = await context.signer.getAddress();
    const gasLimit = await gasLimitFor(context, { ...call, from }, step);
    try {
      const receipt =
        context.signer instanceof BaseWallet
          ? await sendSigned(context, context.signer, { ...call, gasLimit }, step, held)
          : await sendByNode(context, { ...call, gasLimit }, step, held);
      held.onMined?.(receipt);
      if (receipt.status === 0) {
        throw new NumeraireError(`${step}: transaction ${receipt.hash} was mined and reverted`, {
          hint: "Somebody else's transaction came first: look with status --round, then run the command again.",
        });
      }
      return receipt;
    } catch (error) {
      throw toNumeraireError(error, step);
    }
  });
}

/**
 * Holds the account's journal, and with it the account, while transactions are sent; what was signed before is brought
 * to an end first, and what is not due and could do harm is cancelled. Within another such call, or where no state is kept, it only runs.
 * @param run Gets the settings with the journal in them, and what earlier runs signed that was brought to an end. Who
 * decided what to send before this call must leave out what is among it; who looks at the chain again in it need not.
 * @throws {NumeraireError} with exit code 2 while another process sends from the account.
 */
export async function withJournal<S extends SendSettings, T>(
  context: SendingContext,
  settings: S,
  run: (held: S, before: SentBefore[]) => Promise<T>,
): Promise<T> {
  if (settings.journal !== undefined) return run(settings, []);
  const journal = await openAccountJournal(context);
  if (journal === undefined) return run(settings, []);
  try {
    const before = await reconcile(context, journal, settings);
    return await run({ ...settings, journal }, before);
  } finally {
    await journal.close();
  }
}

async function gasLimitFor(context: SendingContext, request: TransactionRequest, step: string): Promise<bigint> {
  let estimate: bigint;
  try {
    estimate = await context.provider.estimateGas(request);
  } catch (error) {
    throw toNumeraireError(error, step);
  }
  if (estimate > MAX_TRANSACTION_GAS) {
    throw new NumeraireError(
      `${step}: found ${estimate.toString()} gas, expected at most ${MAX_TRANSACTION_GAS.toString()} a transaction`,
      { hint: "Do less in one transaction, e.g. settle with a smaller --batch." },
    );
  }
  const generous = (estimate * 23n) / 20n + 10_000n;
  return generous < MAX_TRANSACTION_GAS ? generous : MAX_TRANSACTION_GAS;
}

async function sendSigned(
  context: SendingContext,
  wallet: BaseWallet,
  request: TransactionRequest,
  step: string,
  settings: SendSettings,
): Promise<TransactionReceipt> {
  const { journal } = settings;
  const counted = await context.provider.getTransactionCount(
    wallet.address,
    journal === undefined ? "pending" : "latest",
  );
  // A node that lags behind counts too few.
  const free = Math.max(counted, nonceAfter(journal?.entries ?? [], wallet.address));
  const nonce = settings.nonce ?? free;
  if (nonce < free) throw nonceTaken(step, wallet.address, nonce);
  const record = await signFirst(context, wallet, { ...request, nonce }, step, settings);
  const receipt = await deliver(context, record, wallet, settings);
  if (receipt === undefined) throw nonceTaken(step, wallet.address, nonce);
  return receipt;
}

function nonceTaken(step: string, from: string, nonce: number): NumeraireError {
  return new NumeraireError(`${step}: found nonce ${nonce} of ${from} used by another transaction, expected it free`, {
    hint: "Another program or machine sends from the account: stop one of them, then run the command again.",
    exitCode: 2,
  });
}

async function sendByNode(
  context: SendingContext,
  request: TransactionRequest & CallOrCreation,
  step: string,
  { journal, stuckAfter = STUCK_AFTER, nonce: decided }: SendSettings,
): Promise<TransactionReceipt> {
  const { provider, signer } = context;
  const from = await signer.getAddress();
  const free = await provider.getTransactionCount(from, "pending");
  const nonce = decided ?? free;
  if (nonce < free) throw nonceTaken(step, from, nonce);
  const { to, data } = request;
  await journal?.append({
    event: "intent",
    step,
    from,
    nonce,
    ...(to === undefined ? {} : { to }),
    dataHash: keccak256(data),
  });
  const { hash } = await signer.sendTransaction({ ...request, nonce });
  const fate = await follow(context, { nonce, from, hashes: [hash] }, journal, stuckAfter);
  if (typeof fate === "string") throw stillPending(from, `${step}: transaction ${hash}`);
  await journal?.append(minedEntry(step, from, nonce, fate));
  return fate;
}
