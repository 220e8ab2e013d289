import { JsonRpcApiProvider, getAddress, isAddress } from "ethers";

import { parametersOf } from "../../deploy/_parameters.js";
import { stages, type Stage } from "../../deploy/_stages.js";
import { config } from "../../rocketh.js";
import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { DEVELOPMENT_CHAIN_ID, type Context } from "../chain/context.js";

/** Addresses by the names that configuration uses: named accounts, "safe" once there is one, contracts of the suite. */
export type Holders = ReadonlyMap<string, string>;

/**
 * Reads who is who on the context's network: accounts of rocketh.ts, the Safe of _parameters.ts, contracts as deployed.
 * @throws {NumeraireError} for an account that the configuration does not name for this network.
 */
export async function readHolders(context: Context): Promise<Holders> {
  const { network, suite } = context;
  const holders = new Map<string, string>();
  const own = await nodeAccounts(context);
  for (const [name, byNetwork] of Object.entries<Readonly<Record<string, unknown>>>(config.accounts)) {
    holders.set(name, addressOf(name, byNetwork[network] ?? byNetwork["default"], network, own));
  }
  const { safe } = parametersOf(network);
  if (safe !== undefined) holders.set("safe", getAddress(safe));
  for (const [key, name] of Object.entries(CONTRACT_NAMES)) {
    holders.set(name, getAddress(await suite[key as keyof typeof CONTRACT_NAMES].getAddress()));
  }
  return holders;
}

/**
 * Address of a holder.
 * @throws {NumeraireError} when the configuration names none.
 */
export function holderNamed(holders: Holders, name: string): string {
  const account = holders.get(name);
  if (account !== undefined) return account;
  throw new NumeraireError(`${name}: found no address, expected one in the configuration of the network`, {
    hint:
      name === "safe"
        ? "Create the Safe, and write its address into the network's entry in deploy/_parameters.ts."
        : "Name the account in rocketh.ts.",
  });
}

/** Who holds what a stage says: the role table's "admin" is another one at each stage. */
export function holderAt(holders: Holders, name: string, stage: Stage): string {
  return holderNamed(holders, name === "admin" ? stages[stage].admin : name);
}

/** The name of an account, with its address; the address alone for a stranger. */
export function describeHolder(holders: Holders, account: string): string {
  const names = [...holders].filter(([, address]) => address === account).map(([name]) => name);
  return names.length === 0 ? account : `${names.join(" and ")} ${account}`;
}

async function nodeAccounts({ chainId, provider }: Context): Promise<readonly string[]> {
  if (chainId !== DEVELOPMENT_CHAIN_ID || !(provider instanceof JsonRpcApiProvider)) return [];
  return (await provider.send("eth_accounts", [])) as string[];
}

function addressOf(name: string, declared: unknown, network: string, own: readonly string[]): string {
  const account = typeof declared === "number" ? own[declared] : declared;
  if (typeof account === "string" && isAddress(account)) return getAddress(account);
  throw new NumeraireError(`${name}: found ${String(declared)} for ${network}, expected an address`, {
    hint: `Write the address of ${name} for ${network} into rocketh.ts: a place among a node's accounts says nothing here.`,
  });
}
