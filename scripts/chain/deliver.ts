import { Transaction, keccak256, type BaseWallet, type TransactionReceipt, type TransactionRequest } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { formatEther, formatGwei } from "../../sdk/units.js";
import type { SendingContext } from "./context.js";
import { boundedCeiling, boundedFees, feesOf, firstFees, raisedFees, type Fees } from "./fees.js";
import { follow } from "./follow.js";
import type { Journal, NonceRecord, SignedEntry } from "./journal.js";
import type { Call } from "./planned-call.js";

/** How transactions are followed up. */
export interface DeliverySettings {
  /** Most gas price to pay, in wei; when left out, four times the first offer, whose tip is bounded. */
  maxFeePerGas?: bigint | undefined;
  /** Seconds without being mined after which a transaction is replaced at a higher price; 120 when left out. */
  stuckAfter?: number | undefined;
  journal?: Journal | undefined;
  /** What the run is about to do. What an earlier run signed and could do harm late is sent only if it is among these. */
  due?: readonly Partial<Call>[] | undefined;
}

export const STUCK_AFTER = 120;

/**
 * Signs a transaction for a nonce at a price below the ceiling, and writes it into the journal.
 * @throws {NumeraireError} with exit code 2 when the ceiling is below what the next block takes.
 */
export async function signFirst(
  context: SendingContext,
  wallet: BaseWallet,
  request: TransactionRequest,
  step: string,
  { maxFeePerGas, journal }: DeliverySettings,
): Promise<NonceRecord> {
  const populated = await wallet.populateTransaction(request);
  const unsigned = Transaction.from({ ...populated, from: null });
  const suggested = feesOf(unsigned);
  const baseFee = (await context.provider.getBlock("latest"))?.baseFeePerGas ?? 0n;
  const fees = maxFeePerGas === undefined ? boundedFees(suggested) : firstFees(suggested, baseFee, maxFeePerGas);
  if (fees === undefined) throw priceTooHigh(step, baseFee + (suggested.tip ?? suggested.most), maxFeePerGas ?? 0n);
  const entry = await signAt(wallet, unsigned, fees, step, journal);
  return { nonce: unsigned.nonce, step, signed: [entry], closed: false };
}

/**
 * Sees a signed transaction through: one that gets stuck is replaced at its nonce with a higher price, up to the ceiling.
 * @param record What was signed for the nonce; replacements are added to it.
 * @param wallet Key to sign replacements with; absent where it is not at hand.
 * @returns The receipt; undefined where another transaction used the nonce.
 * @throws {NumeraireError} with exit code 2 when it is not mined below the ceiling.
 */
export async function deliver(
  context: SendingContext,
  record: NonceRecord,
  wallet: BaseWallet | undefined,
  settings: DeliverySettings,
): Promise<TransactionReceipt | undefined> {
  const { step, nonce, signed } = record;
  const { journal, stuckAfter = STUCK_AFTER } = settings;
  for (;;) {
    const [first] = signed;
    const last = signed.at(-1);
    if (first === undefined || last === undefined) throw new Error("nothing to deliver");
    const followed = { from: first.from, nonce, hashes: signed.map(({ hash }) => hash), newest: last };
    const fate = await follow(context, followed, journal, stuckAfter);
    if (fate === "unfunded") throw await outOfEther(context, last, step);
    if (fate === "superseded") {
      await journal?.append({ event: "superseded", step, from: first.from, nonce });
      return undefined;
    }
    if (fate !== "stuck") {
      await journal?.append(minedEntry(step, first.from, nonce, fate));
      return fate;
    }
    if (wallet === undefined) throw stillPending(first.from, `${step}: transaction ${last.hash}`);
    const replacement = await signReplacement(context, wallet, record, Transaction.from(last.raw), settings);
    signed.push(replacement);
    const { most } = feesOf(Transaction.from(replacement.raw));
    context.log.warn(`${step}: not mined yet; replacing it at ${formatGwei(most)} gwei`);
  }
}

/**
 * Signs what takes the place of the newest transaction of a nonce, at a price that nodes accept for that, and writes it
 * into the journal. Where the ceiling leaves no room for a raise and the node knows nothing of the nonce, nothing has to
 * be outbid, and a first offer will do.
 * @throws {NumeraireError} with exit code 2 when the ceiling is below such a price.
 */
