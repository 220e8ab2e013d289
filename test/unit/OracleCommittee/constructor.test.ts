import { expect } from "chai";
import { Wallet, ZeroAddress } from "ethers";

import { OracleCommittee__factory } from "../../../typechain-types/index.js";
import { addressOf } from "../../fixtures/address-of.js";
import { deployed, networkHelpers } from "../../fixtures/deployed.js";

/** Addresses of accounts that nobody else uses. */
function strangers(count: number): string[] {
  return Array.from({ length: count }, () => Wallet.createRandom().address);
}

async function withFactory() {
  const d = await deployed();
  const factory = new OracleCommittee__factory(d.deployer);
  return { ...d, found: (members: string[], quorum: bigint) => factory.deploy(d.authority, members, quorum) };
}

describe("OracleCommittee.constructor", () => {
  it("seats the members with a bit each, and sets the quorum", async () => {
    const { found, authority } = await networkHelpers.loadFixture(withFactory);
    const members = strangers(3);
    const committee = await found(members, 2n);
    expect([...(await committee.members())]).to.deep.equal(members);
    expect(await committee.quorum()).to.equal(2n);
    expect(await committee.authority()).to.equal(await addressOf(authority));
    expect(await committee.MAX_MEMBERS()).to.equal(32n);
    expect(await committee.MAX_MEMBERSHIPS()).to.equal(256n);
    const founding = committee.deploymentTransaction();
    for (const [ordinal, member] of members.entries()) {
      expect(await committee.isMember(member)).to.equal(true);
      await expect(founding).to.emit(committee, "MemberAdded").withArgs(member, ordinal, 2n);
    }
  });

  it("seats 32 members, and not one more", async () => {
    const { found, committee } = await networkHelpers.loadFixture(withFactory);
    const full = await found(strangers(32), 17n);
    expect((await full.members()).length).to.equal(32);
    await expect(found(strangers(33), 17n))
      .to.be.revertedWithCustomError(committee, "TooManyMembers")
      .withArgs(32n, 33n);
  });

  it("refuses the same member twice", async () => {
    const { found, committee } = await networkHelpers.loadFixture(withFactory);
    const [member = ""] = strangers(1);
    await expect(found([member, ...strangers(1), member], 2n))
      .to.be.revertedWithCustomError(committee, "AlreadyMember")
      .withArgs(member);
  });

  it("refuses the zero address", async () => {
    const { found, committee } = await networkHelpers.loadFixture(withFactory);
    await expect(found([...strangers(1), ZeroAddress], 2n)).to.be.revertedWithCustomError(committee, "ZeroMember");
  });

  const bounds = [
    { members: 1, least: 1n },
    { members: 2, least: 2n },
    { members: 3, least: 2n },
    { members: 4, least: 3n },
    { members: 32, least: 17n },
  ];
  for (const { members, least } of bounds) {
    it(`takes a quorum of ${least.toString()} to ${members.toString()} of ${members.toString()}`, async () => {
      const { found, committee } = await networkHelpers.loadFixture(withFactory);
      const most = BigInt(members);
      for (const quorum of [least, most]) {
        expect(await (await found(strangers(members), quorum)).quorum()).to.equal(quorum);
      }
      for (const quorum of [least - 1n, most + 1n]) {
        await expect(found(strangers(members), quorum))
          .to.be.revertedWithCustomError(committee, "InvalidQuorum")
          .withArgs(quorum, most);
      }
    });
  }

  it("refuses a committee of nobody", async () => {
    const { found, committee } = await networkHelpers.loadFixture(withFactory);
    for (const quorum of [0n, 1n]) {
      await expect(found([], quorum)).to.be.revertedWithCustomError(committee, "InvalidQuorum").withArgs(quorum, 0n);
    }
  });
});
