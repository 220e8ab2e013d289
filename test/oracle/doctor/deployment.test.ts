import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { Numeraire__factory } from "../../../typechain-types/index.js";
import {
  copyOf,
  examine,
  expectBroken,
  expectWarning,
  keyOf,
  type Patient,
  REDEPLOY,
  startPatient,
} from "../../fixtures/patient.js";

describe("doctor: deployment", function () {
  this.timeout(120_000);

  let patient: Patient;

  before(async () => {
    patient = await startPatient();
  });
  after(() => patient.stop());

  describe("finds", () => {
    it("no records", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
      const findings = await examine(patient, {}, { folder });
      await rm(folder, { recursive: true });
      expectBroken(findings["records"], "found no readable record", `Deploy first (${REDEPLOY})`);
    });

    it("records of a chain that was started again", async () => {
      const folder = await copyOf(patient);
      const file = path.join(folder, "deployments", "localhost", ".chain");
      const record = JSON.parse(await readFile(file, "utf8")) as { genesisHash: string };
      await writeFile(file, JSON.stringify({ ...record, genesisHash: `0x${"00".repeat(32)}` }));
      const findings = await examine(patient, {}, { folder });
      await rm(folder, { recursive: true });
      expectBroken(
        findings["genesis"],
        `found first block ${record.genesisHash}, expected 0x00`,
        `deploy once more: ${REDEPLOY}`,
      );
    });

    it("no contract where one was deployed", async () => {
      const address = await patient.local.suite.tournament.getAddress();
      const code = await patient.local.provider.getCode(address);
      await patient.local.provider.send("hardhat_setCode", [address, "0x"]);
      const findings = await examine(patient, keyOf(patient.local.accounts.member1));
      await patient.local.provider.send("hardhat_setCode", [address, code]);
      expectBroken(findings["StakingTournament"], `found no contract at ${address}`, `Deploy once more: ${REDEPLOY}`);
      expect([findings["wiring"]?.health, findings["account"]?.health]).to.deep.equal(["skipped", "skipped"]);
    });

    it("other code than was deployed", async () => {
      const address = await patient.local.suite.committee.getAddress();
      const code = await patient.local.provider.getCode(address);
      await patient.local.provider.send("hardhat_setCode", [address, `${code.slice(0, -2)}00`]);
      const findings = await examine(patient);
      await patient.local.provider.send("hardhat_setCode", [address, code]);
      expectBroken(findings["OracleCommittee"], `found other code at ${address}`, "restore the right one, or deploy");
    });

    it("another build than was deployed", async () => {
      const folder = await copyOf(patient);
      // The same other code on chain and in the record: a deployment of another version.
      const file = path.join(folder, "deployments", "localhost", "OracleCommittee.json");
      const record = JSON.parse(await readFile(file, "utf8")) as { deployedBytecode: string };
      const changed = `${record.deployedBytecode.slice(0, -2)}00`;
      await writeFile(file, JSON.stringify({ ...record, deployedBytecode: changed }));
      const address = await patient.local.suite.committee.getAddress();
      const code = await patient.local.provider.getCode(address);
      await patient.local.provider.send("hardhat_setCode", [address, `${code.slice(0, -2)}00`]);
      const findings = await examine(patient, {}, { folder });
      await patient.local.provider.send("hardhat_setCode", [address, code]);
      await rm(folder, { recursive: true });
      expectWarning(findings["OracleCommittee"], "and other code in artifacts/", "Use the programs of the version");
    });

    it("records that mix two deployments", async () => {
      const folder = await copyOf(patient);
      const deployer = await patient.local.provider.getSigner(patient.local.accounts.deployer);
      const stray = await new Numeraire__factory(deployer).deploy(patient.local.suite.authority, 0n);
      const found = await stray.getAddress();
      const file = path.join(folder, "deployments", "localhost", "Numeraire.json");
      const record = JSON.parse(await readFile(file, "utf8")) as object;
      await writeFile(file, JSON.stringify({ ...record, address: found }));
      const findings = await examine(patient, {}, { folder });
      await rm(folder, { recursive: true });
      const nmr = await patient.local.suite.nmr.getAddress();
      expectBroken(
        findings["wiring"],
        `tournament.nmr: found ${nmr}, expected ${found}`,
        "The records mix deployments",
      );
    });

    it("a quorum that one absent member breaks", async () => {
      const snapshot = String(await patient.local.provider.send("evm_snapshot", []));
      await patient.local.suite.committee
        .connect(await patient.local.provider.getSigner(patient.local.accounts.deployer))
        .setQuorum(3);
      const findings = await examine(patient);
      await patient.local.provider.send("evm_revert", [snapshot]);
      expectWarning(findings["quorum"], "found 3 of 3 members", "let the committee's admin add a member");
    });
  });
});
