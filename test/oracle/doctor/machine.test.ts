import { readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { takeLock } from "../../../scripts/chain/lock.js";
import { checkNodeVersion, judgeSpace } from "../../../scripts/oracle/doctor/check-machine.js";
import type { Finding } from "../../../scripts/oracle/doctor/finding.js";
import { SETTINGS } from "../../../scripts/oracle/doctor/settings.js";
import {
  copyOf,
  examine,
  expectBroken,
  expectWarning,
  keyOf,
  type Patient,
  startPatient,
} from "../../fixtures/patient.js";
import { runOracle } from "../../fixtures/run-oracle.js";

describe("doctor: machine and set-up", function () {
  this.timeout(120_000);

  let patient: Patient;

  before(async () => {
    patient = await startPatient();
  });
  after(() => patient.stop());

  describe("of a set-up that works", () => {
    it("finds nothing to mend", async () => {
      const { code, stdout, stderr } = await runOracle(["doctor", "--json"], {
        folder: patient.local.folder,
        environment: {
          NUMERAIRE_RPC_URL: patient.local.url,
          NUMERAIRE_STATE_DIR: patient.state,
          ...keyOf(patient.local.accounts.member1),
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
      const findings = await examine(patient);
      expectWarning(findings["signer"], "found none", "Give the key in NUMERAIRE_PRIVATE_KEY, --keystore");
      expect(findings["account"]?.health).to.equal("skipped");
    });
  });

  it("prints what is broken and what to do, with exit code 2", async () => {
    const { code, stdout } = await runOracle(["doctor"], {
      folder: patient.local.folder,
      environment: {
        NUMERAIRE_RPC_URL: patient.local.url,
        NUMERAIRE_STATE_DIR: patient.state,
        NUMERAIRE_PRIVATEKEY: "misplaced-secret",
      },
    });
    expect(code).to.equal(2);
    expect(stdout).to.contain("found NUMERAIRE_PRIVATEKEY, which no program reads");
    expect(stdout).to.contain("1. settings: Rename NUMERAIRE_PRIVATEKEY to NUMERAIRE_PRIVATE_KEY. Known are");
    expect(stdout).to.contain("1 broken");
    expect(stdout).not.to.contain("misplaced-secret");
  });

  describe("finds", () => {
    it("folders that cannot be written to", async () => {
      const folder = await copyOf(patient);
      // Not even root can write there.
      await symlink("/proc", path.join(folder, "rounds"));
      const findings = await examine(patient, { NUMERAIRE_STATE_DIR: "/proc/numeraire" }, { folder });
      await rm(folder, { recursive: true });
      expectBroken(findings["rounds folder"], "cannot be written to", "plans are written there");
      expectBroken(
        findings["journal folder"],
        "/proc/numeraire: cannot be written to",
        "set NUMERAIRE_STATE_DIR to one",
      );
    });

    it("another process at work on an account, here or elsewhere", async () => {
      const journal = path.join(patient.state, "31337", "0xabc.jsonl");
      const lock = await takeLock(journal, "account 0xabc");
      const busy = await examine(patient);
      await lock.release();
      expectWarning(busy["locks"], `found 0xabc.jsonl by process ${process.pid}`, "Wait until it is done");

      const claim = `${journal}.lock-77`;
      await writeFile(claim, JSON.stringify({ pid: 77, host: `not-${hostname()}`, began: "" }));
      const remote = await examine(patient);
      await rm(claim);
      expectBroken(remote["locks"], `found ${claim} by process 77 on not-${hostname()}`, "remove the file");
    });

    it("what a killed process left, which is in nobody's way", async () => {
      const claim = path.join(patient.state, "0xdef.jsonl.lock-999999999");
      await writeFile(claim, JSON.stringify({ pid: 999_999_999, host: hostname(), began: "" }));
      const findings = await examine(patient);
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
      const findings = await examine(patient, { NUMERAIRE_RPCURL: patient.local.url, NUMERAIRE_COLOUR: "blue" });
      expectBroken(
        findings["settings"],
        "found NUMERAIRE_RPCURL, NUMERAIRE_COLOUR, which no program reads",
        "Rename NUMERAIRE_RPCURL to NUMERAIRE_RPC_URL; unset NUMERAIRE_COLOUR.",
      );
    });
  });

  it("knows every setting that is read anywhere", async () => {
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const read = new Set<string>();
    for (const folder of ["scripts", "test", "docs/operations"]) {
      for (const entry of await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name === "machine.test.ts") continue;
        const text = await readFile(path.join(entry.parentPath, entry.name), "utf8");
        for (const [, name = ""] of text.matchAll(/(?:env(?:ironment)?(?:\.|\[")|\$\{)(NUMERAIRE_[A-Z_]+)/g))
          read.add(name);
      }
    }
    expect(read.size).to.be.above(5);
    expect([...read].filter((name) => !SETTINGS.some((setting) => setting === name))).to.deep.equal([]);
  });
});
