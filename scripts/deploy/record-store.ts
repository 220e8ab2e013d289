import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

import type { createExecutor } from "rocketh";

import { NumeraireError } from "../../sdk/numeraire-error.js";

/** Where rocketh keeps its records. */
export type RecordStore = Parameters<typeof createExecutor>[0];

/**
 * The folder of records. A record is there whole or not at all, whenever the process ends: it is written beside its place
 * and moved. Nothing waits between two writes, so that they happen in the order rocketh asks for.
 * @param development Whether the chain may have been started again, so that records of another one are thrown away; those
 * of a public network never are.
 */
export function recordStore(development: boolean): RecordStore {
  const write = (folder: string, network: string, name: string, content: string): void => {
    const directory = path.join(folder, network);
    mkdirSync(directory, { recursive: true });
    const unfinished = path.join(directory, `.${name}.unfinished`);
    const file = openSync(unfinished, "w");
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path.join(directory, name));
  };
  return {
    listFiles: (folder, network, filter = () => true) =>
      promised(() => readdirSync(path.join(folder, network)).filter(filter)),
    hasFile: (folder, network, name) => promised(() => existsSync(path.join(folder, network, name))),
    readFile: (folder, network, name) => promised(() => readFileSync(path.join(folder, network, name), "utf8")),
    writeFile: (folder, network, name, content) =>
      promised(() => {
        write(folder, network, name, content);
      }),
    writeFileWithChainInfo: (chain, folder, network, name, content) =>
      promised(() => {
        if (!existsSync(path.join(folder, network, ".chain"))) write(folder, network, ".chain", JSON.stringify(chain));
        write(folder, network, name, content);
      }),
    deleteFile: (folder, network, name) =>
      promised(() => {
        rmSync(path.join(folder, network, name));
      }),
    deleteAll: (folder, network) =>
      promised(() => {
        if (!development) throw otherChain(path.join(folder, network));
        rmSync(path.join(folder, network), { recursive: true, force: true });
      }),
  };
}

/**
 * Names of the contracts that a network has records of.
 * @param folder Folder with a folder of records a network.
 */
export async function recordedContracts(folder: string, network: string): Promise<string[]> {
  const names = await readdir(path.join(folder, network)).catch(() => []);
  return names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => path.basename(name, ".json"));
}

/** The same records, of which nothing is ever written or removed. */
export function readOnly(store: RecordStore, development: boolean): RecordStore {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    ...store,
    writeFile: nothing,
    writeFileWithChainInfo: nothing,
    deleteFile: nothing,
    deleteAll: (folder, network) => (development ? nothing() : store.deleteAll(folder, network)),
  };
}

function promised<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act());
  });
}

function otherChain(folder: string): NumeraireError {
  return new NumeraireError(`${folder}: found records of a chain with another first block than the node has`, {
    hint: "Use a node of the network the records belong to, or move the folder away to deploy to another chain.",
    exitCode: 2,
  });
}
