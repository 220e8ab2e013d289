import { readdir } from "node:fs/promises";
import { pathToFileURL, fileURLToPath } from "node:url";
import path from "node:path";

import { createExecutor } from "rocketh";

import { config } from "../../rocketh.js";
import type { Holders } from "./role-holders.js";
import type { RecordStore } from "./record-store.js";

type Executor = ReturnType<typeof createExecutor>;
type Modules = Parameters<Executor["resolveConfigAndExecuteDeployScriptModules"]>[0];
type Execution = NonNullable<Parameters<Executor["resolveConfigAndExecuteDeployScriptModules"]>[2]>;

const SCRIPTS = fileURLToPath(new URL("../../deploy", import.meta.url));

/** One run of every deploy script. */
export interface ScriptRun {
  network: string;
  holders: Holders;
  /** Folder with a folder of records a network. */
  records: string;
  /** What the scripts read and send through. */
  provider: { request(call: { method: string; params?: readonly unknown[] }): Promise<unknown> };
  store: RecordStore;
  /** Whether what is deployed is recorded. */
  save: boolean;
}

/** Runs the deploy scripts with rocketh, in the order of their names and dependencies; gives what is deployed by then. */
export async function runDeployScripts({ network, holders, records, provider, store, save }: ScriptRun) {
  const names = (await readdir(SCRIPTS)).filter((name) => /^\d.*\.ts$/.test(name)).sort();
  const modules: Modules = [];
  for (const name of names) {
    const id = path.join(SCRIPTS, name);
    const loaded = (await import(pathToFileURL(id).href)) as { default: Modules[number]["module"] };
    modules.push({ id, module: loaded.default });
  }
  const accounts = Object.fromEntries(
    Object.entries(holders).map(([name, address]) => [name, { default: address as `0x${string}` }]),
  );
  const executor = createExecutor(store, {
    prompt: () => Promise.resolve({ proceed: true }),
    exit: () => process.exit(1),
  });
  const { deployments } = await executor.resolveConfigAndExecuteDeployScriptModules(
    modules,
    { ...config, accounts, deployments: records },
    {
      provider: provider as NonNullable<Execution["provider"]>,
      environment: network,
      saveDeployments: save,
      askBeforeProceeding: false,
    },
  );
  return deployments;
}
