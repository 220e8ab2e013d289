/** The parts of the repository's package.json that the package's is made of. */
export interface RepositoryManifest {
  name: string;
  version: string;
  description: string;
  license: string;
  engines: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/** Where the program is that the package installs. */
export const PROGRAM = { name: "numeraire-oracle", file: "bin/numeraire-oracle.js" };

/** Only the program's `--hardhat-keystore` loads these, and says so where they are missing. */
const REPOSITORY_ONLY = new Set(["hardhat", "@nomicfoundation/hardhat-keystore"]);

/**
 * The package's package.json.
 * @param repository The repository's package.json.
 * @param imports Packages that the compiled code imports.
 * @throws {Error} when the code imports a package that the repository does not declare.
 */
export function packageManifest(repository: RepositoryManifest, imports: ReadonlySet<string>): object {
  const versionOf = (name: string): string => {
    const version = { ...repository.devDependencies, ...repository.dependencies }[name];
    if (version === undefined) throw new Error(`the package imports ${name}, which package.json does not declare`);
    return version;
  };
  // What callers share with us, or use only some of, is theirs to install.
  const peers = {
    ethers: `^${versionOf("ethers")}`,
    "@openzeppelin/contracts": `^${versionOf("@openzeppelin/contracts")}`,
    "@duckdb/node-api": versionOf("@duckdb/node-api"),
  };
  const own = [...imports].filter((name) => !(name in peers) && !REPOSITORY_ONLY.has(name)).sort();
  const { name, version, description, license, engines } = repository;
  return {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    engines,
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./abis": { types: "./abis/index.d.ts", default: "./abis/index.js" },
      "./abis/*.json": "./abis/*.json",
      "./natspec/*.json": "./natspec/*.json",
      "./clear-signing/*.json": "./clear-signing/*.json",
      "./contracts/interfaces/*.sol": "./contracts/interfaces/*.sol",
      "./package.json": "./package.json",
    },
    bin: { [PROGRAM.name]: PROGRAM.file },
    dependencies: Object.fromEntries(own.map((dependency) => [dependency, versionOf(dependency)])),
    peerDependencies: peers,
    peerDependenciesMeta: {
      "@openzeppelin/contracts": { optional: true },
      "@duckdb/node-api": { optional: true },
    },
  };
}
