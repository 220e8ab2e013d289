import { spawn } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import keystorePlugin from "@nomicfoundation/hardhat-keystore";
import { expect } from "chai";
import { Mnemonic, encryptKeystoreJson, type HDNodeWallet } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { batchChecksum, type SafeBatch } from "../../scripts/chain/safe-batch.js";
import { decodeFailure } from "../../sdk/decode-error.js";
import { closedRoundWithScores } from "../fixtures/closed-round.js";
import {
  DEVELOPMENT_WORDS,
  developmentWallet,
  startLocalDeployment,
  type LocalDeployment,
} from "../fixtures/local-deployment.js";
import { oracleCommand, runOracle, type Run } from "../fixtures/run-oracle.js";
import { operatorEnvironment } from "../fixtures/typescript-process.js";

const PASSWORD = "Tr0ub4dor&3-of-nobody";
const ROUND = "1";

/** Real processes with every signer; nothing that any of them prints or writes may hold a secret. */
describe("secrets @long", function () {
  this.timeout(240_000);

  let local: LocalDeployment;
  /** Keys and passwords: the one folder that may hold them. */
  let vault: string;
  let wallets: [HDNodeWallet, HDNodeWallet, HDNodeWallet];
  const printed: string[] = [];

  const run = async (args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> => {
    const outcome = await runOracle(args, {
      folder: local.folder,
      environment: {
        NUMERAIRE_RPC_URL: local.url,
        NUMERAIRE_STATE_DIR: path.join(local.folder, "state"),
        ...environment,
      },
    });
    printed.push(outcome.stdout, outcome.stderr);
    return outcome;
  };
  const applied = async (args: string[], environment: NodeJS.ProcessEnv) => {
    const { code, stdout, stderr } = await run(
      ["apply", "--plan", "plan.json", "--yes", "--json", ...args],
      environment,
    );
    expect(code, stderr).to.equal(0);
    expect((JSON.parse(stdout) as { sent: unknown[] }).sent).to.have.length(3);
    return stderr;
  };

  before(async () => {
    local = await startLocalDeployment();
    vault = path.join(local.folder, "vault");
    await mkdir(vault);
    await closedRoundWithScores(local);
    const { code, stderr } = await run(["plan", "--round", ROUND, "--scores", "scores-1.csv", "--out", "plan.json"]);
    expect(code, stderr).to.equal(0);
    const { member1, member2, member3 } = local.accounts;
    wallets = [developmentWallet(member1), developmentWallet(member2), developmentWallet(member3)];
  });
  after(() => local.stop());

  describe("are not needed", () => {
    let calls: Record<"to" | "value" | "data" | "function", string>[];
    let apply: string[];
    let snapshot: string;

    before(async () => {
      const [{ address }] = wallets;
      apply = ["apply", "--plan", "plan.json", "--account", address, "--json"];
      const { code, stdout, stderr } = await run([...apply, "--unsigned"]);
      expect(code, stderr).to.equal(0);
      expect(stderr).to.contain("nothing was sent").and.contain("if one is, posting reverts");
      calls = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as (typeof calls)[number]);
    });

    beforeEach(async () => {
      snapshot = String(await local.provider.send("evm_snapshot", []));
    });
    afterEach(() => local.provider.send("evm_revert", [snapshot]));

    it("for a batch of a Safe, which holds the same calls", async () => {
      const { code, stdout, stderr } = await run([...apply, "--safe", "safe.json"]);
      expect(code, stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.equal({ files: ["safe.json"], calls: 3 });
      const batch = JSON.parse(await readFile(path.join(local.folder, "safe.json"), "utf8")) as SafeBatch;
      expect(batch.transactions.map(({ data }) => data)).to.deep.equal(calls.map(({ data }) => data));
      expect(batch.meta.createdFromSafeAddress).to.equal(wallets[0].address);
      expect(batch.meta.checksum).to.equal(batchChecksum({ ...batch }));
    });

    it("for calls that revert once a rival has begun first", async () => {
      const [begin, post] = calls;
      const [own, rival] = wallets;
      for (const { address } of [rival, own]) {
        const member = await local.provider.getSigner(address);
        await (await member.sendTransaction({ to: begin?.to ?? "", data: begin?.data ?? "" })).wait();
      }
      const request = { from: own.address, to: post?.to ?? "", data: post?.data ?? "" };
      const refused = await local.provider.estimateGas(request).catch((error: unknown) => error);
      expect(decodeFailure(refused)?.name).to.equal("NotProposer");
    });

    it("for calls that others sign: in their order they post and approve as planned", async () => {
      expect(calls.map((call) => call.function)).to.deep.equal(["beginScoring", "postScores", "approve"]);
      const member = await local.provider.getSigner(wallets[0].address);
      for (const { to, data, value } of calls) await (await member.sendTransaction({ to, data, value })).wait();
      const { tournament, committee } = local.suite;
      expect(await committee.approvals(await tournament.reportHash(1, 1))).to.equal(1n);
    });
  });

  describe("of a signer", () => {
    it("stay with the environment's key", async () => {
      const [wallet] = wallets;
      await applied([], { NUMERAIRE_PRIVATE_KEY: wallet.privateKey });
    });

    it("stay in Hardhat's keystore, behind its password", async () => {
      const [, , { address, privateKey }] = wallets;
      const environment = { XDG_CONFIG_HOME: path.join(vault, "config"), NUMERAIRE_KEYSTORE_PASSWORD: PASSWORD };
      await storeInHardhat(environment.XDG_CONFIG_HOME, privateKey);
      await applied(["--hardhat-keystore", "--account", address], environment);
      const wrong = await run(["apply", "--plan", "plan.json", "--hardhat-keystore"], {
        ...environment,
        NUMERAIRE_KEYSTORE_PASSWORD: `${PASSWORD}x`,
      });
      expect(wrong.code).to.equal(1);
      expect(wrong.stderr).to.contain("Hardhat's keystore: found no NUMERAIRE_PRIVATE_KEY that could be read (HHE");
      expect(wrong.stderr).to.contain("hint: Check the password, or store the key with npx hardhat keystore set");
    });

    it("are not repeated where they stand in the wrong place", async () => {
      const [{ privateKey }] = wallets;
      const settle = ["settle", "--round", ROUND];
      const runs = await Promise.all([
        run(settle, { NUMERAIRE_PRIVATE_KEY: DEVELOPMENT_WORDS }),
        run(settle, { NUMERAIRE_PRIVATE_KEY: `${privateKey}00` }),
        run([...settle, "--account", privateKey]),
        run(settle, { NUMERAIRE_PRIVATE_KEY: privateKey, NUMERAIRE_RPC_URL: "http://127.0.0.1:9" }),
      ]);
      expect(runs.map(({ code }) => code)).to.deep.equal([1, 1, 1, 1]);
    });
  });

  describe("in an encrypted JSON keystore", () => {
    let keystore: string;
    let passwordFile: string;

    before(async () => {
      const [, { address, privateKey }] = wallets;
      const mnemonic = {
        path: "m/44'/60'/0'/0/6",
        locale: "en",
        entropy: Mnemonic.fromPhrase(DEVELOPMENT_WORDS).entropy,
      };
      keystore = path.join(vault, "key.json");
      passwordFile = path.join(vault, "password");
      const json = await encryptKeystoreJson({ address, privateKey, mnemonic }, PASSWORD, { scrypt: { N: 8192 } });
      await writeFile(keystore, json);
      await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
    });

    it("are typed without an echo, and what follows can be answered", async () => {
      const transcript = await onTerminal(
        ["apply", "--plan", "plan.json", "--keystore", keystore],
        [
          ["Password of", PASSWORD],
          ["Send? [y/N]", "n"],
        ],
      );
      printed.push(transcript);
      expect(transcript).to.contain(`Password of ${keystore}: `);
      expect(transcript).to.contain("transactions: 3").and.contain("3 transactions to send");
    });

    it("stay there, and the unlocking is shown", async () => {
      const environment = { NUMERAIRE_KEYSTORE_PASSWORD_FILE: passwordFile };
      const stderr = await applied(["--keystore", keystore], environment);
      expect(stderr).to.contain(`unlocking ${keystore}, per cent 100/100`);
    });

    it("stay there when the password is wrong or missing", async () => {
      const command = ["finalize", "--round", ROUND, "--keystore", keystore];
      const wrong = await run(command, { NUMERAIRE_KEYSTORE_PASSWORD: `${PASSWORD}x` });
      expect(wrong.code).to.equal(1);
      expect(wrong.stderr).to.contain(`error: ${keystore}: could not be unlocked with the password given\nhint: Check`);
      const none = await run(command);
      expect(none.code).to.equal(1);
      expect(none.stderr).to.contain("found no password and no terminal to ask for it");
    });
  });

  describe("at the end", () => {
    it("appear in nothing that was printed or written", async () => {
      const { folder } = local;
      const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(vault))
        .map((entry) => path.join(entry.parentPath, entry.name));
      expect(files.filter((file) => file.endsWith(".jsonl"))).to.have.length(3);
      const written = await Promise.all(files.map((file) => readFile(file, "latin1")));
      expect(printed).to.have.length.above(20);
      const haystack = [...printed, ...written].join("\n").toLowerCase();
      const keys = wallets.map(({ privateKey }) => privateKey.slice(2).toLowerCase());
      const encoded = keys.map((key) => Buffer.from(key, "hex").toString("base64").toLowerCase());
      for (const secret of [...keys, ...encoded, PASSWORD.toLowerCase(), DEVELOPMENT_WORDS]) {
        expect(haystack.includes(secret), `found ${secret.slice(0, 6)}…`).to.equal(false);
      }
      // The search would find them: the addresses of the same wallets are there.
      for (const { address } of wallets) expect(haystack).to.contain(address.toLowerCase());
    });
  });

  /** Runs the program on a terminal of its own, and types an answer to each question. */
  async function onTerminal(args: string[], answers: [question: string, answer: string][]): Promise<string> {
    const command = oracleCommand(args)
      .map((part) => `'${part}'`)
      .join(" ");
    const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: local.folder,
      env: operatorEnvironment({ NUMERAIRE_RPC_URL: local.url, NUMERAIRE_STATE_DIR: path.join(local.folder, "state") }),
      stdio: ["pipe", "pipe", "inherit"],
    });
    let transcript = "";
    child.stdout.on("data", (data: Buffer) => {
      transcript += data.toString();
      const [next] = answers;
      if (next === undefined || !transcript.includes(next[0])) return;
      answers.shift();
      child.stdin.write(`${next[1]}\n`);
    });
    await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    return transcript;
  }
});

/** Stores the key as `npx hardhat keystore set NUMERAIRE_PRIVATE_KEY` does, and answers its questions. */
async function storeInHardhat(configuration: string, key: string): Promise<void> {
  const before = process.env["XDG_CONFIG_HOME"];
  process.env["XDG_CONFIG_HOME"] = configuration;
  try {
    const hre = await createHardhatRuntimeEnvironment({ plugins: [keystorePlugin] });
    const answers = [PASSWORD, PASSWORD, key];
    hre.hooks.registerHandlers("userInterruptions", {
      requestSecretInput: () => Promise.resolve(answers.shift() ?? ""),
    });
    await hre.tasks.getTask(["keystore", "set"]).run({ key: "NUMERAIRE_PRIVATE_KEY", dev: false, force: false });
  } finally {
    if (before === undefined) delete process.env["XDG_CONFIG_HOME"];
    else process.env["XDG_CONFIG_HOME"] = before;
  }
}
