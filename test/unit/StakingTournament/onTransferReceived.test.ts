import { AbiCoder, concat, dataSlice, parseEther, type ContractTransactionResponse } from "ethers";
import { expect } from "chai";

import { Numeraire__factory, type Numeraire } from "../../../typechain-types/index.js";
import { at } from "../../fixtures/at.js";
import { ethers, networkHelpers } from "../../fixtures/deployed.js";
import { STATUS } from "../../fixtures/every-status.js";
import { register } from "../../fixtures/rounds.js";
import {
  AMOUNT,
  CONFIDENCE,
  MIN_STAKE,
  PREDICTIONS,
  stakeCall,
  stakingRound,
  type StakeCall,
  type StakingRound,
} from "../../fixtures/staking-round.js";

const DATA_LENGTH = 128n;

/** The data that tells the tournament what to stake. */
function encode({ roundId, modelId, confidence, predictionsHash }: StakeCall): string {
  return AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "uint256", "bytes32"],
    [roundId, modelId, confidence, predictionsHash],
  );
}

async function stakeByTransfer(
  d: StakingRound,
  changes: Partial<StakeCall> & { data?: string; token?: Numeraire } = {},
): Promise<ContractTransactionResponse> {
  const call = stakeCall(d, changes);
  const token = (changes.token ?? d.nmr).connect(call.by);
  return token["transferAndCall(address,uint256,bytes)"](d.tournament, call.amount, changes.data ?? encode(call));
}

/** The tournament as the token would call it. */
async function calledByToken(d: StakingRound): Promise<StakingRound["tournament"]> {
  const token = await d.nmr.getAddress();
  await networkHelpers.impersonateAccount(token);
  await networkHelpers.setBalance(token, parseEther("1"));
  return d.tournament.connect(await ethers.getSigner(token));
}