export async function signReplacement(
  context: SendingContext,
  wallet: BaseWallet,
  { step, signed }: NonceRecord,
  replacement: Transaction,
  { maxFeePerGas: own, journal }: DeliverySettings,
): Promise<SignedEntry> {
  const [first, last] = [signed[0], signed.at(-1)];
  if (first === undefined || last === undefined) throw new Error("nothing to replace");
  const ceiling = own === undefined ? boundedCeiling(feesOf(Transaction.from(first.raw))) : { most: own, tip: own };
  const offered = feesOf(Transaction.from(last.raw));
  const market = await marketFees(context);
  const fees =
    raisedFees(offered, market, ceiling) ??
    (await unrivalledFees(
      context,
      { signed, replacement, offered },
      own === undefined ? boundedFees(market) : market,
      ceiling.most,
    ));
  if (fees === undefined) throw priceTooHigh(step, greatest(offered.most, market.most), ceiling.most);
  return signAt(wallet, replacement, fees, step, journal);
}

/** What the journal says of a receipt. */
export function minedEntry(step: string, from: string, nonce: number, receipt: TransactionReceipt) {
  const { hash, blockNumber: block, gasUsed } = receipt;
  return { event: "mined", step, from, nonce, hash, block, gasUsed: gasUsed.toString() } as const;
}

/** The failure of a transaction that nothing can be done about but wait. */
export function stillPending(from: string, what: string): NumeraireError {
  return new NumeraireError(`${from}: found ${what} still pending, expected none`, {
    hint: "Wait until the node has mined them, then run the command again; it continues where it stopped.",
    exitCode: 2,
  });
}

async function signAt(
  wallet: BaseWallet,
  transaction: Transaction,
  { most, tip }: Fees,
  step: string,
  journal: Journal | undefined,
): Promise<SignedEntry> {
  const priced = transaction.clone();
  priced.signature = null;
  if (tip === undefined) {
    priced.gasPrice = most;
  } else {
    priced.maxFeePerGas = most;
    priced.maxPriorityFeePerGas = tip;
  }
  priced.signature = wallet.signingKey.sign(priced.unsignedHash);
  const { serialized: raw, nonce } = priced;
  const entry: SignedEntry = { event: "signed", step, from: wallet.address, nonce, hash: keccak256(raw), raw };
  await journal?.append(entry);
  return entry;
}

/**
 * The offer for a nonce whose transactions the node does not know: as the first one, whatever was offered before.
 * @returns Undefined where the node knows one, the ceiling is too low, or it would be what is signed already.
 */
async function unrivalledFees(
  { provider }: SendingContext,
  { signed, replacement, offered }: { signed: readonly SignedEntry[]; replacement: Transaction; offered: Fees },
  suggested: Fees,
  ceiling: bigint,
): Promise<Fees | undefined> {
  for (const { hash } of signed) {
    if ((await provider.getTransaction(hash)) !== null) return undefined;
  }
  const baseFee = (await provider.getBlock("latest"))?.baseFeePerGas ?? 0n;
  const fees = firstFees(offered.tip === undefined ? { most: suggested.most } : suggested, baseFee, ceiling);
  const isAgain = Transaction.from(signed.at(-1)?.raw ?? "").unsignedHash === replacement.unsignedHash;
  return fees !== undefined && isAgain && fees.most <= offered.most ? undefined : fees;
}

async function marketFees({ provider }: SendingContext): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = await provider.getFeeData();
  return maxFeePerGas === null ? { most: gasPrice ?? 0n } : { most: maxFeePerGas, tip: maxPriorityFeePerGas ?? 0n };
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

async function outOfEther(
  { provider }: SendingContext,
  { from, raw }: SignedEntry,
  step: string,
): Promise<NumeraireError> {
  const transaction = Transaction.from(raw);
  const most = transaction.gasLimit * feesOf(transaction).most + transaction.value;
  return new NumeraireError(
    `${step}: found ${formatEther(await provider.getBalance(from))} ether at ${from}, expected at least ${formatEther(most)}`,
    {
      hint: "Send ether to the account, then run the command again; it continues where it stopped.",
      exitCode: 2,
    },
  );
}

function priceTooHigh(step: string, found: bigint, ceiling: bigint): NumeraireError {
  return new NumeraireError(
    `${step}: found a gas price of ${formatGwei(found)} gwei, expected at most ${formatGwei(ceiling)}`,
    {
      hint: "Wait for lower prices, or allow more with --max-fee; the command continues where it stopped.",
      exitCode: 2,
    },
  );
}
