import { expect } from "chai";
import { AbiCoder, dataLength, dataSlice } from "ethers";

import { addressOf } from "../../fixtures/address-of.js";
import {
  FUNDED,
  ISSUED,
  LONGEST,
  TERMS,
  TERMS_URI,
  award,
  fundData,
  openBounty,
  postCall,
  postData,
  submittedBounty,
  type OpenBounty,
  type PostCall,
} from "../../fixtures/bounties.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { Numeraire__factory } from "../../../typechain-types/index.js";

/** NMR sent with data to the bounties, by its holder. */
async function send(d: OpenBounty, data: string, { by = d.stranger, amount = 5n } = {}) {
  return d.nmr.connect(by)["transferAndCall(address,uint256,bytes)"](d.bounties, amount, data);
}

async function dataOf(d: OpenBounty, changes: Partial<PostCall> = {}): Promise<string> {
  return postData(await postCall(d, changes));
}

/** Holders without an allowance, so that only the transfer moves NMR. */
async function withoutAllowance(): Promise<OpenBounty> {
  const d = await openBounty();
  await d.nmr.connect(d.stranger).approve(d.bounties, 0n);
  return d;
}

describe("BountyGrants.onTransferReceived", () => {
  describe("given terms, a deadline and a reviewer", () => {
    it("posts with what was transferred, for its holder", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const { deadline } = await postCall(d);
      const sending = send(d, await dataOf(d, { deadline }));
      await expect(sending).to.changeTokenBalances(ethers, d.nmr, [d.stranger, d.bounties], [-5n, 5n]);
      await expect(sending)
        .to.emit(d.bounties, "BountyPosted")
        .withArgs(2n, d.stranger, d.reviewer, TERMS, TERMS_URI, deadline);
      const { issuer, funded } = await d.bounties.getBounty(2n);
      expect([issuer, funded]).to.deep.equal([d.stranger.address, 5n]);
      expect(await d.bounties.contributions(2n, d.stranger)).to.equal(5n);
    });

    it("takes terms without a place", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const data = await dataOf(d, { termsURI: "" });
      expect(dataLength(data)).to.equal(160);
      await send(d, data);
      expect(await d.bounties.bountyCount()).to.equal(2n);
    });

    it("keeps the guards of a post", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      await expect(send(d, await dataOf(d), { amount: 0n })).to.be.revertedWithCustomError(d.bounties, "ZeroAmount");
      const second = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(second);
      await expect(send(d, await dataOf(d, { deadline: 2n ** 40n + BigInt(second) + 1n })))
        .to.be.revertedWithCustomError(d.bounties, "InvalidDeadline")
        .withArgs(second + 1, second + LONGEST, 2n ** 40n + BigInt(second) + 1n);
    });
  });

  describe("given the number of a bounty", () => {
    it("funds it with what was transferred", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const sending = send(d, fundData(d.bountyId));
      await expect(sending).to.changeTokenBalances(ethers, d.nmr, [d.stranger, d.bounties], [-5n, 5n]);
      await expect(sending).to.emit(d.bounties, "BountyFunded").withArgs(d.bountyId, d.stranger, 5n);
      expect((await d.bounties.getBounty(d.bountyId)).funded).to.equal(FUNDED + 5n);
    });

    it("keeps the guards of funding", async () => {
      const d = await networkHelpers.loadFixture(submittedBounty);
      await expect(send(d, fundData(99n)))
        .to.be.revertedWithCustomError(d.bounties, "BountyNotOpen")
        .withArgs(99n, 0n);
      await expect(send(d, fundData(d.bountyId), { amount: 0n })).to.be.revertedWithCustomError(
        d.bounties,
        "ZeroAmount",
      );
      await award(d);
      await expect(send(d, fundData(d.bountyId)))
        .to.be.revertedWithCustomError(d.bounties, "FundingClosed")
        .withArgs(d.bountyId);
    });
  });

  describe("given other data", () => {
    it("refuses what is neither, and moves nothing", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const whole = await dataOf(d, { termsURI: "" });
      for (const data of ["0x", dataSlice(whole, 0, 31), dataSlice(whole, 0, 33), dataSlice(whole, 0, 159)]) {
        await expect(send(d, data))
          .to.be.revertedWithCustomError(d.bounties, "InvalidTransferData")
          .withArgs(160n, dataLength(data));
      }
      expect(await d.nmr.balanceOf(d.bounties)).to.equal(FUNDED);
    });

    it("refuses a reviewer wider than an address, and a place beyond the data", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const { deadline } = await postCall(d);
      const coder = AbiCoder.defaultAbiCoder();
      const types = ["bytes32", "string", "uint256", "uint256"];
      const wide = coder.encode(types, [TERMS, TERMS_URI, deadline, 2n ** 160n + BigInt(d.reviewer.address)]);
      const cut = dataSlice(await dataOf(d), 0, 160);
      for (const data of [wide, cut]) {
        await expect(send(d, data))
          .to.be.revertedWithCustomError(d.nmr, "ERC1363InvalidReceiver")
          .withArgs(await addressOf(d.bounties));
      }
    });

    it("refuses a value wider than can be counted, although NMR never has as much", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const token = await addressOf(d.nmr);
      await networkHelpers.impersonateAccount(token);
      await networkHelpers.setBalance(token, 10n ** 18n);
      const nmr = await ethers.getSigner(token);
      await expect(d.bounties.connect(nmr).onTransferReceived(d.stranger, d.stranger, 2n ** 96n, fundData(d.bountyId)))
        .to.be.revertedWithCustomError(d.bounties, "SafeCastOverflowedUintDowncast")
        .withArgs(96n, 2n ** 96n);
    });
  });

  describe("given another token", () => {
    it("takes none but NMR", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      const other = await new Numeraire__factory(d.deployer).deploy(d.authority, ISSUED);
      await other.connect(d.deployer).mint(d.stranger, 5n);
      const data = fundData(d.bountyId);
      await expect(other.connect(d.stranger)["transferAndCall(address,uint256,bytes)"](d.bounties, 5n, data))
        .to.be.revertedWithCustomError(d.bounties, "NotNumeraire")
        .withArgs(await addressOf(other));
    });

    it("believes no account that claims to have transferred", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await expect(d.bounties.connect(d.stranger).onTransferReceived(d.stranger, d.stranger, 5n, fundData(d.bountyId)))
        .to.be.revertedWithCustomError(d.bounties, "NotNumeraire")
        .withArgs(d.stranger);
    });
  });

  describe("given an operator with an allowance", () => {
    it("lets it neither fund nor post with the holder's NMR", async () => {
      const d = await networkHelpers.loadFixture(openBounty);
      await d.nmr.connect(d.patron).approve(d.stranger, 5n);
      for (const data of [fundData(d.bountyId), await dataOf(d)]) {
        await expect(
          d.nmr
            .connect(d.stranger)
            ["transferFromAndCall(address,address,uint256,bytes)"](d.patron, d.bounties, 5n, data),
        )
          .to.be.revertedWithCustomError(d.bounties, "OperatorNotSender")
          .withArgs(d.stranger, d.patron);
      }
    });
  });
});
