import { expect } from "chai";
import { Signature, Wallet, id } from "ethers";

import { NumeraireError, signVoucher, voucherDigest, voucherSigner, type UsageVoucher } from "../../sdk/index.js";

const SIGNER = new Wallet(id("user"));
const DOMAIN = { chainId: 31_337n, escrow: "0x00000000000000000000000000000000000000E5" };
const VOUCHER: UsageVoucher = {
  providerId: 1n,
  user: SIGNER.address,
  cumulative: 10n ** 18n,
  usageRoot: id("root"),
  validUntil: 2n ** 40n - 1n,
};

describe("voucherSigner", () => {
  it("names who signed", async () => {
    const signature = await signVoucher(SIGNER, DOMAIN, VOUCHER);
    expect(voucherSigner(DOMAIN, VOUCHER, signature)).to.equal(SIGNER.address);
    expect(voucherSigner(DOMAIN, VOUCHER, `0x${signature.slice(2).toUpperCase()}`)).to.equal(SIGNER.address);
  });

  it("names somebody else when anything differs", async () => {
    const signature = await signVoucher(SIGNER, DOMAIN, VOUCHER);
    const changes: Partial<UsageVoucher>[] = [
      { providerId: 2n },
      { user: DOMAIN.escrow },
      { cumulative: 1n },
      { usageRoot: id("other") },
      { validUntil: 1n },
    ];
    for (const change of changes) {
      expect(voucherSigner(DOMAIN, { ...VOUCHER, ...change }, signature)).to.not.equal(SIGNER.address);
    }
    for (const change of [{ chainId: 1n }, { escrow: SIGNER.address }]) {
      expect(voucherSigner({ ...DOMAIN, ...change }, VOUCHER, signature)).to.not.equal(SIGNER.address);
    }
  });

  it("refuses every spelling that the contract would not read", async () => {
    const signature = await signVoucher(SIGNER, DOMAIN, VOUCHER);
    const { compactSerialized, v } = Signature.from(signature);
    const zeroBased = `${signature.slice(0, -2)}0${v - 27}`;
    for (const other of ["0x", "nonsense", compactSerialized, zeroBased, `${signature}00`, signature.slice(0, -2)]) {
      expect(() => voucherSigner(DOMAIN, VOUCHER, other), other).to.throw(NumeraireError, "expected the 65 bytes");
    }
  });
});

describe("voucherDigest", () => {
  it("is the hash that is signed", async () => {
    const signature = await signVoucher(SIGNER, DOMAIN, VOUCHER);
    expect(SIGNER.signingKey.sign(voucherDigest(DOMAIN, VOUCHER)).serialized).to.equal(signature);
  });
});
