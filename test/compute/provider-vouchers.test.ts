import { expect } from "chai";
import { Wallet, id } from "ethers";

import { readJob, readUsage, type JobTicket, type Offer } from "../../scripts/compute/client.js";
import type { UsageLine } from "../../scripts/compute/usage-log.js";
import { signVoucher, type UsageVoucher } from "../../sdk/usage-voucher.js";
import { DAY, DEPOSIT, now, type ComputeChannel } from "../fixtures/compute-channel.js";
import { openProvider, pricedChannel, spin, type ComputeProvider } from "../fixtures/compute-provider.js";
import { networkHelpers } from "../fixtures/deployed.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

/** How a voucher is signed and sent other than it should be. */
interface VoucherOptions {
  domain?: Partial<Offer["domain"]>;
  signer?: Pick<Wallet, "signTypedData">;
  lines?: number;
  spell?: (signature: string) => string;
}

describe("A provider of computing power, given a voucher", function () {
  this.timeout(60_000);
  let d: ComputeChannel;
  let provider: ComputeProvider;
  let ticket: JobTicket;
  let lines: UsageLine[];
  let voucher: UsageVoucher;

  before(skipUnlessRoot);
  beforeEach(async () => {
    d = await networkHelpers.loadFixture(pricedChannel);
    provider = await openProvider(d);
    ticket = await provider.submit(spin(0.2));
    await provider.follow(ticket, false);
    lines = await readUsage(ticket);
    const { demand } = await readJob(ticket);
    if (demand === null) throw new Error("nothing to pay");
    const { cumulative, usageRoot } = demand;
    const validUntil = (await now()) + DAY;
    voucher = { providerId: 1n, user: d.user.address, cumulative, usageRoot, validUntil };
  });
  afterEach(() => provider.remove());

  const offerVoucher = async (changes: Partial<UsageVoucher> = {}, options: VoucherOptions = {}) => {
    const signed = { ...voucher, ...changes };
    const domain = { ...provider.offer.domain, ...options.domain };
    const signature = await signVoucher(options.signer ?? d.user, domain, signed);
    const response = await fetch(`${provider.running.url}/jobs/${ticket.id}/voucher`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${ticket.token}` },
      body: JSON.stringify({
        lines: options.lines ?? lines.length,
        cumulative: signed.cumulative.toString(),
        usageRoot: signed.usageRoot,
        validUntil: signed.validUntil.toString(),
        signature: options.spell === undefined ? signature : options.spell(signature),
      }),
    });
    return response.ok ? "accepted" : ((await response.json()) as { error: string }).error;
  };

  it("takes one that it asked for, once", async () => {
    expect(await offerVoucher()).to.equal("accepted");
    expect(await offerVoucher()).to.contain("cumulative: found");
  });

  it("refuses every other", async () => {
    expect(await offerVoucher({ cumulative: voucher.cumulative - 1n })).to.contain("cumulative: found");
    expect(await offerVoucher({ usageRoot: id("other") })).to.contain("usageRoot: found");
    expect(await offerVoucher({}, { lines: lines.length - 1 })).to.contain("cumulative: found");
    expect(await offerVoucher({ validUntil: (await now()) + 60n })).to.contain("validUntil: found");
    expect(await offerVoucher({}, { domain: { chainId: 1n } })).to.contain("session key's end: found 0");
    // The body names no provider: what was signed for another one is no signature of this one's.
    expect(await offerVoucher({ providerId: 2n })).to.contain("session key's end: found 0");
  });

  it("refuses a signature that libraries read and the chain does not", async () => {
    const zeroBased = (signature: string) => signature.slice(0, -2) + (signature.endsWith("1b") ? "00" : "01");
    expect(await offerVoucher({}, { spell: zeroBased })).to.contain("voucher signature: found");
  });

  it("takes a session key's within its limit, and refuses one that is over it or was revoked", async () => {
    const signer = Wallet.createRandom();
    expect(await offerVoucher({}, { signer })).to.contain("session key's end: found 0");
    const compute = d.compute.connect(d.user);
    await compute.authorizeSigner(1n, signer.address, voucher.cumulative - 1n, (await now()) + DAY);
    expect(await offerVoucher({}, { signer })).to.contain("SignerLimitExceeded");
    await compute.authorizeSigner(1n, signer.address, voucher.cumulative, (await now()) + DAY);
    await compute.revokeSigner(1n, signer.address);
    await networkHelpers.mine();
    expect(await offerVoucher({}, { signer })).to.contain("session key's end: found");
    await compute.authorizeSigner(1n, signer.address, voucher.cumulative, (await now()) + DAY);
    expect(await offerVoucher({}, { signer })).to.equal("accepted");
  });

  it("refuses what the balance cannot pay in full", async () => {
    await d.compute.connect(d.provider).refund(d.user, DEPOSIT - 1n);
    expect(await offerVoucher()).to.contain("balance: found 1");
  });
});
