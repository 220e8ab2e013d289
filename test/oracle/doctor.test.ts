import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { Wallet, encryptKeystoreJson, parseEther } from "ethers";

import { takeLock } from "../../scripts/chain/lock.js";
import type { SignerChoice } from "../../scripts/chain/signers/open-signer.js";
import { doctor } from "../../scripts/oracle/doctor.js";
import { checkNodeVersion, judgeSpace } from "../../scripts/oracle/doctor/check-machine.js";
import { judgeClock } from "../../scripts/oracle/doctor/check-node.js";
import type { Finding } from "../../scripts/oracle/doctor/finding.js";
import { SETTINGS } from "../../scripts/oracle/doctor/settings.js";
import { Numeraire__factory } from "../../typechain-types/index.js";
import { asks, startFaultyProxy, type Fault, type FaultyProxy, type Passing } from "../fixtures/faulty-proxy.js";
import { developmentWallet, startLocalDeployment, type LocalDeployment } from "../fixtures/local-deployment.js";
import { runOracle } from "../fixtures/run-oracle.js";

/** A chain that is none for development. */
const OTHER_CHAIN = 424_242;
const REDEPLOY = "npm run deploy -- --network localhost";

describe("doctor", function () {
  this.timeout(120_000);

  let local: LocalDeployment;
  let publicChain: LocalDeployment;
  let state: string;

  /** Findings of a set-up, by name of the check. */
  const examine = async (
    environment: NodeJS.ProcessEnv = {},
    {
      signer = {},
      at = local,
      folder = at.folder,
    }: { signer?: SignerChoice; at?: LocalDeployment; folder?: string } = {},
  ): Promise<Record<string, Finding>> => {
    const settings = { NUMERAIRE_RPC_URL: at.url, NUMERAIRE_STATE_DIR: state, ...environment };
    const { findings, ...report } = await doctor({ network: "localhost", signer, folder, timeout: 1_000 }, settings);
    expect(report.ok).to.equal(findings.every(({ health }) => health !== "broken"));
    return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
  };
  const keyOf = (account: string) => ({ NUMERAIRE_PRIVATE_KEY: developmentWallet(account).privateKey });
  /** A copy of the working folder, to break. */
  const copied = async (): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    await cp(local.folder, folder, { recursive: true });
    return folder;
  };
  const expectBroken = (finding: Finding | undefined, found: string, fix: string) => {
    expect(finding?.health, finding?.found).to.equal("broken");
    expect(finding?.found).to.contain(found);
    expect(finding?.fix).to.contain(fix);
  };
  const expectWarning = (finding: Finding | undefined, found: string, fix: string) => {
    expect(finding?.health, finding?.found).to.equal("warning");
    expect(finding?.found).to.contain(found);
    expect(finding?.fix).to.contain(fix);
  };

  before(async () => {
    local = await startLocalDeployment();
    publicChain = await startLocalDeployment(OTHER_CHAIN);
    state = path.join(local.folder, "state");
    await mkdir(state);
  });
  after(async () => {
    await local.stop();
    await publicChain.stop();
  });

  describe("of a set-up that works", () => {
    it("finds nothing to mend", async () => {
      const { code, stdout, stderr } = await runOracle(["doctor", "--json"], {
        folder: local.folder,
        environment: {
          NUMERAIRE_RPC_URL: local.url,
          NUMERAIRE_STATE_DIR: state,
          ...keyOf(local.accounts.member1),
        },
      });
      expect(code, stdout).to.equal(0);
      const report = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
      expect([report.ok, stderr]).to.deep.equal([true, ""]);
      expect(report.findings.filter(({ health }) => health !== "ok")).to.deep.equal([]);
      expect(report.findings.map(({ check }) => check)).to.include.members(
        [
          "Node",
          "settings",
          "rounds folder",
          "journal folder",
          "disk space",
          "locks",
          "records",
          "sync",
          "clock",
        ].concat(
          ["finalized block", "logs", "genesis", "StakingTournament", "wiring", "quorum", "signer"],
          ["membership", "balance", "pending transactions"],
        ),
      );
    });

    it("takes no signer for a warning, with exit code 0", async () => {
      const findings = await examine();
      expectWarning(findings["signer"], "found none", "Give the key in NUMERAIRE_PRIVATE_KEY, --keystore");
      expect(findings["account"]?.health).to.equal("skipped");
    });
  });

  it("prints what is broken and what to do, with exit code 2", async () => {
    const { code, stdout } = await runOracle(["doctor"], {
      folder: local.folder,
      environment: {
        NUMERAIRE_RPC_URL: local.url,
        NUMERAIRE_STATE_DIR: state,
        NUMERAIRE_PRIVATEKEY: "misplaced-secret",
      },
    });
    expect(code).to.equal(2);
    expect(stdout).to.contain("found NUMERAIRE_PRIVATEKEY, which no program reads");
    expect(stdout).to.contain("1. settings: Rename NUMERAIRE_PRIVATEKEY to NUMERAIRE_PRIVATE_KEY. Known are");
    expect(stdout).to.contain("1 broken");
    expect(stdout).not.to.contain("misplaced-secret");
  });

  describe("of the endpoint, finds", () => {
    const START = "Start the node, or mend the URL: NUMERAIRE_RPC_URL";

    it("a port nobody listens on", async () => {
      const findings = await examine({ NUMERAIRE_RPC_URL: "http://127.0.0.1:9" });
      expectBroken(findings["RPC http://127.0.0.1:9"], "found no answer (ECONNREFUSED)", START);
      expect(findings["node and contracts"]?.health).to.equal("skipped");
    });

    it("a server that takes the question and never answers", async () => {
      const sockets = new Set<Socket>();
      const server: Server = createServer((socket) => sockets.add(socket));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const url = `http://127.0.0.1:${port}`;
      const findings = await examine({ NUMERAIRE_RPC_URL: url });
      for (const socket of sockets) socket.destroy();
      server.close();
      expectBroken(findings[`RPC ${url}`], "found no answer within 1 seconds", START);
    });

    it("a server that is no node, and shows no key of the URL", async () => {
      const proxy = await startFaultyProxy(local.url);
      proxy.fault = () => ({ forward: 0, reply: { status: 401, body: "<html>unknown key</html>" } });
      const findings = await examine({ NUMERAIRE_RPC_URL: `${proxy.url}/v2/secret-key` });
      await proxy.stop();
      expectBroken(findings[`RPC ${proxy.url}`], "found HTTP status 401", "the key or plan that the provider");
      expect(JSON.stringify(findings)).not.to.contain("secret-key");
    });

    it("a setting that is no URL", async () => {
      const findings = await examine({ NUMERAIRE_RPC_URL: "localhost:8545" });
      expectBroken(findings["RPC"], "NUMERAIRE_RPC_URL: found", "Write http:// or https://");
    });

    it("another chain than the deployment's, beside one that is right", async () => {
      const findings = await examine({ NUMERAIRE_RPC_URL: `${publicChain.url},${local.url}` });
      expectBroken(
        findings[`RPC ${publicChain.url}`],
        "found chain 424242, expected 31337, that of the deployment",
        "Point NUMERAIRE_RPC_URL to a node of the deployment's chain, or choose the other network with --network.",
      );
      expect(findings["StakingTournament"]?.health).to.equal("ok");
    });
  });

  describe("of the deployment, finds", () => {
    it("no records", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
      const findings = await examine({}, { folder });
      await rm(folder, { recursive: true });
      expectBroken(findings["records"], "found no readable record", `Deploy first (${REDEPLOY})`);
    });

    it("records of a chain that was started again", async () => {
      const folder = await copied();
      const file = path.join(folder, "deployments", "localhost", ".chain");
      const record = JSON.parse(await readFile(file, "utf8")) as { genesisHash: string };
      await writeFile(file, JSON.stringify({ ...record, genesisHash: `0x${"00".repeat(32)}` }));
      const findings = await examine({}, { folder });
      await rm(folder, { recursive: true });
      expectBroken(
        findings["genesis"],
        `found first block ${record.genesisHash}, expected 0x00`,
        `deploy once more: ${REDEPLOY}`,
      );
    });

    it("no contract where one was deployed", async () => {
      const address = await local.suite.tournament.getAddress();
      const code = await local.provider.getCode(address);
      await local.provider.send("hardhat_setCode", [address, "0x"]);
      const findings = await examine(keyOf(local.accounts.member1));
      await local.provider.send("hardhat_setCode", [address, code]);
      expectBroken(findings["StakingTournament"], `found no contract at ${address}`, `Deploy once more: ${REDEPLOY}`);
      expect([findings["wiring"]?.health, findings["account"]?.health]).to.deep.equal(["skipped", "skipped"]);
    });

    it("other code than was deployed", async () => {
      const address = await local.suite.committee.getAddress();
      const code = await local.provider.getCode(address);
      await local.provider.send("hardhat_setCode", [address, `${code.slice(0, -2)}00`]);
      const findings = await examine();
      await local.provider.send("hardhat_setCode", [address, code]);
      expectBroken(findings["OracleCommittee"], `found other code at ${address}`, "restore the right one, or deploy");
    });

    it("another build than was deployed", async () => {
      const folder = await copied();
      // The same other code on chain and in the record: a deployment of another version.
      const file = path.join(folder, "deployments", "localhost", "OracleCommittee.json");
      const record = JSON.parse(await readFile(file, "utf8")) as { deployedBytecode: string };
      const changed = `${record.deployedBytecode.slice(0, -2)}00`;
      await writeFile(file, JSON.stringify({ ...record, deployedBytecode: changed }));
      const address = await local.suite.committee.getAddress();
      const code = await local.provider.getCode(address);
      await local.provider.send("hardhat_setCode", [address, `${code.slice(0, -2)}00`]);
      const findings = await examine({}, { folder });
      await local.provider.send("hardhat_setCode", [address, code]);
      await rm(folder, { recursive: true });
      expectWarning(findings["OracleCommittee"], "and other code in artifacts/", "Use the programs of the version");
    });

    it("records that mix two deployments", async () => {
      const folder = await copied();
      const deployer = await local.provider.getSigner(local.accounts.deployer);
      const stray = await new Numeraire__factory(deployer).deploy(local.suite.authority, 0n);
      const found = await stray.getAddress();
      const file = path.join(folder, "deployments", "localhost", "Numeraire.json");
      const record = JSON.parse(await readFile(file, "utf8")) as object;
      await writeFile(file, JSON.stringify({ ...record, address: found }));
      const findings = await examine({}, { folder });
      await rm(folder, { recursive: true });
      const nmr = await local.suite.nmr.getAddress();
      expectBroken(
        findings["wiring"],
        `tournament.nmr: found ${nmr}, expected ${found}`,
        "The records mix deployments",
      );
    });

    it("a quorum that one absent member breaks", async () => {
      const snapshot = String(await local.provider.send("evm_snapshot", []));
      await local.suite.committee.connect(await local.provider.getSigner(local.accounts.deployer)).setQuorum(3);
      const findings = await examine();
      await local.provider.send("evm_revert", [snapshot]);
      expectWarning(findings["quorum"], "found 3 of 3 members", "let the committee's admin add a member");
    });
  });

  describe("of the account, finds", () => {
    it("a key that is none, and does not repeat it", async () => {
      const findings = await examine({ NUMERAIRE_PRIVATE_KEY: "0xsecret" });
      expectBroken(findings["signer"], "NUMERAIRE_PRIVATE_KEY: found no private key", "Export the key");
      expect(JSON.stringify(findings)).not.to.contain("secret");
    });

    it("a keystore with another password", async () => {
      const keystore = path.join(state, "key.json");
      await writeFile(
        keystore,
        await encryptKeystoreJson(new Wallet(`0x${"42".repeat(32)}`), "right", { scrypt: { N: 1024 } }),
      );
      const findings = await examine({ NUMERAIRE_KEYSTORE_PASSWORD: "wrong" }, { signer: { keystore } });
      await rm(keystore);
      expectBroken(findings["signer"], `${keystore}: could not be unlocked`, "Check the password");
    });

    it("somebody who is no member", async () => {
      const { treasury, member1 } = local.accounts;
      const findings = await examine(keyOf(treasury));
      expectBroken(
        findings["membership"],
        `found ${treasury} not among the committee's members`,
        `Use the account of one (${member1}, `,
      );
    });

    it("too little ether, none, or enough for few rounds", async () => {
      const { member1 } = local.accounts;
      const before = await local.provider.getBalance(member1);
      const setBalance = (wei: bigint): Promise<unknown> =>
        local.provider.send("hardhat_setBalance", [member1, `0x${wei.toString(16)}`]);
      await setBalance(0n);
      const empty = await examine(keyOf(member1));
      expectBroken(empty["balance"], "found 0 ether; the next round of 2048 stakes takes about", `ether to ${member1}`);
      const cost = parseEther(/takes about ([\d.]+)/.exec(empty["balance"]?.found ?? "")?.[1] ?? "0");
      expect(cost).to.be.above(0n);
      await setBalance(cost * 2n);
      const low = await examine(keyOf(member1));
      await setBalance(before);
      expectWarning(low["balance"], "the next round of 2048 stakes", "enough for 4 rounds at today's price");
    });

    it("transactions that no block holds yet", async () => {
      const { member2 } = local.accounts;
      await local.provider.send("evm_setAutomine", [false]);
      const signer = await local.provider.getSigner(member2);
      await signer.sendTransaction({ to: member2, value: 0n });
      const findings = await examine(keyOf(member2));
      await local.provider.send("evm_setAutomine", [true]);
      await local.provider.send("evm_mine", []);
      expectWarning(
        findings["pending transactions"],
        "found 1 transaction from nonce 0 on that no block holds yet",
        "Run the command that sent them again",
      );
    });
  });

  describe("of the machine, finds", () => {
    it("folders that cannot be written to", async () => {
      const folder = await copied();
      // Not even root can write there.
      await symlink("/proc", path.join(folder, "rounds"));
      const findings = await examine({ NUMERAIRE_STATE_DIR: "/proc/numeraire" }, { folder });
      await rm(folder, { recursive: true });
      expectBroken(findings["rounds folder"], "cannot be written to", "plans are written there");
      expectBroken(
        findings["journal folder"],
        "/proc/numeraire: cannot be written to",
        "set NUMERAIRE_STATE_DIR to one",
      );
    });

    it("another process at work on an account, here or elsewhere", async () => {
      const journal = path.join(state, "31337", "0xabc.jsonl");
      const lock = await takeLock(journal, "account 0xabc");
      const busy = await examine();
      await lock.release();
      expectWarning(busy["locks"], `found 0xabc.jsonl by process ${process.pid}`, "Wait until it is done");

      const claim = `${journal}.lock-77`;
      await writeFile(claim, JSON.stringify({ pid: 77, host: `not-${hostname()}`, began: "" }));
      const remote = await examine();
      await rm(claim);
      expectBroken(remote["locks"], `found ${claim} by process 77 on not-${hostname()}`, "remove the file");
    });

    it("what a killed process left, which is in nobody's way", async () => {
      const claim = path.join(state, "0xdef.jsonl.lock-999999999");
      await writeFile(claim, JSON.stringify({ pid: 999_999_999, host: hostname(), began: "" }));
      const findings = await examine();
      await rm(claim);
      expect(findings["locks"]).to.deep.include({ health: "ok" });
      expect(findings["locks"]?.found).to.contain("gives way by itself (1)");
    });

    it("little room on the disk", () => {
      const mib = 1024n * 1024n;
      expect(judgeSpace("state", 1024n * mib).health).to.equal("ok");
      expectWarning(judgeSpace("state", 1024n * mib - 1n), "state: 1023 MiB free", "Make room");
      expectBroken(judgeSpace("state", 100n * mib - 1n), "state: 99 MiB free", "without it nothing is sent");
    });

    it("a Node that is too old", () => {
      expect(["22.13.0", "24.0.0"].map((version) => checkNodeVersion(version).health)).to.deep.equal(["ok", "ok"]);
      expectBroken(checkNodeVersion("22.12.9"), "found 22.12.9, expected 22.13 or later", "npm run oracle");
      expectBroken(checkNodeVersion("20.19.0"), "found 20.19.0", "brings its own Node");
    });

    it("settings that no program reads, and no others", async () => {
      const findings = await examine({ NUMERAIRE_RPCURL: local.url, NUMERAIRE_COLOUR: "blue" });
      expectBroken(
        findings["settings"],
        "found NUMERAIRE_RPCURL, NUMERAIRE_COLOUR, which no program reads",
        "Rename NUMERAIRE_RPCURL to NUMERAIRE_RPC_URL; unset NUMERAIRE_COLOUR.",
      );
    });
  });

  it("knows every setting that is read anywhere", async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const read = new Set<string>();
    for (const folder of ["scripts", "test", "docs/operations"]) {
      for (const entry of await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name === "doctor.test.ts") continue;
        const text = await readFile(path.join(entry.parentPath, entry.name), "utf8");
        for (const [, name = ""] of text.matchAll(/(?:env(?:ironment)?(?:\.|\[")|\$\{)(NUMERAIRE_[A-Z_]+)/g))
          read.add(name);
      }
    }
    expect(read.size).to.be.above(5);
    expect([...read].filter((name) => !SETTINGS.some((setting) => setting === name))).to.deep.equal([]);
  });

  describe("of a node on a public chain, finds", () => {
    let proxy: FaultyProxy;

    before(async () => {
      proxy = await startFaultyProxy(publicChain.url);
    });
    after(() => proxy.stop());

    const through = async (fault: (passing: Passing) => Fault | undefined) => {
      proxy.fault = fault;
      return examine({ NUMERAIRE_RPC_URL: proxy.url }, { at: publicChain });
    };
    /** Makes the newest block look older or younger, in seconds. */
    const aged =
      (seconds: number) =>
      (passing: Passing): Fault | undefined =>
        asks(passing, "eth_getBlockByNumber")
          ? {
              alter: (_call, result) =>
                typeof result === "object" && result !== null
                  ? { ...result, timestamp: `0x${(Math.floor(Date.now() / 1000) - seconds).toString(16)}` }
                  : result,
            }
          : undefined;
    const refusing =
      (method: string, message: string, when: (call: Passing["calls"][number]) => boolean = () => true) =>
      (passing: Passing): Fault | undefined => {
        const call = passing.calls.find((one) => one.method === method);
        if (call === undefined || !when(call)) return undefined;
        const body = JSON.stringify({ id: call.id, jsonrpc: "2.0", error: { code: -32000, message } });
        return { forward: 0, reply: { status: 200, body } };
      };

    it("nothing wrong with one that is in sync", async () => {
      const findings = await through(() => undefined);
      const health = ["sync", "clock", "finalized block", "logs", "genesis"].map((check) => findings[check]?.health);
      expect(health).to.deep.equal(["ok", "ok", "ok", "ok", "ok"]);
    });

    it("an address that others sign for as well as a key", async () => {
      const { member1 } = publicChain.accounts;
      const findings = await examine({}, { at: publicChain, signer: { account: member1 } });
      expect(findings["signer"]?.found).to.equal(`${member1}: an address without a key, for --unsigned and --safe`);
      expect(findings["membership"]?.health).to.equal("ok");
    });

    it("one that is still syncing", async () => {
      const findings = await through((passing) =>
        asks(passing, "eth_syncing")
          ? { alter: () => ({ startingBlock: "0x0", currentBlock: "0x10", highestBlock: "0x20" }) }
          : undefined,
      );
      expectBroken(findings["sync"], "found the node at block 16 of 32, expected it in sync", "Wait until the node");
    });

    it("one that stopped following the chain", async () => {
      const findings = await through(aged(3600));
      expectBroken(findings["clock"], "seconds old, expected at most 900", "Check that the node follows the chain");
      const late = await through(aged(300));
      expectWarning(late["clock"], "seconds old", "that this machine's clock is right");
    });

    it("blocks from the future: a clock that is slow", async () => {
      const findings = await through(aged(-3600));
      expectBroken(findings["clock"], "seconds in the future", "Set this machine's clock");
    });

    it("one that knows no finalized block, however it says so", async () => {
      for (const message of ["unsupported tag", "finalized block not found", "Unknown block"]) {
        const findings = await through(
          refusing("eth_getBlockByNumber", message, ({ params: [tag] }) => tag === "finalized"),
        );
        expectBroken(
          findings["finalized block"],
          "found none, so what is 0 blocks deep counts as final",
          "Use a node that knows the finalized block",
        );
      }
    });

    it("one that fails when it is asked for the finalized block", async () => {
      const findings = await through(
        refusing("eth_getBlockByNumber", "internal error", ({ params: [tag] }) => tag === "finalized"),
      );
      expectBroken(findings["finalized block"], 'found the error "internal error"', "Look into the node's log");
    });

    it("one that gives few blocks of logs at a time, or none", async () => {
      for (let i = 0; i < 3; i += 1) await publicChain.provider.send("hardhat_mine", ["0x1f4"]);
      const tooMany = ({ params: [filter] }: Passing["calls"][number]) => {
        const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
        return Number(toBlock) - Number(fromBlock) >= 1_000;
      };
      const few = await through(refusing("eth_getLogs", "block range too wide", tooMany));
      expectWarning(few["logs"], "found at most 1000 blocks a request, expected 10000", "It works, slowly");
      const none = await through(refusing("eth_getLogs", "logs are pruned"));
      expectBroken(none["logs"], "found no logs since block", "Use a node that keeps events");
    });

    it("the clock within its limits", () => {
      const judge = (age: number) => judgeClock({ number: 1, timestamp: 10_000 - age }, 1n, 10_000).health;
      expect([-31, -30, 120, 121, 900, 901].map(judge)).to.deep.equal([
        "broken",
        "ok",
        "ok",
        "warning",
        "warning",
        "broken",
      ]);
    });
  });
});
