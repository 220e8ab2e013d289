import { parametersOf } from "../../deploy/_parameters.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { readAccountJournal } from "../chain/account-journal.js";
import { formatEther, formatGwei, formatNmr } from "../../sdk/units.js";
import { deployingProvider } from "./deploying-provider.js";
import { contractCreatedBy, stepOf } from "./built-contracts.js";
import { findCreation } from "./find-creation.js";
import type { Deployer } from "./open-deployer.js";
import { readOnly, recordStore, recordedContracts } from "./record-store.js";
import { rehearse } from "./rehearse.js";
import { runDeployScripts } from "./run-deploy-scripts.js";

/** What is known before anything is sent. */
export interface Preflight {
  /** Each thing to know, e.g. `{ balance: "0.5 ether" }`. */
  facts: Record<string, string>;
  /** What is sent first; undefined where nothing is left to send. */
  first?: string;
  /** Most gas that is left to use; 0 where nothing is left to send. */
  gas: bigint;
  /** What that gas costs at the price of now, in wei. */
  cost: bigint;
}

/** Ends a dry run where it would send. */
class WouldSend extends Error {
  constructor(readonly step: string) {
    super(step);
  }
}

/**
 * Looks at account, records, chain and build, and plays what is left to do on a chain within this process; sends nothing.
 * @throws {NumeraireError} when the deploy would be refused or cannot be paid for; with exit code 2 where record, chain
 * and build differ.
 */
export async function preflight(deployer: Deployer): Promise<Preflight> {
  const { provider, holders, chainId, network } = deployer;
  const from = holders.deployer;
  const [balance, nonce, pending, block, fees] = await Promise.all([
    provider.getBalance(from),
    provider.getTransactionCount(from, "latest"),
    provider.getTransactionCount(from, "pending"),
    provider.getBlockNumber(),
    provider.getFeeData(),
  ]);
  const { first, present } = await dryRun(deployer);
  const price = fees.gasPrice ?? 0n;
  const gas = first === undefined ? 0n : await gasLeft(deployer, nonce, present);
  const cost = gas * price;
  const { initialAllowance, weeklyBudget, quorum } = parametersOf(network);
  const { member1, member2, member3, ...others } = holders;
  const facts = {
    chain: `${chainId.toString()} (${network}), block ${block}`,
    ...others,
    committee: [member1, member2, member3].join(", "),
    quorum: quorum.toString(),
    "initial allowance": `${formatNmr(initialAllowance)} NMR`,
    "weekly budget": `${formatNmr(weeklyBudget)} NMR`,
    "deployer's balance": `${formatEther(balance)} ether`,
    "deployer's nonce": pending > nonce ? `${nonce}, and ${pending - nonce} pending` : String(nonce),
    "on the chain": present.length === 0 ? "nothing yet" : present.join(", "),
    ...(first === undefined
      ? {}
      : { gas: `at most ${gas.toString()}`, cost: `about ${formatEther(cost)} ether at ${formatGwei(price)} gwei` }),
  };
  if (balance < cost) {
    for (const [name, value] of Object.entries(facts)) deployer.log.info(`${name}: ${value}`);
    throw new NumeraireError(
      `${from}: found ${formatEther(balance)} ether, expected at least ${formatEther(cost)} for the rest of the deploy`,
      { hint: "Send ether to the deployer, then run the command again; nothing was sent.", exitCode: 2 },
    );
  }
  return { facts, ...(first === undefined ? {} : { first }), gas, cost };
}

/** Runs the scripts against the chain up to what they would send. */
async function dryRun(deployer: Deployer): Promise<{ first?: string; present: string[] }> {
  const { provider, holders, network, development } = deployer;
  const from = holders.deployer;
  const entries = await readAccountJournal(deployer);
  const records = readOnly(recordStore(development), development);
  const present = new Set(await recordedContracts(deployer.records, network));
  const reading = deployingProvider(provider, {
    from,
    find: async (data) => {
      const hash = await findCreation(provider, from, data, entries);
      if (hash !== undefined) present.add(contractCreatedBy(data)?.contractName ?? "");
      return hash;
    },
    send: (call) => Promise.reject(new WouldSend(stepOf(call))),
  });
  const store = {
    ...records,
    deleteAll: async (folder: string, name: string) => {
      await records.deleteAll(folder, name);
      present.clear();
    },
  };
  try {
    await runDeployScripts({ ...deployer, provider: reading, store, save: false });
    return { present: [...present] };
  } catch (error) {
    if (!(error instanceof WouldSend)) throw error;
    return { first: error.step, present: [...present] };
  }
}

async function gasLeft(deployer: Deployer, nonce: number, present: readonly string[]): Promise<bigint> {
  const { creations, calls } = await rehearse(deployer, nonce);
  const left = Object.entries(creations).filter(([name]) => !present.includes(name));
  return left.reduce((sum, [, gas]) => sum + gas, calls);
}
