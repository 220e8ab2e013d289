import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import HardhatDeploy from "hardhat-deploy";
import { buildRules } from "./scripts/build/build-rules.js";
import { networks } from "./scripts/chain/networks.js";
import { publicNetworks } from "./scripts/chain/public-networks.js";

const require = createRequire(import.meta.url);

// One compiler setting for every profile: the bytecode that tests run is the bytecode that is deployed. More runs would
// make the tournament larger than EIP-170 allows.
const solc = {
  version: "0.8.30",
  path: require.resolve("solc/soljson.js"),
  settings: {
    viaIR: true,
    optimizer: { enabled: true, runs: 2_000 },
    evmVersion: "prague",
  },
};

// The invariants deploy what `hardhat build` made with the setting above. They themselves, and their handlers, are
// compiled by the older generator, which takes a sixth of the time.
const SUITES = "test/invariant/suites";
const suites = Object.fromEntries(
  readdirSync(join(import.meta.dirname, SUITES)).map((name) => [
    `${SUITES}/${name}`,
    { ...solc, settings: { ...solc.settings, viaIR: false } },
  ]),
);

// The oracle takes several endpoints, separated by commas; a deploy uses the first.
const endpoint = process.env.NUMERAIRE_RPC_URL?.split(",")[0]?.trim() ?? networks.localhost.url;

// The nightly run looks longer and further.
const deep = process.env.NUMERAIRE_DEEP === "1";

export default defineConfig({
  plugins: [buildRules, toolbox, HardhatDeploy],
  solidity: {
    splitTestsCompilation: true,
    profiles: {
      default: { isolated: true, compilers: [solc], overrides: suites },
      production: { isolated: true, compilers: [solc] },
    },
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/governance/TimelockController.sol",
    ],
  },
  // Handlers lie outside, or each would be compiled as a test of its own.
  paths: { tests: { mocha: "./test", solidity: "./test/invariant/suites" } },
  // Mocks never ship, and some of them look at their gas.
  coverage: { skipFiles: ["contracts/mocks/**"] },
  typechain: { outDir: "typechain-types" },
  networks: {
    localhost: { type: "http", chainType: "l1", url: endpoint },
    ...publicNetworks(process.env),
  },
  verify: { etherscan: { apiKey: configVariable("NUMERAIRE_ETHERSCAN_KEY") } },
  test: {
    // More than two processors have use for: many tests wait for processes and nodes of their own.
    mocha: {
      parallel: true,
      jobs: 3,
      require: [new URL("./test/fixtures/root-hooks.ts", import.meta.url).href],
    },
    solidity: {
      gasLimit: 30_000_000n,
      invariant: { runs: deep ? 1_000 : 256, depth: deep ? 200 : 100, failOnRevert: true, shrinkRunLimit: 200 },
    },
  },
});
