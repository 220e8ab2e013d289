import { setTimeout as sleep } from "node:timers/promises";

import {
  BaseWallet,
  Transaction,
  keccak256,
  type Provider,
  type TransactionReceipt,
  type TransactionRequest,
} from "ethers";

import { toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { formatGwei } from "../../sdk/units.js";
import { DEVELOPMENT_CHAIN_ID, type SigningContext } from "./context.js";
import { unresolved, type Journal } from "./journal.js";

/** Most gas a transaction may use (EIP-7825); nodes estimate beyond it without complaint. */
export const MAX_TRANSACTION_GAS = 16_777_216n;

/** How transactions are followed up. */
export interface SendSettings {
  /** Most gas price to pay, in wei; four times the first offer when left out. */
  maxFeePerGas?: bigint | undefined;
  /** Seconds without being mined after which a transaction is replaced at a higher price. */
  stuckAfter?: number | undefined;
  journal?: Journal | undefined;
  /** Told of each transaction that is mined, whether it did what it should or reverted. */
  onMined?: ((receipt: TransactionReceipt) => void) | undefined;
}

/** A call to send. */
export interface Call {
  to: string;
  data: string;
}

const STUCK_AFTER = 120;
/** Replacements must offer at least a tenth more; a quarter gets there sooner. */
const RAISE = { numerator: 5n, denominator: 4n };
const CEILING_FACTOR = 4n;

/**
 * Sends one transaction and waits until it is mined. A local key signs it first and the journal gets it before the
 * network does; one that gets stuck is replaced at the same nonce with a higher price.
 * @param step What the transaction does, for journal and messages, e.g. "post chunk 2".
 * @throws {NumeraireError} when the contract would refuse, the gas limit of a transaction is exceeded, the transaction
 * reverts or is not mined below the price ceiling.
 */
export async function send(
  context: SigningContext,
  call: Call,
  step: string,
  settings: SendSettings = {},
): Promise<TransactionReceipt> {
  const from = await context.signer.getAddress();
  const gasLimit = await gasLimitFor(context, { ...call, from }, step);
  try {
    const receipt =
      context.signer instanceof BaseWallet
        ? await sendSigned(context, context.signer, { ...call, gasLimit }, step, settings)
        : await sendByNode(context, { ...call, gasLimit }, step, settings);
    settings.onMined?.(receipt);
    if (receipt.status === 0) {
      throw new NumeraireError(`${step}: transaction ${receipt.hash} was mined and reverted`, {
        hint: "Somebody else's transaction came first: look with status --round, then run the command again.",
      });
    }
    return receipt;
  } catch (error) {
    throw toNumeraireError(error, step);
  }
}

/**
 * Brings what an earlier run left behind to an end: every transaction of the journal is mined or superseded, and the
 * account has none pending, so that the chain alone says what is left to do.
 * @throws {NumeraireError} with exit code 2 when a transaction stays pending.
 */
export async function reconcile(context: SigningContext, journal: Journal, settings: SendSettings = {}): Promise<void> {
  const { provider } = context;
  const from = await context.signer.getAddress();
  const nonces = new Set(unresolved(journal.entries, from).map(({ nonce }) => nonce));
  for (const nonce of nonces) {
    const left = unresolved(journal.entries, from).filter((entry) => entry.nonce === nonce);
    const last = left.at(-1);
    if (last === undefined) continue;
    const hashes = left.map(({ hash }) => hash);
    let receipt = await findReceipt(provider, hashes);
    if (receipt === undefined && (await provider.getTransactionCount(from, "latest")) <= nonce) {
      context.log.info(`${last.step}: continuing with transaction ${last.hash} of an earlier run`);
      const known = await broadcast(provider, last.raw, last.hash).then(
        () => true,
        () => false,
      );
      if (known) receipt = await follow(context, hashes, settings);
    }
    await journal.append(
      receipt === undefined
        ? { event: "superseded", step: last.step, from, nonce }
        : minedEntry(last.step, from, nonce, receipt),
    );
  }
  await awaitNothingPending(context, from, settings);
}

async function gasLimitFor(context: SigningContext, request: TransactionRequest, step: string): Promise<bigint> {
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
  context: SigningContext,
  wallet: BaseWallet,
  request: TransactionRequest,
  step: string,
  settings: SendSettings,
): Promise<TransactionReceipt> {
  const { provider, log } = context;
  const { journal } = settings;
  let populated = await wallet.populateTransaction(request);
  const nonce = Number(populated.nonce);
  const firstFee = feeOf(populated);
  const ceiling = settings.maxFeePerGas ?? firstFee * CEILING_FACTOR;
  if (firstFee > ceiling) throw priceTooHigh(step, firstFee, ceiling);
  const hashes: string[] = [];
  for (;;) {
    const raw = await wallet.signTransaction(populated);
    const hash = Transaction.from(raw).hash ?? keccak256(raw);
    await journal?.append({ event: "signed", step, from: wallet.address, nonce, hash, raw });
    hashes.push(hash);
    await broadcast(provider, raw, hash);
    const receipt = await follow(context, hashes, settings);
    if (receipt !== undefined) {
      await journal?.append(minedEntry(step, wallet.address, nonce, receipt));
      return receipt;
    }
    populated = raise(populated);
    if (feeOf(populated) > ceiling) throw priceTooHigh(step, feeOf(populated), ceiling);
    log.warn(`${step}: not mined yet; replacing it at ${formatGwei(feeOf(populated))} gwei`);
  }
}

async function sendByNode(
  context: SigningContext,
  request: TransactionRequest & Call,
  step: string,
  settings: SendSettings,
): Promise<TransactionReceipt> {
  const { provider, signer } = context;
  const from = await signer.getAddress();
  const nonce = await provider.getTransactionCount(from, "pending");
  const { to, data } = request;
  await settings.journal?.append({ event: "intent", step, from, nonce, to, dataHash: keccak256(data) });
  const { hash } = await signer.sendTransaction({ ...request, nonce });
  const receipt = await follow(context, [hash], settings);
  if (receipt === undefined) throw stillPending(from, `${step}: transaction ${hash}`);
  await settings.journal?.append(minedEntry(step, from, nonce, receipt));
  return receipt;
}

/** Broadcasts; a node that has the transaction already is as good as one that takes it. */
async function broadcast(provider: Provider, raw: string, hash: string): Promise<void> {
  try {
    await provider.broadcastTransaction(raw);
  } catch (error) {
    const known = (await provider.getTransaction(hash)) ?? (await provider.getTransactionReceipt(hash));
    if (known === null) throw error;
  }
}

/** Waits for the receipt of whichever is mined; undefined when none is in time. */
async function follow(
  context: SigningContext,
  hashes: readonly string[],
  { stuckAfter = STUCK_AFTER }: SendSettings,
): Promise<TransactionReceipt | undefined> {
  const { provider, confirmations } = context;
  const until = Date.now() + stuckAfter * 1000;
  let mined = false;
  // Once it is mined it only has to be waited for: a replacement would come too late.
  while (mined || Date.now() <= until) {
    const receipt = await findReceipt(provider, hashes);
    mined = receipt !== undefined;
    if (receipt !== undefined) {
      const depth = (await provider.getBlockNumber()) - receipt.blockNumber + 1;
      if (depth >= confirmations) return receipt;
    }
    await sleep(pollInterval(context));
  }
  return undefined;
}

async function findReceipt(provider: Provider, hashes: readonly string[]): Promise<TransactionReceipt | undefined> {
  for (const hash of hashes) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
  }
  return undefined;
}

