/** A bug to plant in the contracts, and the promise that it breaks. */
export interface PlantedBug {
  /** Number in the list of invariants. */
  id: string;
  /** The invariant test that must fail. */
  invariant: string;
  /** Source file, from the repository's root. */
  file: string;
  /** Text that occurs exactly once in the file. */
  text: string;
  replacement: string;
  /** What the bug would mean. */
  harm: string;
}

/** At least one for each invariant: a promise whose test cannot fail is not kept by it. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    id: "N1",
    invariant: "invariant_N1_neverMoreThanTheCap",
    file: "contracts/Numeraire.sol",
    text: "Math.min(INITIAL_ALLOWANCE + emitted, MAX_MINTED) - totalMinted",
    replacement: "Math.max(INITIAL_ALLOWANCE + emitted, totalMinted) - totalMinted",
    harm: "the emission goes on after the cap is reached",
  },
  {
    id: "N2",
    invariant: "invariant_N2_neverMoreThanTheEmission",
    file: "contracts/Numeraire.sol",
    text: "(block.timestamp - DEPLOYED_AT)) / 7 days",
    replacement: "(block.timestamp - DEPLOYED_AT)) / 6 days",
    harm: "a week's emission accrues in six days",
  },
  {
    id: "N3",
    invariant: "invariant_N3_supplyIsMintedLessBurned",
    file: "contracts/Numeraire.sol",
    text: "super.burn(amount);",
    replacement: "super.burn(amount);\n        totalMinted -= amount;",
    harm: "burning frees room to mint",
  },
  {
    id: "T1",
    invariant: "invariant_T1_nmrIsThere",
    file: "contracts/StakingTournament.sol",
    text: "nmr.transferFrom(msg.sender, address(this), addedAmount);",
    replacement: "nmr.transferFrom(msg.sender, address(this), addedAmount / 2);",
    harm: "a raised stake is paid by half, and by the other stakers",
  },
  {
    id: "T2",
    invariant: "invariant_T2_etherIsThere",
    file: "contracts/EtherPayments.sol",
    text: "delete owed[msg.sender];",
    replacement: "if (amount == 0) delete owed[msg.sender];",
    harm: "what is owed is withdrawn again and again",
  },
  {
    id: "T3",
    invariant: "invariant_T3_everyStakeIsAccountedFor",
    file: "contracts/StakingTournament.sol",
    text: "round.totalStaked = (uint256(round.totalStaked) + addedAmount).toUint96();",
    replacement: "round.totalStaked = (uint256(round.totalStaked) + addedAmount / 2).toUint96();",
    harm: "the round's total forgets what stakes were raised by",
  },
  {
    id: "T4",
    invariant: "invariant_T4_noMoreThanThePools",
    file: "contracts/StakingTournament.sol",
    text: "if (index == rules.cut) etherPaid = _cutPayout(book.roundId);",
    replacement: "if (rules.prizePool == 1) etherPaid = _cutPayout(book.roundId);",
    harm: "the cut gets all it asked for, out of another round's prize",
  },
  {
    id: "T4",
    invariant: "invariant_T4_noMoreThanThePools",
    file: "contracts/StakingTournament.sol",
    text: "(rules.prizePool * TrackRecord.WINDOW)",
    replacement: "(rules.prizePool * 5)",
    harm: "a bonus for a record of five rounds is what twenty should earn",
  },
  {
    id: "T4",
    invariant: "invariant_T4_noMoreThanThePools",
    file: "contracts/StakingTournament.sol",
    text: "TrackRecord.reputation(model.history(), model.lastOrdinal(), book.ordinal)",
    replacement: "TrackRecord.reputation(model.history(), model.lastOrdinal(), resolvedCount)",
    harm: "a later round counts for an earlier one that is settled after it",
  },
  {
    id: "T4",
    invariant: "invariant_T4_noMoreThanThePools",
    file: "contracts/Scoring.sol",
    text: "_attempts[roundId][round.resolution.resolvedAttempt].above",
    replacement: "_attempts[roundId][round.pools.attemptCount].above",
    harm: "the cut is paid by the newest attempt, whoever made it",
  },
  {
    id: "T5",
    invariant: "invariant_T5_everyStakeSettlesOnce",
    file: "contracts/StakingTournament.sol",
    text: "if (placed.amount() == 0) continue;",
    replacement: "if (placed.confidence() == 0) continue;",
    harm: "the cut is paid as often as anybody settles it",
  },
  {
    id: "T6",
    invariant: "invariant_T6_roundsKeepApart",
    file: "contracts/StakingTournament.sol",
    text: "Settlement storage settlement = _rounds[book.roundId].settlement;",
    replacement: "Settlement storage settlement = _rounds[1].settlement;",
    harm: "settlements of every round are booked to the first",
  },
  {
    id: "T7",
    invariant: "invariant_T7_resolutionsAreFinal",
    file: "contracts/Scoring.sol",
    text: `_requireStatus(roundId, RoundStatus.Closed);
        Round storage round = _rounds[roundId];
        AttemptState storage attempt = _requireLiveAttempt(roundId, attemptId);
        uint256 completedAt`,
    replacement: `Round storage round = _rounds[roundId];
        AttemptState storage attempt = _requireLiveAttempt(roundId, attemptId);
        uint256 completedAt`,
    harm: "a resolved round is resolved again by other scores",
  },
  {
    id: "T7",
    invariant: "invariant_T7_resolutionsAreFinal",
    file: "contracts/Scoring.sol",
    text: "AttemptState storage attempt = _attempts[roundId][_rounds[roundId].resolution.resolvedAttempt];",
    replacement: "AttemptState storage attempt = _attempts[roundId][_rounds[roundId].pools.attemptCount];",
    harm: "the scores that are shown are the newest attempt's, not those the round was resolved by",
  },
  {
    id: "T8",
    invariant: "invariant_T8_voidRoundsGiveBack",
    file: "contracts/StakingTournament.sol",
    text: "if (!book.resolved) return (true, 0, 0, false);",
    replacement: "if (!book.resolved) return (placed.confidence() > 0.3e18, 0, 0, false);",
    harm: "a void round keeps the stakes of the timid",
  },
  {
    id: "T9",
    invariant: "invariant_T9_stakesOnlyRise",
    file: "contracts/StakingTournament.sol",
    text: "if (newConfidence < confidence) revert",
    replacement: "if (newConfidence + 0.1e18 < confidence) revert",
    harm: "a staker lowers the bid that others have answered",
  },
  {
    id: "T10",
    invariant: "invariant_T10_supplyFallsByWhatIsBurned",
    file: "contracts/Scoring.sol",
    text: "if (burned > 0) nmr.burn(burned);",
    replacement: "if (burned > 0) nmr.burn(burned / 2);",
    harm: "half of what is destroyed stays in the contract for ever",
  },
  {
    id: "T11",
    invariant: "invariant_T11_everythingComesOut",
    file: "contracts/Rounds.sol",
    text: "block.timestamp <= deadline)",
    replacement: "block.timestamp <= deadline + 365 days)",
    harm: "an overdue round holds its stakes for a year more",
  },
  {
    id: "T12",
    invariant: "invariant_T12_outcomesAreTheReferences",
    file: "contracts/libraries/Auction.sol",
    text: "if (word & ScoreSheet.MAX_LOGLOSS >= rules.benchmark) return",
    replacement: "if (word & ScoreSheet.MAX_LOGLOSS > rules.benchmark) return",
    harm: "a model as good as a coin is paid when it settles",
  },
  {
    id: "T13",
    invariant: "invariant_T13_anHonestQuorumResolves",
    file: "contracts/Scoring.sol",
    text: "Math.max(deadline, block.timestamp + round.resolution.challengePeriod + MIN_SCORING_TIME)",
    replacement: "Math.max(deadline, block.timestamp)",
    harm: "a veto in the last minute voids the round",
  },
  {
    id: "T13",
    invariant: "invariant_T13_anHonestQuorumResolves",
    file: "contracts/OracleCommittee.sol",
    text: "_approvals[reportHash] = bits & ~bit;",
    replacement: "delete _approvals[reportHash];",
    harm: "a member that takes its approval back takes everybody's",
  },
  {
    id: "W1",
    invariant: "invariant_W1_whatIsAllocatedIsThere",
    file: "contracts/WeeklyRewards.sol",
    text: "nmr.mint(address(this), added);",
    replacement: "nmr.mint(address(this), added / 2);",
    harm: "half of what a week allocates is not there to be paid",
  },
  {
    id: "W1",
    invariant: "invariant_W1_whatIsAllocatedIsThere",
    file: "contracts/WeeklyRewards.sol",
    text: "if (amount > available) revert",
    replacement: "if (amount > available / 2) revert",
    harm: "the last to come cannot claim what is theirs",
  },
  {
    id: "W2",
    invariant: "invariant_W2_whatIsClaimedOnlyRises",
    file: "contracts/WeeklyRewards.sol",
    text: "claimed[account] = cumulative;",
    replacement: "claimed[account] = amount;",
    harm: "whoever claimed in two weeks claims the first one again",
  },
  {
    id: "W3",
    invariant: "invariant_W3_nothingBeyondTheAllocation",
    file: "contracts/WeeklyRewards.sol",
    text: "if (amount > available) revert",
    replacement: "if (amount > available && amount > allocated) revert",
    harm: "a tree that promises too much is paid out of what others sent",
  },
  {
    id: "B1",
    invariant: "invariant_B1_nmrIsThere",
    file: "contracts/VestingGrants.sol",
    text: "grant.released += uint96(amount);",
    replacement: "grant.released = uint96(amount);",
    harm: "a grant pays again what it has paid, out of the bounties of others",
  },
  {
    id: "B2",
    invariant: "invariant_B2_everyBountyIsAccountedFor",
    file: "contracts/BountyGrants.sol",
    text: "bounty.unawarded -= uint96(total);",
    replacement: "bounty.unawarded -= uint96(total / 2);",
    harm: "half of an award can be awarded, or given back, once more",
  },
  {
    id: "E1",
    invariant: "invariant_E1_nmrIsThere",
    file: "contracts/ComputeEscrow.sol",
    text: "channel.book.funds -= amount;",
    replacement: "channel.book.funds -= amount / 2;",
    harm: "half of what was withdrawn can be used again, out of the channels of others",
  },
  {
    id: "E2",
    invariant: "invariant_E2_everyChannelAddsUp",
    file: "contracts/ComputeEscrow.sol",
    text: "_channels[providerId][user].book.funds += amount;",
    replacement: "_channels[1][user].book.funds += amount;",
    harm: "deposits with any provider are booked to the first",
  },
  {
    id: "E3",
    invariant: "invariant_E3_nothingUnsignedIsPaid",
    file: "contracts/ComputeEscrow.sol",
    text: "paid = Math.min(voucher.cumulative - book.claimed, book.funds);",
    replacement: "paid = Math.min(voucher.cumulative, book.funds);",
    harm: "each voucher pays once more what earlier ones paid",
  },
  {
    id: "E4",
    invariant: "invariant_E4_usersGetTheirNmrBack",
    file: "contracts/ComputeEscrow.sol",
    text: "uint256 pending = Math.min(holds.pending, balance - reserved);",
    replacement: "uint256 pending = holds.pending;",
    harm: "a withdrawal that a voucher was paid out of is never paid, or is an exit for what is deposited later",
  },
];
