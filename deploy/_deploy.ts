import * as deployExtension from "@rocketh/deploy";
import { setupEnvironmentFromFiles } from "@rocketh/node";
import * as readExecuteExtension from "@rocketh/read-execute";
import { setupDeployScripts } from "rocketh";
import type { config } from "../rocketh.js";

const extensions = { ...deployExtension, ...readExecuteExtension };

type Accounts = typeof config.accounts;
type Data = typeof config.data;

/** Wraps a deploy script, so that it gets `deploy`, `get`, `read`, `execute` and the named accounts. */
export const { deployScript } = setupDeployScripts<typeof extensions, Accounts, Data>(extensions);

/** Runs every deploy script; tests and the demo start from it. */
export const { loadAndExecuteDeploymentsFromFiles } = setupEnvironmentFromFiles<typeof extensions, Accounts, Data>(
  extensions,
);

/** Compiled contracts. */
export * as artifacts from "../generated/artifacts/index.js";