async function awaitNothingPending(
  context: SigningContext,
  from: string,
  { stuckAfter = STUCK_AFTER }: SendSettings,
): Promise<void> {
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

/** Milliseconds between two looks at the chain. */
function pollInterval({ chainId }: SigningContext): number {
  return chainId === DEVELOPMENT_CHAIN_ID ? 20 : 2000;
}

function minedEntry(step: string, from: string, nonce: number, receipt: TransactionReceipt) {
  const { hash, blockNumber: block, gasUsed } = receipt;
  return { event: "mined", step, from, nonce, hash, block, gasUsed: gasUsed.toString() } as const;
}

type Populated = Awaited<ReturnType<BaseWallet["populateTransaction"]>>;

function feeOf({ maxFeePerGas, gasPrice }: Populated): bigint {
  return BigInt(maxFeePerGas ?? gasPrice ?? 0);
}

function raise(populated: Populated): Populated {
  const more = (fee: Populated["gasPrice"]) => (BigInt(fee ?? 0) * RAISE.numerator) / RAISE.denominator + 1n;
  if (populated.maxFeePerGas == null) return { ...populated, gasPrice: more(populated.gasPrice) };
  return {
    ...populated,
    maxFeePerGas: more(populated.maxFeePerGas),
    maxPriorityFeePerGas: more(populated.maxPriorityFeePerGas),
  };
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

function stillPending(from: string, what: string): NumeraireError {
  return new NumeraireError(`${from}: found ${what} still pending, expected none`, {
    hint: "Wait until the node has mined them, then run the command again; it continues where it stopped.",
    exitCode: 2,
  });
}
