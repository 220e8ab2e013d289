import { expect } from "chai";
import { Interface } from "ethers";

import { bountyStatusName } from "../../sdk/bounty-status.js";
import { decodeError, toNumeraireError } from "../../sdk/decode-error.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { submissionStatusName } from "../../sdk/submission-status.js";
import {
  AccessManager__factory,
  BountyGrants__factory,
  ComputeEscrow__factory,
  Numeraire__factory,
  OracleCommittee__factory,
  StakingTournament__factory,
  WeeklyRewards__factory,
} from "../../typechain-types/index.js";

const tournament = new Interface(StakingTournament__factory.abi);
const invalidCut = tournament.encodeErrorResult("InvalidCut", [3, 10n ** 19n, 5n, 0n]);

describe("decodeError", () => {
  it("names the error and its arguments", () => {
    expect(decodeError(invalidCut)).to.deep.equal({
      name: "InvalidCut",
      args: { cut: 3n, prizePool: 10n ** 19n, above: 5n, cutPayout: 0n },
      hint: "The cut does not follow from scores and stakes: plan again.",
    });
  });

  it("names round statuses", () => {
    const data = tournament.encodeErrorResult("UnexpectedRoundStatus", [7, 1, 2]);
    expect(decodeError(data)?.args).to.deep.equal({ roundId: 7n, expected: "Open", actual: "Closed" });
  });

  it("names statuses of bounties and of submissions", () => {
    const bounties = new Interface(BountyGrants__factory.abi);
    for (const name of ["BountyNotOpen", "BountyNotReviewable", "BountyNotOverdue", "BountyNotClosed"]) {
      const data = bounties.encodeErrorResult(name, [7, 3]);
      expect(decodeError(data)?.args).to.deep.equal({ bountyId: 7n, actual: "Overdue" });
    }
    const data = bounties.encodeErrorResult("SubmissionNotPending", [7, 2, 3]);
    expect(decodeError(data)?.args).to.deep.equal({ bountyId: 7n, submissionId: 2n, actual: "Rejected" });
  });

  it("refuses statuses that no bounty and no submission has", () => {
    expect(() => bountyStatusName(7n)).to.throw(RangeError, "bounty status 7");
    expect(() => submissionStatusName(4n)).to.throw(RangeError, "submission status 4");
  });

  for (const [contract, factory, name] of [
    ["tournament", StakingTournament__factory, "SafeCastOverflowedUintDowncast"],
    ["tournament", StakingTournament__factory, "AccessManagedUnauthorized"],
    ["committee", OracleCommittee__factory, "AlreadyApproved"],
    ["token", Numeraire__factory, "ERC20InsufficientBalance"],
    ["authority", AccessManager__factory, "AccessManagerUnauthorizedAccount"],
  ] as const) {
    it(`knows ${name} of the ${contract}`, () => {
      const contractInterface = new Interface(factory.abi);
      const inputs = contractInterface.getError(name)?.inputs ?? [];
      const values = inputs.map(({ type }) =>
        type === "address" ? factory.bytecode.slice(0, 42) : type === "bytes32" ? `0x${"11".repeat(32)}` : 1,
      );
      expect(decodeError(contractInterface.encodeErrorResult(name, values))?.name).to.equal(name);
    });
  }

  it("knows every error the contracts declare", () => {
    for (const factory of [
      StakingTournament__factory,
      WeeklyRewards__factory,
      BountyGrants__factory,
      ComputeEscrow__factory,
      OracleCommittee__factory,
      Numeraire__factory,
    ]) {
      new Interface(factory.abi).forEachError((error) => {
        const data = error.selector + "0".repeat(64 * error.inputs.length);
        expect(decodeError(data)?.name).to.equal(error.name);
      });
    }
  });

  it("does not know foreign or cut-off data", () => {
    expect(decodeError("0xdeadbeef")).to.equal(undefined);
    expect(decodeError(invalidCut.slice(0, 40))).to.equal(undefined);
  });
});

describe("toNumeraireError", () => {
  it("finds revert data wherever a provider puts it", () => {
    for (const error of [
      Object.assign(new Error("x"), { data: invalidCut }),
      Object.assign(new Error("x"), { data: { data: invalidCut } }),
      Object.assign(new Error("x"), { info: { error: { data: invalidCut } } }),
      new Error("x", { cause: Object.assign(new Error("y"), { error: { data: invalidCut } }) }),
    ]) {
      const told = toNumeraireError(error, "postScores");
      expect(told.message).to.equal(
        "postScores: the contract refused with InvalidCut(cut: 3, prizePool: 10000000000000000000, above: 5, cutPayout: 0)",
      );
      expect(told.cause).to.equal(error);
      expect(told.exitCode).to.equal(1);
    }
  });

  it("shows data that no contract of the suite declares", () => {
    const told = toNumeraireError(Object.assign(new Error("x"), { data: "0xdeadbeef" }));
    expect(told.message).to.equal("the contract refused with unknown data 0xdeadbeef");
  });

  it("leaves a NumeraireError as it is", () => {
    const error = new NumeraireError("message", { hint: "hint", exitCode: 2 });
    expect(toNumeraireError(error)).to.equal(error);
  });

  it("says what to do about a node that does not answer", () => {
    const told = toNumeraireError(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
    expect(told.message).to.equal("connect ECONNREFUSED");
    expect(told.hint).to.contain("NUMERAIRE_RPC_URL");
  });

  it("keeps the message of anything else", () => {
    expect(toNumeraireError(new Error("odd")).message).to.equal("odd");
    expect(toNumeraireError("odd").message).to.equal("odd");
  });
});
