import { expect } from "chai";

import { at } from "../../fixtures/at.js";
import {
  computeChannel,
  DAY,
  DELAY,
  now,
  redeem,
  SECOND_DELAY,
  secondProvider,
  type ComputeChannel,
} from "../../fixtures/compute-channel.js";
import { networkHelpers } from "../../fixtures/deployed.js";

async function withKey(): Promise<ComputeChannel> {
  const d = await computeChannel();
  await d.compute.connect(d.user).authorizeSigner(1n, d.key, 50n, (await now()) + DAY);
  return d;
}

describe("ComputeEscrow.revokeSigner", () => {
  it("ends the key after the withdraw delay, and tells when", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    const second = (await now()) + 10n;
    await at(second);
    await expect(d.compute.connect(d.user).revokeSigner(1n, d.key))
      .to.emit(d.compute, "SignerRevoked")
      .withArgs(1n, d.user, d.key, second + DELAY);
    expect(await d.compute.getSigner(1n, d.user, d.key)).to.deep.equal([50n, second + DELAY]);
  });

  it("ends it by the delay of the provider that it signs for, and no other provider's", async () => {
    const d = await networkHelpers.loadFixture(secondProvider);
    const until = (await now()) + DAY;
    for (const providerId of [1n, 2n]) await d.compute.connect(d.user).authorizeSigner(providerId, d.key, 50n, until);
    await d.compute.connect(d.user).revokeSigner(2n, d.key);
    expect((await d.compute.getSigner(2n, d.user, d.key)).until).to.equal((await now()) + SECOND_DELAY);
    expect((await d.compute.getSigner(1n, d.user, d.key)).until).to.equal(until);
  });

  it("leaves the provider the delay to redeem, to the second, and nothing after it", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    await d.compute.connect(d.user).revokeSigner(1n, d.key);
    const until = (await now()) + DELAY;
    await at(until);
    await redeem(d, { cumulative: 40n, signer: d.key });
    await at(until + 1n);
    await expect(redeem(d, { cumulative: 50n, signer: d.key }))
      .to.be.revertedWithCustomError(d.compute, "SignerNotAuthorized")
      .withArgs(1n, d.user, d.key, until);
  });

  it("does not prolong a key that ends sooner, however often it is revoked", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    const { until } = await d.compute.getSigner(1n, d.user, d.key);
    await at(until - 10n);
    await expect(d.compute.connect(d.user).revokeSigner(1n, d.key))
      .to.emit(d.compute, "SignerRevoked")
      .withArgs(1n, d.user, d.key, until);
    await at(until);
    await d.compute.connect(d.user).revokeSigner(1n, d.key);
    expect((await d.compute.getSigner(1n, d.user, d.key)).until).to.equal(until);
  });

  it("refuses a key that is none, or no longer", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    await expect(d.compute.connect(d.user).revokeSigner(1n, d.stranger))
      .to.be.revertedWithCustomError(d.compute, "SignerNotAuthorized")
      .withArgs(1n, d.user, d.stranger, 0n);
    const { until } = await d.compute.getSigner(1n, d.user, d.key);
    await at(until + 1n);
    await expect(d.compute.connect(d.user).revokeSigner(1n, d.key))
      .to.be.revertedWithCustomError(d.compute, "SignerNotAuthorized")
      .withArgs(1n, d.user, d.key, until);
  });

  it("revokes no key of another user", async () => {
    const d = await networkHelpers.loadFixture(withKey);
    await expect(d.compute.connect(d.stranger).revokeSigner(1n, d.key))
      .to.be.revertedWithCustomError(d.compute, "SignerNotAuthorized")
      .withArgs(1n, d.stranger, d.key, 0n);
  });
});
