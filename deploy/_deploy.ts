import * as deployExtension from "@rocketh/deploy";
import { setupEnvironmentFromFiles } from "@rocketh/node";
import * as readExecuteExtension from "@rocketh/read-execute";
import { setupLogger } from "named-logs-console";
import { setupDeployScripts } from "rocketh";
import type { config } from "../rocketh.js";

const extensions = { ...deployExtension, ...readExecuteExtension };

type Accounts = typeof config.accounts;
type Data = typeof config.data;

/** Wraps a deploy script, so that it gets `deploy`, `get`, `read`, `execute` and the named accounts. */
export const { deployScript } = setupDeployScripts<typeof extensions, Accounts, Data>(extensions);

const { loadAndExecuteDeploymentsFromFiles } = setupEnvironmentFromFiles<typeof extensions, Accounts, Data>(extensions);

/** Runs every deploy script without a word; tests and the demo start from it. */
export async function deploySuite(
  parameters: Parameters<typeof loadAndExecuteDeploymentsFromFiles>[0],
): ReturnType<typeof loadAndExecuteDeploymentsFromFiles> {
  // hardhat-deploy turned its log on when the configuration loaded it.
  setupLogger(["rocketh", "@rocketh/node"], { enabled: false });
  return loadAndExecuteDeploymentsFromFiles(parameters);
}

/** Compiled contracts. */
export * as artifacts from "../generated/artifacts/index.js";
