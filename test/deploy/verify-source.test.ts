import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { AbiCoder, parseEther } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { hardhatRuntime } from "../../scripts/chain/hardhat-runtime.js";
import { readSources, type DeployedSource } from "../../scripts/verify-source/read-sources.js";
import { SERVICES, verifySource, type Service, type Verification } from "../../scripts/verify-source/verify-source.js";
import { silentLog } from "../../scripts/terminal/log.js";
import { startExplorer, type Answer, type Asked, type Explorer } from "../fixtures/explorer.js";
import { failure } from "../fixtures/failure.js";
import { startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { runProgram } from "../fixtures/run-program.js";

const CHAIN = 11155111;
const KEY = "planted-key-of-an-explorer";

interface Input {
  language: string;
  sources: Record<string, { content: string }>;
  settings: { viaIR: boolean; optimizer: unknown; evmVersion: string };
}

describe("verifying the source of a deployment @long", function () {
  this.timeout(600_000);

  let local: LocalDeployment;
  let explorer: Explorer;
  let hre: HardhatRuntimeEnvironment;
  let sources: DeployedSource[];

  const named = (name: string): DeployedSource => {
    const found = sources.find((source) => source.name === name);
    if (found === undefined) throw new Error(`${name} was not deployed`);
    return found;
  };
  const verify = async (service: Service, name = "Numeraire"): Promise<Verification> => {
    const [result] = await verifySource(hre, [named(name)], { services: [service], log: silentLog, pause: 1 });
    if (result === undefined) throw new Error("no result");
    return result;
  };

  before(async () => {
    local = await startLocalDeployment(CHAIN);
    explorer = await startExplorer();
    hre = await hardhatRuntime("localhost", (config) => ({
      ...config,
      networks: { localhost: { type: "http", url: local.url } },
      chainDescriptors: {
        [CHAIN]: {
          name: "Sepolia",
          blockExplorers: {
            etherscan: { url: explorer.url, apiUrl: `${explorer.url}/v2/api` },
            blockscout: { url: explorer.url, apiUrl: `${explorer.url}/blockscout/api` },
          },
        },
      },
      verify: { etherscan: { apiKey: KEY }, sourcify: { apiUrl: `${explorer.url}/sourcify` } },
    }));
    sources = await readSources(path.join(local.folder, "deployments"), "localhost");
  });
  beforeEach(() => {
    explorer.asked = [];
  });
  after(async () => {
    await explorer.stop();
    await local.stop();
  });

  /** Answers by what is asked for; the last of several answers is given from then on. */
  function playBack(answers: Record<string, readonly Answer[]>): void {
    const left = new Map(Object.entries(answers).map(([what, list]) => [what, [...list]]));
    explorer.answer = (asked) => {
      const list = left.get(kindOf(asked)) ?? [];
      return (
        (list.length > 1 ? list.shift() : list[0]) ?? { status: 500, json: { result: `unexpected: ${kindOf(asked)}` } }
      );
    };
  }

  it("knows each contract's source, arguments and transaction", async () => {
    expect(named("Numeraire")).to.deep.equal({
      name: "Numeraire",
      address: (await local.suite.nmr.getAddress()).toLowerCase(),
      contract: "contracts/Numeraire.sol:Numeraire",
      constructorArgs: [await local.suite.authority.getAddress(), parseEther("1500000")],
      creationTxHash: named("Numeraire").creationTxHash,
    });
    const created = await local.provider.getTransactionReceipt(named("Numeraire").creationTxHash);
    expect(created?.contractAddress).to.equal(await local.suite.nmr.getAddress());
  });

  it("needs a deployment", async () => {
    expect((await failure(readSources(local.folder, "sepolia"))).message).to.contain("found no records");
  });

  for (const service of ["etherscan", "blockscout"] as const) {
    describe(`at ${service}`, () => {
      const unknown: Answer = { json: { status: "0", message: "NOTOK", result: "Contract source code not verified" } };
      const taken: Answer = { json: { status: "1", message: "OK", result: "guid-1" } };
      const pending: Answer = { json: { status: "0", message: "NOTOK", result: "Pending in queue" } };
      const passed: Answer = { json: { status: "1", message: "OK", result: "Pass - Verified" } };
      const limited: Answer = {
        json: {
          status: "0",
          message: "NOTOK",
          result: "Max rate limit reached, please use API Key for higher rate limit",
        },
      };

      it("hands in what the compiler was given, and waits until it passes", async () => {
        playBack({ getsourcecode: [unknown], verifysourcecode: [taken], checkverifystatus: [pending, passed] });
        expect(await verify(service)).to.include({ contract: "Numeraire", service, verified: true });

        const [handedIn, ...more] = explorer.asked.filter((asked) => kindOf(asked) === "verifysourcecode");
        expect(more).to.deep.equal([]);
        const { address } = named("Numeraire");
        expect(handedIn?.path).to.equal(service === "etherscan" ? "/v2/api" : "/blockscout/api");
        expect(handedIn?.method).to.equal("POST");
        if (service === "etherscan") expect(handedIn?.query).to.include({ chainid: String(CHAIN), apikey: KEY });
        expect(handedIn?.body).to.include({
          contractaddress: address,
          codeformat: "solidity-standard-json-input",
          contractname: "project/contracts/Numeraire.sol:Numeraire",
          compilerversion: "v0.8.30+commit.73712a01",
          constructorArguments: AbiCoder.defaultAbiCoder()
            .encode(["address", "uint256"], [await local.suite.authority.getAddress(), parseEther("1500000")])
            .slice(2),
        });
        await expectInput(JSON.parse(String(handedIn?.body["sourceCode"])) as Input);
        const looks = explorer.asked.filter((asked) => kindOf(asked) === "checkverifystatus");
        expect(looks.map(({ query }) => query["guid"])).to.deep.equal(["guid-1", "guid-1"]);
      });

      it("hands nothing in that is verified already, and takes that for an answer when it comes late", async () => {
        playBack({ getsourcecode: [{ json: { status: "1", message: "OK", result: [{ SourceCode: "contract" }] } }] });
        expect((await verify(service)).verified).to.equal(true);
        expect(explorer.asked.map(kindOf)).to.deep.equal(["getsourcecode"]);

        const late = { json: { status: "0", message: "NOTOK", result: "Contract source code already verified" } };
        playBack({ getsourcecode: [unknown], verifysourcecode: [late] });
        expect((await verify(service)).verified).to.equal(true);
      });

      it("says what the explorer has against it, and asks about the next contract", async () => {
        const refused: Answer = { json: { status: "0", message: "NOTOK", result: "Invalid constructor arguments" } };
        playBack({ getsourcecode: [unknown], verifysourcecode: [refused] });
        const results = await verifySource(hre, [named("Numeraire"), named("AccessManager")], {
          services: [service],
          log: silentLog,
        });
        expect(results.map(({ contract, verified }) => [contract, verified])).to.deep.equal([
          ["Numeraire", false],
          ["AccessManager", false],
        ]);
        for (const { reason } of results) expect(reason).to.contain("Invalid constructor arguments");
      });

      it("waits where it asks too often, and gives up in the end", async () => {
        playBack({
          getsourcecode: [unknown],
          verifysourcecode: [limited, limited, taken],
          checkverifystatus: [passed],
        });
        expect((await verify(service)).verified).to.equal(true);
        playBack({ getsourcecode: [unknown], verifysourcecode: [limited] });
        expect((await verify(service)).reason).to.contain("Max rate limit reached");
        playBack({ getsourcecode: [{ status: 429, json: { result: "slow down" } }] });
        explorer.asked = [];
        expect((await verify(service)).reason).to.contain("429");
        expect(explorer.asked).to.have.length(5);
      });
    });
  }

  it("never repeats a key that the explorer sends back", async () => {
    const unknown = { json: { status: "0", message: "NOTOK", result: "Contract source code not verified" } };
    const refused = { json: { status: "0", message: "NOTOK", result: `apikey=${KEY} is not valid` } };
    playBack({ getsourcecode: [unknown], verifysourcecode: [refused] });
    const { reason } = await verify("etherscan");
    expect(reason).to.contain("apikey=<key> is not valid").and.not.contain(KEY);
  });

  describe("at sourcify", () => {
    const lookup = (match: string | null): Answer => ({
      status: match === null ? 404 : 200,
      json: { match, creationMatch: match, runtimeMatch: match, chainId: String(CHAIN), address: "0x" },
    });
    const job = (more: Record<string, unknown>): Answer => ({
      json: { isJobCompleted: true, verificationId: "job-1", jobStartTime: "now", contract: { match: null }, ...more },
    });

    it("hands in what the compiler was given and the transaction, and waits until it matches", async () => {
      playBack({
        lookup: [lookup(null)],
        verify: [{ status: 202, json: { verificationId: "job-1" } }],
        job: [job({ isJobCompleted: false }), job({ contract: { match: "exact_match" } })],
      });
      expect((await verify("sourcify")).verified).to.equal(true);
      const { address, creationTxHash } = named("Numeraire");
      const handedIn = explorer.asked.find((asked) => kindOf(asked) === "verify");
      expect(handedIn?.path).to.equal(`/sourcify/v2/verify/${CHAIN}/${address}`);
      expect(handedIn?.body).to.include({
        contractIdentifier: "project/contracts/Numeraire.sol:Numeraire",
        compilerVersion: "v0.8.30+commit.73712a01",
        creationTransactionHash: creationTxHash,
      });
      await expectInput(handedIn?.body["stdJsonInput"] as Input);
    });

    it("hands nothing in that is verified already", async () => {
      playBack({ lookup: [lookup("match")] });
      expect((await verify("sourcify")).verified).to.equal(true);
      expect(explorer.asked.map(kindOf)).to.deep.equal(["lookup"]);
    });

    it("says what it has against it", async () => {
      playBack({
        lookup: [lookup(null)],
        verify: [{ status: 202, json: { verificationId: "job-1" } }],
        job: [job({ error: { customCode: "no_match", message: "The bytecodes do not match" } })],
      });
      expect((await verify("sourcify")).reason).to.contain("The bytecodes do not match");
    });
  });

  it("refuses on the command line a service that it does not know, and a folder without records", async () => {
    const run = (args: readonly string[]) =>
      runProgram("verify-source", args, { folder: local.folder, environment: {} });
    const service = await run(["--network", "sepolia", "--services", "oracle"]);
    expect(service.code).to.equal(1);
    expect(service.stderr).to.contain(`expected some of ${SERVICES.join(",")}`);
    const records = await run(["--network", "sepolia"]);
    expect([records.code, records.stdout]).to.deep.equal([1, ""]);
    expect(records.stderr).to.contain("found no records");
  });
});

/** The standard JSON input must be that of this build, with the very text of the sources. */
async function expectInput({ language, sources, settings }: Input): Promise<void> {
  expect(language).to.equal("Solidity");
  expect(settings).to.deep.include({ viaIR: true, evmVersion: "prague", optimizer: { enabled: true, runs: 2_000 } });
  const { content = "" } = sources["project/contracts/Numeraire.sol"] ?? {};
  expect(content).to.equal(await readFile("contracts/Numeraire.sol", "utf8"));
}

/** What an explorer is asked for: the action, or Sourcify's path in a word. */
function kindOf({ method, path: asked, query }: Asked): string {
  if (query["action"] !== undefined) return query["action"];
  if (asked.startsWith("/sourcify/v2/contract/")) return "lookup";
  return method === "POST" ? "verify" : "job";
}