describe("StakingTournament.onTransferReceived", () => {
  describe("given a transfer of NMR by its holder", () => {
    it("stakes in one transaction, with no allowance", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await d.nmr.connect(d.owner).approve(d.tournament, 0n);
      await expect(stakeByTransfer(d)).to.changeTokenBalances(
        ethers,
        d.nmr,
        [d.owner, d.tournament],
        [-AMOUNT, AMOUNT],
      );
      expect(await d.tournament.getStake(d.roundId, 0n)).to.deep.equal([d.modelId, AMOUNT, CONFIDENCE]);
      expect((await d.tournament.getRound(d.roundId)).totalStaked).to.equal(AMOUNT);
      expect((await d.tournament.getModel(d.modelId)).lastStakedRound).to.equal(d.roundId);
    });

    it("tells of the stake", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stakeByTransfer(d))
        .to.emit(d.tournament, "StakePlaced")
        .withArgs(d.roundId, d.modelId, d.owner, 0n, AMOUNT, CONFIDENCE, PREDICTIONS);
    });

    it("answers the token with the selector of ERC-1363", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const tournament = await calledByToken(d);
      const selector = tournament.interface.getFunction("onTransferReceived").selector;
      expect(await tournament.onTransferReceived.staticCall(d.owner, d.owner, AMOUNT, encode(stakeCall(d)))).to.equal(
        selector,
      );
    });

    it("keeps the guards of a stake", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stakeByTransfer(d, { amount: MIN_STAKE - 1n }))
        .to.be.revertedWithCustomError(d.tournament, "StakeTooSmall")
        .withArgs(MIN_STAKE, MIN_STAKE - 1n);
      await expect(stakeByTransfer(d, { modelId: 2n ** 40n + d.modelId }))
        .to.be.revertedWithCustomError(d.tournament, "ModelNotFound")
        .withArgs(2n ** 40n + d.modelId);
      await expect(stakeByTransfer(d, { by: d.stranger }))
        .to.be.revertedWithCustomError(d.tournament, "NotModelOwner")
        .withArgs(d.modelId, d.owner, d.stranger);
      await at(d.closesAt);
      await expect(stakeByTransfer(d))
        .to.be.revertedWithCustomError(d.tournament, "UnexpectedRoundStatus")
        .withArgs(d.roundId, STATUS.Open, STATUS.Closed);
    });
  });

  describe("given data that is no stake", () => {
    for (const [what, data] of [
      ["no data", () => "0x"],
      ["a byte too few", (whole: string) => dataSlice(whole, 0, 127)],
      ["a byte too many", (whole: string) => concat([whole, "0x00"])],
      ["a word too many", (whole: string) => concat([whole, PREDICTIONS])],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const d = await networkHelpers.loadFixture(stakingRound);
        const given = data(encode(stakeCall(d)));
        await expect(stakeByTransfer(d, { data: given }))
          .to.be.revertedWithCustomError(d.tournament, "InvalidStakeData")
          .withArgs(DATA_LENGTH, BigInt(given.length / 2 - 1));
      });
    }

    it("refuses the transfer without data", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(d.nmr.connect(d.owner)["transferAndCall(address,uint256)"](d.tournament, AMOUNT))
        .to.be.revertedWithCustomError(d.tournament, "InvalidStakeData")
        .withArgs(DATA_LENGTH, 0n);
    });

    it("refuses a confidence of 97 bits, and takes the widest of 96", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(stakeByTransfer(d, { confidence: 2n ** 96n }))
        .to.be.revertedWithCustomError(d.tournament, "SafeCastOverflowedUintDowncast")
        .withArgs(96n, 2n ** 96n);
      await stakeByTransfer(d, { confidence: 2n ** 96n - 1n });
      expect((await d.tournament.getStake(d.roundId, 0n)).confidence).to.equal(2n ** 96n - 1n);
    });

    it("refuses a value of 97 bits, although NMR can never move that much", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const tournament = await calledByToken(d);
      await expect(tournament.onTransferReceived(d.owner, d.owner, 2n ** 96n, encode(stakeCall(d))))
        .to.be.revertedWithCustomError(tournament, "SafeCastOverflowedUintDowncast")
        .withArgs(96n, 2n ** 96n);
    });
  });

  describe("given a caller that is not NMR", () => {
    it("refuses another token that behaves alike", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const token = await new Numeraire__factory(d.deployer).deploy(d.authority, parseEther("1000"));
      await token.mint(d.owner, AMOUNT);
      await expect(stakeByTransfer(d, { token }))
        .to.be.revertedWithCustomError(d.tournament, "NotNumeraire")
        .withArgs(token);
    });

    it("refuses an account that claims to have transferred", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await expect(d.tournament.connect(d.owner).onTransferReceived(d.owner, d.owner, AMOUNT, encode(stakeCall(d))))
        .to.be.revertedWithCustomError(d.tournament, "NotNumeraire")
        .withArgs(d.owner);
    });
  });

  describe("given an operator with an allowance", () => {
    it("does not let the operator choose the stake on the holder's model", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      await d.nmr.connect(d.owner).approve(d.stranger, AMOUNT);
      const operator = d.nmr.connect(d.stranger);
      const [whole, worst] = [stakeCall(d), stakeCall(d, { confidence: 2n ** 96n - 1n })].map(encode);
      for (const data of [whole, worst]) {
        if (data === undefined) throw new Error("no data");
        await expect(
          operator["transferFromAndCall(address,address,uint256,bytes)"](d.owner, d.tournament, AMOUNT, data),
        )
          .to.be.revertedWithCustomError(d.tournament, "OperatorNotSender")
          .withArgs(d.stranger, d.owner);
      }
    });

    it("does not let the operator stake the holder's NMR on a model of its own", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const modelId = await register(d, d.stranger);
      await d.nmr.connect(d.owner).approve(d.stranger, AMOUNT);
      const data = encode(stakeCall(d, { modelId }));
      await expect(
        d.nmr
          .connect(d.stranger)
          ["transferFromAndCall(address,address,uint256,bytes)"](d.owner, d.tournament, AMOUNT, data),
      )
        .to.be.revertedWithCustomError(d.tournament, "OperatorNotSender")
        .withArgs(d.stranger, d.owner);
    });
  });

  describe("given an approval instead of a transfer", () => {
    it("takes no call", async () => {
      const d = await networkHelpers.loadFixture(stakingRound);
      const data = encode(stakeCall(d));
      await expect(d.nmr.connect(d.owner)["approveAndCall(address,uint256,bytes)"](d.tournament, AMOUNT, data))
        .to.be.revertedWithCustomError(d.nmr, "ERC1363InvalidSpender")
        .withArgs(d.tournament);
    });
  });
});
