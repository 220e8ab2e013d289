import { readFile } from "node:fs/promises";
import path from "node:path";

import type { BaseContract, Provider } from "ethers";

import { CONTRACT_NAMES, type Suite, type SuiteAddresses } from "../../../sdk/contracts.js";
import { readArtifact, type Compiled } from "../../chain/compiled-code.js";
import { maskedCode } from "../../chain/masked-code.js";
import { plural } from "../../terminal/plural.js";
import { attempt, broken, ok, skipped, warning, type Finding } from "./finding.js";

/** What the record of a deployment is compared with. */
export interface RecordedDeployment {
  network: string;
  /** Folder with the deployment's records. */
  folder: string;
  addresses: SuiteAddresses;
}

/** Compares chain, records and build; each finding is of its own. */
export async function checkDeployment(
  provider: Provider,
  suite: Suite,
  recorded: RecordedDeployment,
): Promise<Finding[]> {
  const contracts = Object.entries(CONTRACT_NAMES) as [keyof typeof CONTRACT_NAMES, string][];
  const findings = await Promise.all([
    attempt("genesis", () => checkGenesis(provider, recorded)),
    ...contracts.map(([key, name]) =>
      attempt(name, () => checkCode(provider, name, recorded.addresses[key], recorded)),
    ),
  ]);
  // Without code, calls would fail for a reason that is told already.
  if (findings.some(({ health }) => health === "broken")) {
    return [
      ...findings,
      skipped("wiring", "needs the recorded contracts"),
      skipped("quorum", "needs the recorded contracts"),
    ];
  }
  return [
    ...findings,
    await attempt("wiring", () => checkWiring(suite, recorded.addresses)),
    await attempt("quorum", () => checkQuorum(suite)),
  ];
}

async function checkGenesis(provider: Provider, { folder, network }: RecordedDeployment): Promise<Finding> {
  const record = JSON.parse(await readFile(path.join(folder, ".chain"), "utf8")) as { genesisHash?: unknown };
  const { genesisHash } = record;
  if (typeof genesisHash !== "string") return skipped("genesis", "not recorded");
  const found = (await provider.getBlock(0))?.hash ?? "none";
  if (found.toLowerCase() === genesisHash.toLowerCase()) return ok("genesis", found);
  return broken(
    "genesis",
    `found first block ${found}, expected ${genesisHash}, which the deployment recorded`,
    `The chain was started again since the deployment. Remove ${folder} and deploy once more: npm run deploy -- --network ${network}.`,
  );
}

async function checkCode(
  provider: Provider,
  name: string,
  address: string,
  { folder, network }: RecordedDeployment,
): Promise<Finding> {
  const code = await provider.getCode(address);
  if (code === "0x") {
    return broken(
      name,
      `found no contract at ${address}`,
      `Was the node started again? Deploy once more: npm run deploy -- --network ${network}.`,
    );
  }
  const record = JSON.parse(await readFile(path.join(folder, `${name}.json`), "utf8")) as Compiled;
  if (maskedCode(code, record) !== maskedCode(record.deployedBytecode, record)) {
    return broken(
      name,
      `found other code at ${address} than was deployed there`,
      `The record in ${folder} is of another deployment: restore the right one, or deploy once more: npm run deploy -- --network ${network}.`,
    );
  }
  const artifact = await readArtifact(record.sourceName, name);
  if (artifact === undefined) return ok(name, `${address}: the recorded code; no build to compare it with`);
  if (maskedCode(code, artifact) === maskedCode(artifact.deployedBytecode, artifact)) {
    return ok(name, `${address}: the code of record and build`);
  }
  return warning(
    name,
    `found at ${address} the recorded code, and other code in artifacts/`,
    "Use the programs of the version that was deployed: check its tag out and build it; another version may misread the contract.",
  );
}

/** Every contract that names another of the suite must name the recorded one. */
async function checkWiring(suite: Suite, addresses: SuiteAddresses): Promise<Finding> {
  const links: [string, string, string][] = [];
  for (const [name, contract] of Object.entries<BaseContract>({ ...suite })) {
    for (const link of ["nmr", "committee", "authority"] as const) {
      if (!contract.interface.hasFunction(`${link}()`)) continue;
      const found: unknown = await contract.getFunction(link).staticCall();
      links.push([`${name}.${link}`, String(found), addresses[link]]);
    }
  }
  const wrong = links.filter(([, found, expected]) => found.toLowerCase() !== expected.toLowerCase());
  if (wrong.length === 0) return ok("wiring", `the contracts know each other (${plural(links.length, "link")})`);
  return broken(
    "wiring",
    wrong.map(([what, found, expected]) => `${what}: found ${found}, expected ${expected}`).join("; "),
    "The records mix deployments: restore the ones that belong together, or look up who changed the contract's authority.",
  );
}

async function checkQuorum({ committee }: Suite): Promise<Finding> {
  const [members, quorum] = await Promise.all([committee.members(), committee.quorum()]);
  const found = `${quorum.toString()} of ${members.length} members`;
  if (members.length > 1 && quorum === BigInt(members.length)) {
    return warning(
      "quorum",
      `found ${found}`,
      "One absent member stops every round: let the committee's admin add a member.",
    );
  }
  return ok("quorum", found);
}
