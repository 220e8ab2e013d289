import { getAddress, type TransactionReceipt } from "ethers";

import { send, withJournal, type SendSettings } from "../chain/send.js";
import { stepOf } from "./built-contracts.js";
import { deployingProvider } from "./deploying-provider.js";
import { findCreation } from "./find-creation.js";
import type { Deployer } from "./open-deployer.js";
import { recordStore } from "./record-store.js";
import { runDeployScripts } from "./run-deploy-scripts.js";

/** What a deploy did. */
export interface DeployResult {
  network: string;
  chainId: bigint;
  deployer: string;
  /** Addresses by name of the contract. */
  contracts: Record<string, string>;
  /** Transactions that this run sent, in order. */
  sent: { step: string; hash: string; gasUsed: bigint }[];
  /** What they cost, in wei. */
  cost: bigint;
}

/**
 * Deploys what is missing and sets up the roles. All that is sent goes through the deployer's journal, so a run that was
 * killed is brought to an end first, and what it created is found again.
 * @param maxFeePerGas Most gas price to pay, in wei; when left out, four times the first offer.
 * @throws {NumeraireError} when a transaction fails or costs too much; with exit code 2 where another process deploys, a
 * transaction stays pending, or record, chain and build differ.
 */
export async function deploy(deployer: Deployer, maxFeePerGas: bigint | undefined): Promise<DeployResult> {
  const { provider, holders, network, development, chainId, log } = deployer;
  const from = holders.deployer;
  const sent: DeployResult["sent"] = [];
  let cost = 0n;
  return withJournal<SendSettings, DeployResult>(deployer, { maxFeePerGas }, async (held) => {
    const sending = deployingProvider(provider, {
      from,
      find: async (data) => {
        const hash = await findCreation(provider, from, data, held.journal?.entries);
        if (hash !== undefined) log.info(`${stepOf({ data })}: was done before, by transaction ${hash}`);
        return hash;
      },
      send: async (call) => {
        const step = stepOf(call);
        const onMined = ({ hash, gasUsed, fee }: TransactionReceipt): void => {
          log.info(`${step}: transaction ${hash}`);
          sent.push({ step, hash, gasUsed });
          cost += fee;
        };
        return (await send(deployer, call, step, { ...held, onMined })).hash;
      },
    });
    const store = recordStore(development);
    const deployed = await runDeployScripts({ ...deployer, provider: sending, store, save: true });
    const contracts = Object.entries(deployed).map(([name, { address }]) => [name, getAddress(address)] as const);
    return { network, chainId, deployer: from, contracts: Object.fromEntries(contracts), sent, cost };
  });
}
