import { Signature, type ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";

import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { openRound, register } from "../../fixtures/rounds.js";
import {
  AMOUNT,
  CONFIDENCE,
  PREDICTIONS,
  stakeCall,
  stakingRound,
  type StakeCall,
  type StakingRound,
} from "../../fixtures/staking-round.js";

interface Permit {
  deadline: number;
  signature: Signature;
}

/** The round with an owner that never gave the tournament an allowance. */
async function withoutAllowance(): Promise<StakingRound> {
  const d = await stakingRound();
  await d.nmr.connect(d.owner).approve(d.tournament, 0n);
  await d.nmr.connect(d.stranger).approve(d.tournament, 0n);
  return d;
}

/** The signature of an account that lets the tournament take the amount of a stake. */
async function signPermit(
  { nmr, tournament }: StakingRound,
  signer: HardhatEthersSigner,
  { value = AMOUNT, validFor = 3_600 } = {},
): Promise<Permit> {
  const deadline = (await networkHelpers.time.latest()) + validFor;
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "Numeraire", version: "1", chainId, verifyingContract: await nmr.getAddress() };
  const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"];
  const types = {
    Permit: fields.map((field) => {
      const [type = "", name = ""] = field.split(" ");
      return { type, name };
    }),
  };
  const [owner, spender] = [signer.address, await tournament.getAddress()];
  const message = { owner, spender, value, nonce: await nmr.nonces(signer), deadline };
  return { deadline, signature: Signature.from(await signer.signTypedData(domain, types, message)) };
}

async function stakeWithPermit(
  d: StakingRound,
  { deadline, signature: { v, r, s } }: Permit,
  changes: Partial<StakeCall> = {},
): Promise<ContractTransactionResponse> {
  const { by, roundId, modelId, amount, confidence, predictionsHash } = stakeCall(d, changes);
  return d.tournament
    .connect(by)
    .stakeWithPermit(roundId, modelId, amount, confidence, predictionsHash, deadline, v, r, s);
}

describe("StakingTournament.stakeWithPermit", () => {
  describe("given a permit of the caller", () => {
    it("stakes with no approval, and leaves no allowance", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const permit = await signPermit(d, d.owner);
      await expect(stakeWithPermit(d, permit)).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.owner, d.tournament],
        [-AMOUNT, AMOUNT],
      );
      expect(await d.nmr.allowance(d.owner, d.tournament)).to.equal(0n);
      expect(await d.nmr.nonces(d.owner)).to.equal(1n);
      expect(await d.tournament.getStake(d.roundId, 0n)).to.deep.equal([d.modelId, AMOUNT, CONFIDENCE]);
    });

    it("tells of the stake", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      await expect(stakeWithPermit(d, await signPermit(d, d.owner)))
        .to.emit(d.tournament, "StakePlaced")
        .withArgs(d.roundId, d.modelId, d.owner, 0n, AMOUNT, CONFIDENCE, PREDICTIONS);
    });

    it("stakes although somebody used the permit first", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const permit = await signPermit(d, d.owner);
      const { v, r, s } = permit.signature;
      await d.nmr.connect(d.stranger).permit(d.owner, d.tournament, AMOUNT, permit.deadline, v, r, s);
      await expect(stakeWithPermit(d, permit)).to.changeTokenBalance(ethers, d.nmr, d.owner, -AMOUNT);
    });

    it("stakes once by it: the second time there is no allowance", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const permit = await signPermit(d, d.owner);
      await stakeWithPermit(d, permit);
      const roundId = await openRound(d);
      await expect(stakeWithPermit(d, permit, { roundId }))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(d.tournament, 0n, AMOUNT);
    });

    it("keeps every guard of a stake", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const permit = await signPermit(d, d.owner);
      await expect(stakeWithPermit(d, permit, { confidence: 0n })).to.be.revertedWithCustomError(
        d.tournament,
        "ZeroConfidence",
      );
      await expect(stakeWithPermit(d, permit, { by: d.stranger }))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.owner, d.stranger);
    });
  });

  describe("given a permit that is worth nothing", () => {
    it("fails without an allowance when the permit is for another amount", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      await expect(stakeWithPermit(d, await signPermit(d, d.owner, { value: AMOUNT + 1n })))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(d.tournament, 0n, AMOUNT);
    });

    it("fails without an allowance when the permit has expired", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const permit = await signPermit(d, d.owner, { validFor: -1 });
      await expect(stakeWithPermit(d, permit))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(d.tournament, 0n, AMOUNT);
    });

    it("stakes all the same out of an allowance", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const permit = await signPermit(d, d.owner, { validFor: -1 });
      await expect(stakeWithPermit(d, permit)).to.changeTokenBalance(ethers, d.nmr, d.owner, -AMOUNT);
    });
  });

  describe("given the permit of somebody else", () => {
    it("does not stake that account's NMR", async () => {
      const d = await networkHelpers.loadFixture(withoutAllowance);
      const modelId = await register(d, d.stranger);
      await expect(stakeWithPermit(d, await signPermit(d, d.owner), { by: d.stranger, modelId }))
        .to.be.revertedWithCustomError(d.nmr, "ERC20InsufficientAllowance")
        .withArgs(d.tournament, 0n, AMOUNT);
    });
  });
});
