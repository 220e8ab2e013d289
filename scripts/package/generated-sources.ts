import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import type { CompiledContract } from "../build/compiled-contracts.js";
import type { PublishedAddresses } from "./published-addresses.js";

/** What the package's sources are generated from. */
export interface Ingredients {
  contracts: readonly CompiledContract[];
  addresses: PublishedAddresses;
  /** The repository's `typechain-types/index.ts`. */
  typechainIndex: string;
}

/** Sources that only the package has, by path within it; they take the place of the repository's. */
export function generatedSources({ contracts, addresses, typechainIndex }: Ingredients): Map<string, string> {
  return new Map([
    ["index.ts", INDEX],
    ["addresses.ts", addressesSource(addresses)],
    ["abis/index.ts", contracts.map(abiSource).join("\n")],
    ["typechain-types/index.ts", shippedBindings(contracts, typechainIndex)],
  ]);
}

const INDEX = `export * from "./sdk/index.js";
export * from "./typechain-types/index.js";
export { addresses, type DeployedAddresses } from "./addresses.js";
`;

/** ABIs are constants, so that viem and abitype know the types of every argument. */
function abiSource({ name, abi }: CompiledContract): string {
  const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`;
  return `/** ABI of ${name}. */\nexport const ${constant} = ${JSON.stringify(abi, null, 2)} as const;\n`;
}

function addressesSource(addresses: PublishedAddresses): string {
  const keys = Object.keys(CONTRACT_NAMES).map((key) => `  readonly ${key}: \`0x\${string}\`;`);
  const chains = [...addresses].map(([chainId, suite]) => `  ${chainId.toString()}: ${JSON.stringify(suite)},`);
  return [
    "/** The contracts of one deployment; what `connectSuite` takes. */",
    "export interface DeployedAddresses {",
    ...keys,
    "}",
    "",
    "/** Where the contracts are deployed, by chain id; undefined for a chain without a deployment. */",
    "export const addresses: Readonly<Partial<Record<number, DeployedAddresses>>> = {",
    ...chains,
    "};",
    "",
  ].join("\n");
}

/** TypeChain's index without mocks, interfaces and parents. */
function shippedBindings(contracts: readonly CompiledContract[], typechainIndex: string): string {
  const shipped = new Set(contracts.flatMap(({ name }) => [name, `${name}__factory`]));
  const lines = typechainIndex.split("\n").filter((line) => {
    const [, exported] = /^export (?:type )?{ (\w+) } from /.exec(line) ?? [];
    return exported !== undefined && shipped.has(exported);
  });
  return `${lines.join("\n")}\n`;
}
