import { readFile } from "node:fs/promises";
import path from "node:path";

import { AbiCoder, Interface, type InterfaceAbi } from "ethers";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { recordedContracts } from "../deploy/record-store.js";

/** A deployed contract, as its record tells an explorer about it. */
export interface DeployedSource {
  name: string;
  address: string;
  /** Source file and contract, e.g. "contracts/Numeraire.sol:Numeraire". */
  contract: string;
  constructorArgs: unknown[];
  /** Transaction that created it. */
  creationTxHash: string;
}

interface Recorded {
  address: string;
  abi: InterfaceAbi;
  contractName: string;
  sourceName: string;
  argsData: string;
  transaction: { hash: string };
}

/**
 * The contracts that a deploy recorded, with their constructor arguments.
 * @param records Folder with a folder of records a network.
 * @throws {NumeraireError} when nothing was recorded.
 */
export async function readSources(records: string, network: string): Promise<DeployedSource[]> {
  const names = await recordedContracts(records, network);
  if (names.length === 0) {
    throw new NumeraireError(`${path.join(records, network)}: found no records, expected those of a deploy`, {
      hint: `Deploy first (npm run deploy -- --network ${network}), or run the command in the folder that holds deployments/.`,
    });
  }
  return Promise.all(names.sort().map((name) => readSource(path.join(records, network, `${name}.json`), name)));
}

async function readSource(file: string, name: string): Promise<DeployedSource> {
  const { abi, address, contractName, sourceName, argsData, transaction } = JSON.parse(
    await readFile(file, "utf8"),
  ) as Recorded;
  const { inputs } = new Interface(abi).deploy;
  return {
    name,
    address,
    contract: `${sourceName}:${contractName}`,
    constructorArgs: AbiCoder.defaultAbiCoder().decode(inputs, argsData).toArray(true) as unknown[],
    creationTxHash: transaction.hash,
  };
}
