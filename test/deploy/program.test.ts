import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { readDeployment, type Deployment } from "../../scripts/chain/deployments.js";
import { deploy, type DeployResult } from "../../scripts/deploy/deploy.js";
import { preflight } from "../../scripts/deploy/preflight.js";
import { CONTRACT_NAMES, connectSuite } from "../../sdk/contracts.js";
import type { NumeraireError } from "../../sdk/numeraire-error.js";
import { failure } from "../fixtures/failure.js";
import { runProgram } from "../fixtures/run-program.js";
import { DEPLOYER, HOLDERS, startPublicNetwork, type PublicNetwork } from "../fixtures/public-deploy.js";

describe("the deploy to a public network @long", function () {
  this.timeout(600_000);

  let at: PublicNetwork;
  let records: string;

  const deployed = (): Promise<Deployment> => readDeployment(at.network, path.join(at.folder, "deployments"));
  const nonce = (): Promise<number> => at.provider.getTransactionCount(DEPLOYER.address);
  const messageOf = async (changed: NodeJS.ProcessEnv): Promise<string> => (await failure(at.open(changed))).message;

  before(async () => {
    at = await startPublicNetwork("base-sepolia");
    records = path.join(at.folder, "deployments", at.network);
  });
  after(() => at.stop());

  describe("given a configuration that is not complete", () => {
    it("names the roles that are missing", async () => {
      const message = await messageOf({ NUMERAIRE_GUARDIAN: "", NUMERAIRE_COMMITTEE: undefined });
      expect(message).to.equal("roles: found no NUMERAIRE_GUARDIAN, NUMERAIRE_COMMITTEE, expected addresses");
    });

    it("refuses a guardian on the committee, however it is spelt", async () => {
      const [member = ""] = HOLDERS.NUMERAIRE_COMMITTEE.split(",");
      expect(await messageOf({ NUMERAIRE_GUARDIAN: member.toLowerCase() })).to.contain(
        `NUMERAIRE_GUARDIAN: found ${member}, a committee member`,
      );
    });

    it("refuses a committee of two, of four, and of one member twice", async () => {
      const [one = "", two = "", three = ""] = HOLDERS.NUMERAIRE_COMMITTEE.split(",");
      for (const members of [
        [one, two],
        [one, one, two],
        [one, two, three, HOLDERS.NUMERAIRE_MINTER],
      ]) {
        const message = await messageOf({ NUMERAIRE_COMMITTEE: members.join(",") });
        expect(message).to.contain("expected 3 different addresses");
      }
    });

    it("refuses what is no account", async () => {
      for (const text of ["treasury", `0x${"0".repeat(40)}`]) {
        expect(await messageOf({ NUMERAIRE_TREASURY: text })).to.contain(`NUMERAIRE_TREASURY: found "${text}"`);
      }
    });

    it("never repeats a key, wherever it was put", async () => {
      const misplaced = await messageOf({ NUMERAIRE_TREASURY: DEPLOYER.privateKey });
      expect(misplaced).to.contain("something as long as a private key").and.not.contain(DEPLOYER.privateKey.slice(2));
      const broken = `${DEPLOYER.privateKey}ff`;
      const refused = await messageOf({ NUMERAIRE_DEPLOYER_KEY: broken });
      expect(refused).to.contain("NUMERAIRE_DEPLOYER_KEY: found no private key").and.not.contain(broken.slice(2));
    });

    it("asks for endpoint and key by name", async () => {
      expect(await messageOf({ NUMERAIRE_RPC_URL: "" })).to.contain("NUMERAIRE_BASE_SEPOLIA_RPC_URL: found no value");
      expect(await messageOf({ NUMERAIRE_DEPLOYER_KEY: "" })).to.contain("NUMERAIRE_DEPLOYER_KEY: found no value");
    });

    it("refuses a node of another chain", async () => {
      const other = await startPublicNetwork("hoodi");
      try {
        expect(await messageOf({ NUMERAIRE_RPC_URL: other.url })).to.match(
          /connecting to base-sepolia: .*560048.*84532/,
        );
      } finally {
        await other.stop();
      }
    });

    it("needs an account with enough ether", async () => {
      const poor = await at.open({ NUMERAIRE_DEPLOYER_KEY: `0x${"9".repeat(64)}` });
      const { message, exitCode } = await failure(preflight(poor));
      expect(message).to.match(/found 0 ether, expected at least 0\.\d+ for the rest of the deploy/);
      expect(exitCode).to.equal(2);
    });
  });

  describe("given a complete one", () => {
    let first: DeployResult;

    it("shows what it would do, and sends nothing", async () => {
      const { facts, first: step, gas, cost } = await preflight(await at.open());
      expect(step).to.equal("deploy AccessManager");
      expect(facts).to.include({
        chain: "84532 (base-sepolia), block 0",
        deployer: DEPLOYER.address,
        minter: HOLDERS.NUMERAIRE_MINTER,
        roundManager: HOLDERS.NUMERAIRE_ROUND_MANAGER,
        guardian: HOLDERS.NUMERAIRE_GUARDIAN,
        treasury: HOLDERS.NUMERAIRE_TREASURY,
        committee: HOLDERS.NUMERAIRE_COMMITTEE.replaceAll(",", ", "),
        quorum: "2",
        "initial allowance": "1500000 NMR",
        "weekly budget": "2000 NMR",
        "deployer's nonce": "0",
        "on the chain": "nothing yet",
      });
      expect(cost).to.be.above(gas);
      expect(await nonce()).to.equal(0);
    });

    it("says so on the command line, without --yes, with exit code 0, and 1 where a role is missing", async () => {
      const run = (changed: NodeJS.ProcessEnv) =>
        runProgram("deploy", ["--network", at.network], {
          folder: at.folder,
          environment: { ...at.environment, ...changed },
        });
      const shown = await run({});
      expect([shown.code, shown.stdout], shown.stderr).to.deep.equal([0, "would begin with: deploy AccessManager\n"]);
      expect(shown.stderr).to.contain(`guardian: ${HOLDERS.NUMERAIRE_GUARDIAN}`);
      expect(shown.stderr).to.match(
        /gas: at most \d{8}\ncost: about 0\.\d+ ether at .* gwei\ndry run: nothing was sent/,
      );
      const refused = await run({ NUMERAIRE_TREASURY: "" });
      expect([refused.code, refused.stdout], refused.stderr).to.deep.equal([1, ""]);
      expect(await nonce()).to.equal(0);
    });

    it("deploys for the gas it promised, records, and gives the roles to who was named", async () => {
      const deployer = await at.open();
      const { gas } = await preflight(deployer);
      first = await deploy(deployer, undefined);
      expect(first.sent.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)).to.equal(gas);
      expect(first.sent).to.have.length(await nonce());
      const { addresses, chainId } = await deployed();
      expect(chainId).to.equal(84532n);
      for (const [key, name] of Object.entries(CONTRACT_NAMES)) {
        expect(first.contracts[name]).to.equal(addresses[key as keyof typeof CONTRACT_NAMES]);
      }
      const { authority, committee, tournament } = connectSuite(addresses, at.provider);
      expect(await tournament.treasury()).to.equal(HOLDERS.NUMERAIRE_TREASURY);
      expect((await committee.members()).join(",")).to.equal(HOLDERS.NUMERAIRE_COMMITTEE);
      for (const [role, account] of [
        [1n, HOLDERS.NUMERAIRE_MINTER],
        [2n, HOLDERS.NUMERAIRE_ROUND_MANAGER],
        [3n, HOLDERS.NUMERAIRE_GUARDIAN],
      ] as const) {
        expect([...(await authority.hasRole(role, account))]).to.deep.equal([true, 0n]);
      }
    });

    /** Whether a whole run sends nothing and comes to the same contracts. */
    async function expectNothingSent(): Promise<void> {
      const before = await nonce();
      const deployer = await at.open();
      const { first: step, gas } = await preflight(deployer);
      expect([step, gas]).to.deep.equal([undefined, 0n]);
      const { sent, contracts } = await deploy(deployer, undefined);
      expect(sent).to.deep.equal([]);
      expect(Object.entries(contracts)).to.have.deep.members(Object.entries(first.contracts));
      expect(await nonce()).to.equal(before);
      const created = (await at.transactions()).flatMap((one) => one.created ?? []);
      expect(created).to.have.members(Object.values(first.contracts));
    }

    it("sends nothing the second time", expectNothingSent);

    it("finds everything again where the records are lost", async () => {
      await rm(records, { recursive: true });
      await expectNothingSent();
      expect((await deployed()).addresses.nmr).to.equal(first.contracts["Numeraire"]);
    });

    it("and where the journal is lost as well, as on another machine", async () => {
      await rm(records, { recursive: true });
      await rm(path.join(at.folder, "state"), { recursive: true });
      await expectNothingSent();
    });

    it("sends nothing where history is needed and the node keeps none", async () => {
      await rm(records, { recursive: true });
      const deployer = await at.open({ NUMERAIRE_STATE_DIR: path.join(at.folder, "empty") });
      const count = deployer.provider.getTransactionCount.bind(deployer.provider);
      deployer.provider.getTransactionCount = (account, block) =>
        typeof block === "number" ? Promise.reject(new Error("missing trie node")) : count(account, block);
      const { message, hint, exitCode } = await failure(preflight(deployer));
      expect(message).to.contain("and not the transaction that made it");
      expect(hint).to.contain("archive node");
      expect(exitCode).to.equal(2);
      await expectNothingSent();
    });

    describe("and something that differs from the build,", () => {
      /** What is refused needs attention; nothing is sent. */
      async function refusal(changed: NodeJS.ProcessEnv = {}): Promise<NumeraireError> {
        const before = await nonce();
        const deployer = await at.open(changed);
        const early = await failure(preflight(deployer));
        const late = await failure(deploy(deployer, undefined));
        expect(late.message).to.equal(early.message);
        expect(late.exitCode).to.equal(2);
        expect(await nonce()).to.equal(before);
        return late;
      }

      /** Changes a record for as long as a check runs, which must leave it alone. */
      async function withRecord(name: string, change: (text: string) => string, check: () => Promise<void>) {
        const file = path.join(records, name);
        const text = await readFile(file, "utf8");
        const changed = change(text);
        expect(changed).to.not.equal(text);
        await writeFile(file, changed);
        try {
          await check();
          expect(await readFile(file, "utf8")).to.equal(changed);
        } finally {
          await writeFile(file, text);
        }
      }

      it("refuses a record of another build", () =>
        withRecord(
          "Numeraire.json",
          (text) => text.replace(/("bytecode": "0x)..../, "$1feff"),
          async () => {
            expect((await refusal()).message).to.contain("Numeraire: found a record of another build at 0x");
          },
        ));

      it("refuses other code on the chain, and none", async () => {
        const address = first.contracts["OracleCommittee"] ?? "";
        const code = await at.provider.getCode(address);
        for (const [planted, found] of [
          [`${code.slice(0, -2)}ff`, "found code of another build"],
          ["0x6000", "found code of another build"],
          ["0x", "found no code"],
        ] as const) {
          await at.provider.send("hardhat_setCode", [address, planted]);
          expect((await refusal()).message).to.contain(`OracleCommittee: ${found} at 0x`);
        }
        await at.provider.send("hardhat_setCode", [address, code]);
      });

      it("refuses other constructor arguments", async () => {
        const { message } = await refusal({ NUMERAIRE_TREASURY: HOLDERS.NUMERAIRE_MINTER });
        expect(message).to.contain("StakingTournament: found a record at").and.contain("other constructor arguments");
      });

      it("never throws away records of another chain", () =>
        withRecord(
          ".chain",
          (text) => text.replace(/("genesisHash":"0x)...../, "$100000"),
          async () => {
            expect((await refusal()).message).to.contain("found records of a chain with another first block");
          },
        ));
    });
  });
});
