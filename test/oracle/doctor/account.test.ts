import { rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { Wallet, encryptKeystoreJson, parseEther } from "ethers";

import { examine, expectBroken, expectWarning, keyOf, type Patient, startPatient } from "../../fixtures/patient.js";

describe("doctor: account", function () {
  this.timeout(120_000);

  let patient: Patient;

  before(async () => {
    patient = await startPatient();
  });
  after(() => patient.stop());

  describe("finds", () => {
    it("a key that is none, and does not repeat it", async () => {
      const findings = await examine(patient, { NUMERAIRE_PRIVATE_KEY: "0xsecret" });
      expectBroken(findings["signer"], "NUMERAIRE_PRIVATE_KEY: found no private key", "Export the key");
      expect(JSON.stringify(findings)).not.to.contain("secret");
    });

    it("a keystore with another password", async () => {
      const keystore = path.join(patient.state, "key.json");
      await writeFile(
        keystore,
        await encryptKeystoreJson(new Wallet(`0x${"42".repeat(32)}`), "right", { scrypt: { N: 1024 } }),
      );
      const findings = await examine(patient, { NUMERAIRE_KEYSTORE_PASSWORD: "wrong" }, { signer: { keystore } });
      await rm(keystore);
      expectBroken(findings["signer"], `${keystore}: could not be unlocked`, "Check the password");
    });

    it("somebody who is no member", async () => {
      const { treasury, member1 } = patient.local.accounts;
      const findings = await examine(patient, keyOf(treasury));
      expectBroken(
        findings["membership"],
        `found ${treasury} not among the committee's members`,
        `Use the account of one (${member1}, `,
      );
    });

    it("too little ether, none, or enough for few rounds", async () => {
      const { member1 } = patient.local.accounts;
      const before = await patient.local.provider.getBalance(member1);
      const setBalance = (wei: bigint): Promise<unknown> =>
        patient.local.provider.send("hardhat_setBalance", [member1, `0x${wei.toString(16)}`]);
      await setBalance(0n);
      const empty = await examine(patient, keyOf(member1));
      expectBroken(empty["balance"], "found 0 ether; the next round of 2048 stakes takes about", `ether to ${member1}`);
      const cost = parseEther(/takes about ([\d.]+)/.exec(empty["balance"]?.found ?? "")?.[1] ?? "0");
      expect(cost).to.be.above(0n);
      await setBalance(cost * 2n);
      const low = await examine(patient, keyOf(member1));
      await setBalance(before);
      expectWarning(low["balance"], "the next round of 2048 stakes", "enough for 4 rounds at today's price");
    });

    it("transactions that no block holds yet", async () => {
      const { member2 } = patient.local.accounts;
      await patient.local.provider.send("evm_setAutomine", [false]);
      const signer = await patient.local.provider.getSigner(member2);
      await signer.sendTransaction({ to: member2, value: 0n });
      const findings = await examine(patient, keyOf(member2));
      await patient.local.provider.send("evm_setAutomine", [true]);
      await patient.local.provider.send("evm_mine", []);
      expectWarning(
        findings["pending transactions"],
        "found 1 transaction from nonce 0 on that no block holds yet",
        "Run the command that sent them again",
      );
    });
  });
});
