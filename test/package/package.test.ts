import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { buildPackage } from "../../scripts/package/build-package.js";
import { FILE_LIST, packedFiles } from "../../scripts/package/packed-files.js";
import { codeBlock } from "../fixtures/code-block.js";
import { compileStrictly, installTarball, packTarball, runCompiled } from "../fixtures/consumer.js";
import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { DAY, HOUR, LN2 } from "../fixtures/rounds.js";

const CHAIN = 424_242;
const PROGRAMS = ["stake-with-ethers", "stake-with-viem", "preview-auction"];

describe("the package @long", function () {
  this.timeout(1_800_000);
  let folder: string;
  let project: string;
  let tarball: string;
  let local: LocalDeployment;
  let document: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-package-"));
    document = await readFile(new URL("../../docs/integrators.md", import.meta.url), "utf8");
    local = await startLocalDeployment(CHAIN);
    const out = path.join(folder, "built");
    await buildPackage({ out, deployments: path.join(local.folder, "deployments") });
    tarball = await packTarball(out, folder);
    project = path.join(folder, "project");
    await installTarball(project, tarball, ["ethers", "viem", "@types/node"]);
  });

  after(async () => {
    await local.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("holds the recorded files and no other", async () => {
    const packed = await packedFiles(path.join(project, "node_modules/numeraire"));
    // npm run build:package -- --record
    expect(packed).to.deep.equal(JSON.parse(await readFile(FILE_LIST, "utf8")));
  });

  it("comes out the same twice, to the byte", async () => {
    const again = path.join(folder, "again");
    await buildPackage({ out: again, deployments: path.join(local.folder, "deployments") });
    await mkdir(path.join(folder, "second"));
    const second = await packTarball(again, path.join(folder, "second"));
    expect((await readFile(second)).equals(await readFile(tarball))).to.equal(true);
  });

  describe("in a project that has it, ethers and viem, and nothing else", () => {
    let environment: NodeJS.ProcessEnv;

    before(async () => {
      for (const program of PROGRAMS) {
        await writeFile(path.join(project, `${program}.ts`), codeBlock(document, `${program}.ts`));
      }
      await writeFile(path.join(project, "read-rounds.mjs"), codeBlock(document, "read-rounds.mjs"));
      const { suite, accounts, provider } = local;
      const staker = await provider.getSigner(8);
      await (await suite.nmr.connect(await provider.getSigner(accounts.minter)).mint(staker, parseEther("20"))).wait();
      const closesAt = ((await provider.getBlock("latest"))?.timestamp ?? 0) + DAY;
      const terms = {
        closesAt,
        resolveBy: closesAt + 7 * DAY,
        challengePeriod: HOUR,
        benchmark: LN2,
        minConsistency: 50,
        minStake: 1n,
        minConfidence: 1n,
      };
      const manager = await provider.getSigner(accounts.roundManager);
      const opening = suite.tournament.connect(manager).openRound(terms, manager, { value: parseEther("3") });
      await (await opening).wait();
      environment = {
        RPC_URL: local.url,
        STAKER_KEY: developmentWallet(staker.address).privateKey,
        TOURNAMENT: await suite.tournament.getAddress(),
      };
    });

    it("type-checks strictly, its declarations too", () => {
      expect(
        compileStrictly(
          project,
          PROGRAMS.map((program) => `${program}.ts`),
        ),
      ).to.deep.equal([]);
    });

    it("stakes with ethers, knows the addresses by chain id, and tells a refusal in words", async () => {
      const output = await runCompiled(project, ["stake-with-ethers.js"], environment);
      expect(output).to.contain("the contract refused with ModelAlreadyStaked(");
      expect(output).to.contain("raise the stake it has instead");
      expect(output).to.contain("model 1 has 6 NMR in round 1");
      expect((await local.suite.tournament.getStake(1, 0)).amount).to.equal(parseEther("6"));
    });

    it("stakes with viem", async () => {
      const output = await runCompiled(project, ["stake-with-viem.js"], environment);
      expect(output).to.contain(`round 1 has 2 stakes of ${parseEther("16")} wei of NMR`);
      const { modelId, amount, confidence } = await local.suite.tournament.getStake(1, 1);
      expect([modelId, amount, confidence]).to.deep.equal([2n, parseEther("10"), parseEther("2")]);
    });

    it("reads rounds from the plain JSON of an ABI", async () => {
      expect(await runCompiled(project, ["read-rounds.mjs"], environment)).to.equal(
        `round 1: Open, 2 stakes, ${parseEther("3")} wei to win\n`,
      );
    });

    it("previews an auction as the contract settles it", async () => {
      const output = await runCompiled(project, ["preview-auction.js"]);
      expect(output.match(/^\w+, [\d.]+ ether/gm)).to.deep.equal([
        "destroyed, 0 ether",
        "paid, 2 ether",
        "paid, 1 ether",
      ]);
      expect(output).to.contain("stake 2 empties the prize pool");
    });

    it("runs the oracle's program, which names what it is called and what scoring needs besides", async () => {
      const program = "node_modules/numeraire/bin/numeraire-oracle.js";
      expect(await runCompiled(project, [program, "score", "--help"])).to.contain("numeraire-oracle score");
      const files = { "predictions/1.csv": "id,probability\nrow1,0.5\n", "targets.csv": "id,era,data_type,target\n" };
      await mkdir(path.join(project, "predictions"));
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(project, name), text);
      const score = ["score", "--predictions", "predictions", "--targets", "targets.csv", "--out", "scores.csv"];
      const failure: unknown = await runCompiled(project, [program, ...score]).catch((error: unknown) => error);
      expect(failure).to.have.property("stderr").that.contains("npm install @duckdb/node-api");
    });
  });

  it("has Solidity interfaces that a contract compiles with", () => {
    const require = createRequire(import.meta.url);
    const solc = require("solc") as { compile(input: string, callbacks: object): string };
    const read = (name: string): { contents: string } => {
      const file = name.startsWith("numeraire/") ? path.join(project, "node_modules", name) : require.resolve(name);
      return { contents: readFileSync(file, "utf8") };
    };
    const input = {
      language: "Solidity",
      sources: { "RoundReader.sol": { content: codeBlock(document, "RoundReader.sol") } },
      settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
    };
    const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as {
      errors?: { formattedMessage: string }[];
      contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
    };
    expect(output.errors ?? []).to.deep.equal([]);
    expect(output.contracts["RoundReader.sol"]?.["RoundReader"]?.evm.bytecode.object).to.match(/^60/);
  });
});
