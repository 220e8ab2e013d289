import { NumeraireError } from "../../sdk/numeraire-error.js";
import { rewardsTree, type RewardsTree } from "../../sdk/rewards-tree.js";
import { requireSigner, type Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";
import type { PlannedCall } from "../chain/planned-call.js";
import type { SendSettings } from "../chain/send.js";
import { priceCalls, sendCalls } from "../chain/send-calls.js";
import { readRewards } from "./rewards-state.js";
import { readWeek, type WeekFile } from "./week-file.js";

/** Accounts of a transaction: a third of its gas, when nobody has held NMR before. */
const BATCH = 100;

export interface ClaimOptions extends SendSettings {
  /** Path of the file of the live week. */
  plan: string;
  /** Accounts to pay; all that have something to claim when left out. */
  accounts?: readonly string[] | undefined;
}

/** What claim would do now. */
export interface ClaimPreview {
  week: bigint;
  /** What each account is due, in wei; those that are due nothing left out. */
  due: Map<string, bigint>;
  calls: PlannedCall[];
  gas: bigint;
  /** Ether, in wei. */
  cost: bigint;
}

export interface ClaimResult {
  week: bigint;
  due: Map<string, bigint>;
  /** Hashes of what was sent; empty when there was nothing to do. */
  sent: string[];
}

/**
 * Finds what accounts can claim, and the calls that pay them; sends nothing.
 * @throws {NumeraireError} when the file is not the live week's, or an account is not in it.
 */
export async function previewClaim(context: Context, options: ClaimOptions): Promise<ClaimPreview> {
  const { file } = await readWeek(options.plan);
  const tree = rewardsTree(file.earned);
  await requireLive(context, file, tree, options.plan);
  const due = await readDue(context, file, options.accounts);
  const calls = await callsFor(context, tree, file, [...due.keys()]);
  return { week: file.week, due, calls, ...(await priceCalls(context, calls)) };
}

/**
 * Pays accounts what they have earned and not claimed. Nothing to do when they have claimed it.
 * @throws {NumeraireError} as {@link previewClaim}, or when a transaction fails.
 */
export async function claim(context: Context, options: ClaimOptions): Promise<ClaimResult> {
  const { week, due, calls } = await previewClaim(context, options);
  if (calls.length === 0) return { week, due, sent: [] };
  const receipts = await sendCalls(requireSigner(context), calls, options);
  return { week, due, sent: receipts.map(({ hash }) => hash) };
}

async function requireLive(context: Context, file: WeekFile, { root }: RewardsTree, path: string): Promise<void> {
  const state = await readRewards(context);
  if (root === state.root) return;
  throw new NumeraireError(
    `${path}: found root ${root} of week ${file.week.toString()}, expected ${state.root} of the live week ${state.lastWeek.toString()}`,
    { hint: "Take the file of the live week; an older week's proofs are of no use once the next is live." },
  );
}

async function readDue(
  context: Context,
  { earned }: WeekFile,
  accounts: readonly string[] | undefined,
): Promise<Map<string, bigint>> {
  const { rewards } = context.suite;
  const due = new Map<string, bigint>();
  const add = (account: string, claimed: bigint): void => {
    const amount = (earned.get(account) ?? 0n) - claimed;
    if (amount > 0n) due.set(account, amount);
  };
  if (accounts !== undefined) {
    for (const account of accounts) {
      if (!earned.has(account)) {
        throw new NumeraireError(`account ${account}: found no reward in the week file, expected one`, {
          hint: "The account has earned nothing so far; is the address right?",
        });
      }
      add(account, await rewards.claimed(account));
    }
    return due;
  }
  const range = { from: context.fromBlock, to: await context.provider.getBlockNumber() };
  const claims = await pageLogs((from, to) => rewards.queryFilter(rewards.filters.RewardClaimed(), from, to), range);
  const claimed = new Map(claims.map(({ args }) => [args.account, args.cumulative]));
  for (const account of earned.keys()) add(account, claimed.get(account) ?? 0n);
  return due;
}

async function callsFor(
  { suite: { rewards } }: Context,
  tree: RewardsTree,
  { earned }: WeekFile,
  accounts: readonly string[],
): Promise<PlannedCall[]> {
  const to = await rewards.getAddress();
  const [only] = accounts;
  if (accounts.length === 1 && only !== undefined) {
    const data = rewards.interface.encodeFunctionData("claim", [only, earned.get(only) ?? 0n, tree.proofOf(only)]);
    return [{ step: `claim for ${only}`, to, data }];
  }
  return Array.from({ length: Math.ceil(accounts.length / BATCH) }, (_, i) => {
    const part = tree.batchOf(accounts.slice(i * BATCH, (i + 1) * BATCH));
    return {
      step: `claim for ${part.accounts.length} accounts, batch ${i + 1}`,
      to,
      data: rewards.interface.encodeFunctionData("claimMany", [
        part.accounts,
        part.cumulatives,
        part.proof,
        part.proofFlags,
      ]),
    };
  });
}
