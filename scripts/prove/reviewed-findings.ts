/** A finding of Slither that was looked into, and why it is no defect. */
export interface ReviewedFinding {
  detector: string;
  /** Slither's description without places in files; the order of its lines does not matter. */
  finding: string;
  reason: string;
  /** Whether the detector finds it in some runs only: Slither's answer then depends on the order of Python's sets. */
  unsteady?: true;
}

const NMR_REVERTS =
  "nmr is fixed at deployment and is Numeraire, whose transfers revert on failure and return nothing but true";

/** Every finding of medium impact or above; one that is not found any more must go. */
export const REVIEWED_FINDINGS: readonly ReviewedFinding[] = [
  ...[
    "StakingTournament.stake(uint256,uint256,uint96,uint96,bytes32) ignores return value by nmr.transferFrom(msg.sender,address(this),amount)",
    "StakingTournament.raiseStake(uint256,uint256,uint96,uint96) ignores return value by nmr.transferFrom(msg.sender,address(this),addedAmount)",
    "StakingTournament.restake(uint256,uint256,uint256,uint96,bytes32) ignores return value by nmr.transfer(payee,bonus)",
    "StakingTournament.settle(uint256,uint256,uint256) ignores return value by nmr.transfer(payee_scope_0,uint128(amount))",
    "Rounds.fundBonus(uint256,uint96) ignores return value by nmr.transferFrom(msg.sender,address(this),amount)",
    "Rounds.reclaimBonus(uint256) ignores return value by nmr.transfer(msg.sender,amount)",
    "Rounds.sweepRemainder(uint256) ignores return value by nmr.transfer(treasury,bonusLeft)",
    "WeeklyRewards.claim(address,uint256,bytes32[]) ignores return value by nmr.transfer(account,amount)",
    "WeeklyRewards.claimMany(address[],uint256[],bytes32[],bool[]) ignores return value by nmr.transfer(accounts[i_scope_1],amounts[i_scope_1])",
    "Bounties.post(bytes32,string,uint96,uint40,address) ignores return value by nmr.transferFrom(msg.sender,address(this),amount)",
    "Bounties.fund(uint256,uint96) ignores return value by nmr.transferFrom(msg.sender,address(this),amount)",
    "Bounties.reclaim(uint256) ignores return value by nmr.transfer(msg.sender,amount)",
    "BountyGrants._award(uint256,uint256,address[],uint96[],uint32) ignores return value by nmr.transfer(payees[i],amounts[i])",
    "VestingGrants.release(uint256) ignores return value by nmr.transfer(grant.payee,amount)",
    "ComputeEscrow.deposit(uint256,uint96) ignores return value by nmr.transferFrom(msg.sender,address(this),amount)",
    "ComputeEscrow.withdraw(uint256) ignores return value by nmr.transfer(msg.sender,amount)",
    "ComputeEscrow.refund(address,uint96) ignores return value by nmr.transfer(user,amount)",
    "ComputeEscrow.redeem(IComputeEscrow.UsageVoucher,bytes) ignores return value by nmr.transfer(_providers[voucher.providerId].payout,paid)",
    "ComputeEscrow.redeemMany(IComputeEscrow.UsageVoucher[],bytes[]) ignores return value by nmr.transfer(_providers[providerId].payout,paid)",
  ].map((finding) => ({ detector: "unchecked-transfer", finding, reason: NMR_REVERTS })),
  {
    detector: "divide-before-multiply",
    finding: [
      "ScoreSheet.read(mapping(uint256 => address),uint256,uint256) performs a multiplication on the result of a division:",
      "- chunk = from / CHUNK",
      "- start = from - chunk * CHUNK",
    ].join("\n"),
    reason: "quotient and remainder are what is wanted: the chunk a stake lies in and its place there",
  },
  {
    detector: "incorrect-equality",
    finding: [
      "EtherPayments._pay(address,uint256) uses a dangerous strict equality:",
      "- amount == 0 || _send(to,amount)",
    ].join("\n"),
    reason: "the amount is the contract's own account of what is due, not a balance that others can move",
    unsteady: true,
  },
  {
    detector: "reentrancy-no-eth",
    finding: [
      "Reentrancy in StakingTournament.settle(uint256,uint256,uint256):",
      "External calls:",
      "- nmr.transfer(payee_scope_0,uint128(amount))",
      "State variables written after the call(s):",
      "- _pay(payee_scope_0,amount >> 128)",
      "- owed[to] += amount",
      "EtherPayments.owed can be used in cross function reentrancies:",
      "- EtherPayments.owed",
    ].join("\n"),
    reason:
      "every effect of the batch is done before the first payment, every function that touches `owed` is nonReentrant, and a plain NMR transfer calls nobody",
  },
  {
    detector: "unused-return",
    finding: "ModelRegistry.registerModel(bytes32) ignores return value by SafeCast.toUint40(modelId)",
    reason: "the cast is made for its check alone; the number itself is kept as uint256",
  },
  {
    detector: "unused-return",
    finding:
      "ComputeEscrow._signatureRefusal(IComputeEscrow.UsageVoucher,bytes) ignores return value by (signer,None,None) = ECDSA.tryRecoverCalldata(digest,signature)",
    reason:
      "a failed recovery gives the zero address, which is no user and has no session key; why it failed does not matter, since the user may be a wallet",
  },
  {
    detector: "uninitialized-state",
    finding: [
      "Scoring._attempts is never initialized. It is used in:",
      "- Scoring.beginScoring(uint256,uint32,bytes32,string)",
      "- Scoring.scoreOf(uint256,uint256)",
      "- Scoring._complete(uint256,uint256,Auction.Rules,Auction.Tally)",
      "- Scoring._cutPayout(uint256)",
      "- Scoring._requireAttempt(uint256,uint256)",
      "- StakingTournament._openBook(uint256,uint256,uint256)",
    ].join("\n"),
    reason: "a mapping that begins empty; beginScoring writes it through a storage pointer",
    unsteady: true,
  },
  {
    detector: "uninitialized-state",
    finding: [
      "Bounties._bounties is never initialized. It is used in:",
      "- Bounties.expire(uint256)",
      "- Bounties.reclaim(uint256)",
      "- Bounties.getBounty(uint256)",
      "- Bounties._post(address,bytes32,string,uint96,uint256,address)",
      "- Bounties._requireOpen(uint256)",
      "- BountyGrants._award(uint256,uint256,address[],uint96[],uint32)",
      "- BountyGrants._requireReviewable(uint256)",
    ].join("\n"),
    reason: "a mapping that begins empty; posting writes it through a storage pointer",
    unsteady: true,
  },
  {
    detector: "unused-return",
    finding:
      "NumeraireGovernor.recordSupply() ignores return value by _supplies.push(clock(),SafeCast.toUint208(supply))",
    reason: "what the history held before is not wanted: the supply of now is recorded and returned",
  },
];
