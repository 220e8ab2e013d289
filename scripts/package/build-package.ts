import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { compiledContracts, type CompiledContract } from "../build/compiled-contracts.js";
import { clearSigningDescriptors } from "./clear-signing.js";
import { compile } from "./compile.js";
import { generatedSources } from "./generated-sources.js";
import { PROGRAM, packageManifest, type RepositoryManifest } from "./manifest.js";
import { publishedAddresses } from "./published-addresses.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM_SOURCE = "scripts/oracle/main.ts";

/** Where the package comes from and goes to. */
export interface PackageFolders {
  /** Folder to write; what it held before is removed. */
  out: string;
  /** Folder that holds one folder a network, as the deploy scripts write it. */
  deployments: string;
}

/** Writes the package that integrators install; equal sources and deployments give equal bytes. The build must be there. */
export async function buildPackage({ out, deployments }: PackageFolders): Promise<void> {
  const contracts = await compiledContracts();
  const addresses = await publishedAddresses(deployments);
  const typechainIndex = await readFile(path.join(ROOT, "typechain-types/index.ts"), "utf8");
  const generated = generatedSources({ contracts, addresses, typechainIndex });
  await rm(out, { recursive: true, force: true });
  const { imports } = await compile(["index.ts", "abis/index.ts", PROGRAM_SOURCE], generated, out);

  const repository = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as RepositoryManifest;
  const files = new Map([
    ["package.json", json(packageManifest(repository, imports))],
    [PROGRAM.file, `#!/usr/bin/env node\nimport "../${PROGRAM_SOURCE.replace(/ts$/, "js")}";\n`],
    ...contracts.flatMap(contractFiles),
    ...clearSigningDescriptors(contracts, addresses).map(
      ({ file, descriptor }) => [`clear-signing/${file}`, json(descriptor)] as const,
    ),
  ]);
  for (const [name, text] of files) await write(path.join(out, name), text);
  await copyInterfaces(out);
  await cp(path.join(ROOT, "LICENSE"), path.join(out, "LICENSE"));
  await cp(path.join(ROOT, "docs/integrators.md"), path.join(out, "README.md"));
}

/** ABI and NatSpec of a contract, for every language. */
function contractFiles({ name, abi, devdoc, userdoc }: CompiledContract): (readonly [string, string])[] {
  return [
    [`abis/${name}.json`, json(abi)],
    [`natspec/${name}.json`, json({ userdoc, devdoc })],
  ];
}

async function copyInterfaces(out: string): Promise<void> {
  const folder = "contracts/interfaces";
  for (const name of (await readdir(path.join(ROOT, folder))).sort()) {
    await write(path.join(out, folder, name), await readFile(path.join(ROOT, folder, name), "utf8"));
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
