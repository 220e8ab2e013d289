import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import type { JsonFragment } from "ethers";

/** A contract that can be deployed, as it was compiled. */
export interface CompiledContract {
  name: string;
  /** Path of its source, e.g. "contracts/StakingTournament.sol". */
  sourceName: string;
  abi: JsonFragment[];
  /** NatSpec for developers, as the compiler writes it. */
  devdoc: NatSpec;
  /** NatSpec for users, as the compiler writes it. */
  userdoc: NatSpec;
}

/** The compiler's NatSpec, of the contract and by signature. */
export interface NatSpec {
  title?: string;
  notice?: string;
  details?: string;
  methods: Partial<Record<string, NatSpecItem>>;
  events?: Partial<Record<string, NatSpecItem>>;
  /** Errors of the same signature in several interfaces each have an entry. */
  errors?: Partial<Record<string, NatSpecItem[]>>;
}

/** NatSpec of one function, event or error. */
export interface NatSpecItem {
  notice?: string;
  details?: string;
  params?: Partial<Record<string, string>>;
  /** By name, or by place with an underscore, e.g. "_0". */
  returns?: Partial<Record<string, string>>;
}

interface Artifact {
  contractName: string;
  sourceName: string;
  inputSourceName: string;
  buildInfoId: string;
  bytecode: string;
  abi: JsonFragment[];
}

interface BuildOutput {
  output: { contracts: Record<string, Record<string, { devdoc: NatSpec; userdoc: NatSpec }>> };
}

const ARTIFACTS = fileURLToPath(new URL("../../artifacts", import.meta.url));
/** Our own contracts, without mocks, interfaces and libraries, and those of OpenZeppelin that are deployed as they are. */
const DEPLOYABLE = ["contracts/*.sol/*.json", "@openzeppelin/**/*.sol/*.json"];

/** Every contract of the build that can be deployed, by name; the build must be there. */
export async function compiledContracts(): Promise<CompiledContract[]> {
  const files = globSync(DEPLOYABLE, { cwd: ARTIFACTS });
  const contracts = await Promise.all(files.map(async (file) => readContract(path.join(ARTIFACTS, file))));
  return contracts.filter((contract) => contract !== undefined).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Undefined for a contract that cannot be deployed. */
async function readContract(file: string): Promise<CompiledContract | undefined> {
  const artifact = await readJson<Artifact>(file);
  if (artifact.bytecode === "0x") return undefined;
  const { contractName: name, sourceName, inputSourceName, abi } = artifact;
  const { output } = await readJson<BuildOutput>(
    path.join(ARTIFACTS, "build-info", `${artifact.buildInfoId}.output.json`),
  );
  const compiled = output.contracts[inputSourceName]?.[name];
  if (compiled === undefined) throw new Error(`${file}: its build information does not hold ${name}; build again`);
  return { name, sourceName, abi, devdoc: compiled.devdoc, userdoc: compiled.userdoc };
}

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(file, "utf8")) as Content;
}
