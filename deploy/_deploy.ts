import * as deployExtension from "@rocketh/deploy";
import { setupEnvironmentFromFiles } from "@rocketh/node";
import * as readExecuteExtension from "@rocketh/read-execute";
import { getAddress } from "ethers";
import { setupLogger } from "named-logs-console";
import { setupDeployScripts } from "rocketh";
import type { config } from "../rocketh.js";
import { suiteAddresses, type SuiteAddresses } from "../sdk/contracts.js";
import { deployOnce } from "./_deploy-once.js";

const extensions = { ...deployExtension, ...readExecuteExtension, deploy: deployOnce };

type Accounts = typeof config.accounts;
type Data = typeof config.data;

/** Wraps a deploy script, so that it gets `deploy`, `get`, `read`, `execute` and the named accounts. */
export const { deployScript } = setupDeployScripts<typeof extensions, Accounts, Data>(extensions);

const { loadAndExecuteDeploymentsFromFiles } = setupEnvironmentFromFiles<typeof extensions, Accounts, Data>(extensions);

/** Where the suite was deployed, and the accounts with a part in it. */
export interface DeployedSuite {
  addresses: SuiteAddresses;
  accounts: Record<keyof Accounts, string>;
}

/** Runs every deploy script without a word; tests and the demo start from it. */
export async function deploySuite(
  parameters: Parameters<typeof loadAndExecuteDeploymentsFromFiles>[0],
): Promise<DeployedSuite> {
  // hardhat-deploy turned its log on when the configuration loaded it.
  setupLogger(["rocketh", "@rocketh/node"], { enabled: false });
  const environment = await loadAndExecuteDeploymentsFromFiles(parameters);
  // Errors and events carry checksummed addresses.
  const addressOf = (name: string): string => getAddress(environment.get(name).address);
  return {
    addresses: suiteAddresses(addressOf),
    accounts: environment.namedAccounts,
  };
}

/** Compiled contracts. */
export * as artifacts from "../generated/artifacts/index.js";
