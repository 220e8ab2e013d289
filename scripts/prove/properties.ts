/** A statement in a contract that a model restates; whitespace aside it must still be there. */
export interface Restated {
  /** Path of the contract in the repository. */
  file: string;
  text: string;
}

/** One assertion of a model, claimed as proved. */
export interface Property {
  /** Promise it belongs to, as numbered in docs/invariants.md. */
  promise: string;
  /** File of scripts/prove/proofs. */
  file: string;
  contract: string;
  /** Function of the model that makes the assertion. */
  assertion: string;
  /** What is proved, for people. */
  says: string;
  /** Change of the model that makes the assertion false: the checker must then refuse to prove it. */
  weakened: { from: string; to: string };
}

export const PROPERTIES: readonly Property[] = [
  {
    promise: "N1",
    file: "TokenAllowance.sol",
    contract: "TokenAllowance",
    assertion: "capHolds",
    says: "totalMinted ≤ MAX_MINTED, for ever",
    weakened: { from: "< MAX_MINTED ? INITIAL_ALLOWANCE + emitted : MAX_MINTED", to: "> 0 ? emitted : emitted" },
  },
  {
    promise: "N2",
    file: "TokenAllowance.sol",
    contract: "TokenAllowance",
    assertion: "emissionHolds",
    says: "totalMinted ≤ initial + emission × elapsed",
    weakened: { from: "if (amount > available) revert();", to: "if (amount > available + 1) revert();" },
  },
  {
    promise: "N3",
    file: "TokenAllowance.sol",
    contract: "TokenAllowance",
    assertion: "supplyAddsUp",
    says: "totalSupply = totalMinted − everything burned",
    weakened: { from: "everBurned += amount;", to: "everBurned = amount;" },
  },
  {
    promise: "T12",
    file: "AuctionOrder.sol",
    contract: "AuctionOrder",
    assertion: "orderIsTotal",
    says: "ranks order stakes by confidence, then index: no two alike",
    weakened: { from: "(type(uint32).max - index)", to: "index" },
  },
  {
    promise: "T3",
    file: "AuctionOrder.sol",
    contract: "AuctionOrder",
    assertion: "burnsAgree",
    says: "what adding up counts as burned, settling does not return",
    weakened: {
      from: "facts.logloss >= rules.benchmark) return (false",
      to: "facts.logloss > rules.benchmark) return (false",
    },
  },
  {
    promise: "T4",
    file: "AuctionOrder.sol",
    contract: "AuctionOrder",
    assertion: "paymentsAgree",
    says: "what adding up counts as due, settling pays",
    weakened: { from: "< rules.cutRank) return (true, 0)", to: "<= rules.cutRank + 1) return (true, 0)" },
  },
  {
    promise: "T3",
    file: "RoundTotals.sol",
    contract: "RoundTotals",
    assertion: "totalsHold",
    says: "Resolved: burned + returned + still to return = totalStaked",
    weakened: { from: "returned += amount;", to: "returned += amount + 1;" },
  },
  {
    promise: "T8",
    file: "RoundTotals.sol",
    contract: "VoidTotals",
    assertion: "everythingComesBack",
    says: "Void and settled: returned = totalStaked",
    weakened: { from: "returned += amount;", to: "returned += amount + 1;" },
  },
  {
    promise: "T4",
    file: "PrizeCounters.sol",
    contract: "PrizeCounters",
    assertion: "limitIsIdle",
    says: "no stake above an accepted cut asks for more than the pool",
    weakened: { from: "if (above >= prizePool && above > 0) revert();", to: "" },
  },
  {
    promise: "T4",
    file: "PrizeCounters.sol",
    contract: "PrizeCounters",
    assertion: "poolSuffices",
    says: "Σ ether paid ≤ prizePool",
    weakened: { from: "etherPaid += prizePool - above;", to: "etherPaid += prizePool;" },
  },
  {
    promise: "T4",
    file: "PrizeCounters.sol",
    contract: "PrizeCounters",
    assertion: "cutEmptiesPool",
    says: "with a cut, Σ ether paid = prizePool once all is settled",
    weakened: { from: "etherPaid += prizePool - above;", to: "etherPaid += 0;" },
  },
  {
    promise: "bonus",
    file: "BonusCounter.sol",
    contract: "BonusCounter",
    assertion: "stepHolds",
    says: "each settlement keeps bonusPaid × prizePool ≤ bonusPool × etherPaid",
    weakened: { from: "reputation <= WINDOW", to: "reputation <= WINDOW + 1" },
  },
  {
    promise: "bonus",
    file: "BonusCounter.sol",
    contract: "BonusCounter",
    assertion: "poolSuffices",
    says: "then Σ bonus ≤ bonusPool",
    weakened: { from: "excess > 0 && ", to: "" },
  },
  {
    promise: "track record",
    file: "TrackRecordBounds.sol",
    contract: "TrackRecordBounds",
    assertion: "reputationIsBounded",
    says: "reputation ≤ 20, whatever the history",
    weakened: { from: "for (uint256 i = 0;", to: "count = WINDOW; for (uint256 i = WINDOW - 1;" },
  },
];

/** What the models repeat. A contract that no longer says it has left its model behind. */
export const RESTATED: readonly Restated[] = [
  { file: "contracts/Numeraire.sol", text: "uint256 public constant MAX_MINTED = 21_000_000e18;" },
  {
    file: "contracts/Numeraire.sol",
    text: "uint256 public constant WEEKLY_EMISSION = 96_153_846_153_846_153_846_153;",
  },
  { file: "contracts/Numeraire.sol", text: "if (initialAllowance > MAX_MINTED) revert" },
  {
    file: "contracts/Numeraire.sol",
    text: "uint256 emitted = (WEEKLY_EMISSION * (block.timestamp - DEPLOYED_AT)) / 7 days; return Math.min(INITIAL_ALLOWANCE + emitted, MAX_MINTED) - totalMinted;",
  },
  {
    file: "contracts/Numeraire.sol",
    text: "uint256 available = mintable(); if (amount > available) revert MintAboveAllowance(amount, available); totalMinted += amount; _mint(to, amount);",
  },
  { file: "contracts/Numeraire.sol", text: "return totalMinted - totalSupply();" },
  {
    file: "contracts/Numeraire.sol",
    text: "function burn(uint256 amount) public override(INumeraire, ERC20Burnable) { super.burn(amount); }",
  },
  {
    file: "contracts/Numeraire.sol",
    text: "function burnFrom(address account, uint256 amount) public override(INumeraire, ERC20Burnable) { super.burnFrom(account, amount); }",
  },
  {
    file: "contracts/libraries/Auction.sol",
    text: "return (confidence << INDEX_BITS) | (type(uint32).max - index);",
  },
  {
    file: "contracts/libraries/Auction.sol",
    text: "if (word >> 22 < eligibleFrom || prizePool == 0) continue;",
  },
  { file: "contracts/libraries/Auction.sol", text: "if (confidence < minConfidence) continue;" },
  {
    file: "contracts/libraries/Auction.sol",
    text: "uint256 stakeRank = rank(confidence, first + i); if (stakeRank < cutRank) continue; if (word & ScoreSheet.MAX_LOGLOSS >= benchmark) { burned += placed.amount(); } else if (stakeRank == cutRank) { sums.cutPerforms = true; } else { uint256 due = payout(placed.amount(), confidence); above += due < prizePool ? due : prizePool; }",
  },
  {
    file: "contracts/libraries/Auction.sol",
    text: "if (rules.prizePool == 0 || word >> 22 < rules.eligibleFrom || confidence < rules.minConfidence) { return (true, 0, false); } if (rank(confidence, index) < rules.cutRank) return (true, 0, false); if (word & ScoreSheet.MAX_LOGLOSS >= rules.benchmark) return (false, 0, false); return (true, payout(placed.amount(), confidence), true);",
  },
  {
    file: "contracts/Scoring.sol",
    text: "Auction.Rules({ prizePool: prizePool, benchmark: resolution.benchmark, eligibleFrom: ScoreSheet.ELIGIBLE + resolution.minConsistency, minConfidence: resolution.minConfidence, cut: cut, cutRank: cut == NO_CUT ? 0 : Auction.rank(_loadStake(_stakesOf(roundId), cut).confidence(), cut) });",
  },
  {
    file: "contracts/Scoring.sol",
    text: "Auction.Rules memory rules = _rules(roundId, round.resolution, round.pools.prizePool, attempt.cut);",
  },
  {
    file: "contracts/StakingTournament.sol",
    text: "book.rules = _rules(roundId, resolution, pools.prizePool, attempt.cut);",
  },
  { file: "contracts/Scoring.sol", text: "if (sums.above >= rules.prizePool && sums.above > 0) {" },
  { file: "contracts/Scoring.sol", text: "if (sums.above + due < rules.prizePool) revert InvalidCut" },
  {
    file: "contracts/Scoring.sol",
    text: "if (cut != NO_CUT && (cut >= round.staking.stakeCount || round.pools.prizePool == 0)) {",
  },
  {
    file: "contracts/Scoring.sol",
    text: "return round.pools.prizePool - _attempts[roundId][round.resolution.resolvedAttempt].above;",
  },
  {
    file: "contracts/Scoring.sol",
    text: "Auction.Tally memory sums = Auction.Tally(attempt.above, attempt.burned, attempt.cutPerforms);",
  },
  {
    file: "contracts/Scoring.sol",
    text: "attempt.cutPerforms = sums.cutPerforms; attempt.above = uint96(sums.above); // below the prize pool attempt.burned = uint96(sums.burned); // part of totalStaked",
  },
  {
    file: "contracts/Scoring.sol",
    text: "uint256 due = sums.cutPerforms ? Auction.payout(last.amount(), last.confidence()) : 0;",
  },
  { file: "contracts/Scoring.sol", text: "uint256 burned = attempt.burned;" },
  { file: "contracts/Scoring.sol", text: "if (burned > 0) nmr.burn(burned);" },
  { file: "contracts/StakingTournament.sol", text: "if (index == rules.cut) etherPaid = _cutPayout(book.roundId);" },
  {
    file: "contracts/StakingTournament.sol",
    text: "if (survives) returned = placed.amount(); else burned = placed.amount();",
  },
  {
    file: "contracts/StakingTournament.sol",
    text: "round.totalStaked = (uint256(round.totalStaked) + addedAmount).toUint96(); uint256 amount = placed.amount() + addedAmount;",
  },
  {
    file: "contracts/StakingTournament.sol",
    text: "round.totalStaked = (uint256(round.totalStaked) + amount).toUint96();",
  },
  { file: "contracts/StakingTournament.sol", text: "_storeStake(book.firstSlot, index, placed.emptied());" },
  { file: "contracts/StakingTournament.sol", text: "if (!book.resolved) return (true, 0, 0, false);" },
  { file: "contracts/StakingTournament.sol", text: "if (placed.amount() == 0) continue;" },
  {
    file: "contracts/StakingTournament.sol",
    text: "uint256 reputation = TrackRecord.reputation(model.history(), model.lastOrdinal(), book.ordinal);",
  },
  {
    file: "contracts/StakingTournament.sol",
    text: "bonus = (book.bonusPool * etherPaid * reputation) / (rules.prizePool * TrackRecord.WINDOW);",
  },
  { file: "contracts/libraries/TrackRecord.sol", text: "uint256 internal constant WINDOW = 20;" },
  { file: "contracts/libraries/TrackRecord.sol", text: "return LibBit.popCount(window & ((1 << WINDOW) - 1));" },
];

const squeezed = (text: string): string => text.replace(/\s+/g, " ");

/**
 * Statements that the models repeat and a contract no longer makes. What is added between them does not show.
 * @param read Gives a source file's text.
 */
export function leftBehind(read: (file: string) => string): string[] {
  return RESTATED.filter(({ file, text }) => !squeezed(read(file)).includes(text)).map(
    ({ file, text }) => `${file} no longer says: ${text}`,
  );
}

/** What is not proved, and why. */
export const NOT_PROVED: readonly string[] = [
  "The contracts themselves: the checker does not follow their inline assembly, their words of bits or the libraries they import (it gives up on Math, SSTORE2 and LibBit), so models restate the accounting. Each statement restated is looked up in the contracts on every run; that the models mean the same, and that nothing stands beside those statements which changes the sums, is for a reader to judge.",
  "Whose stake it is: RoundTotals and VoidTotals prove that sums add up, given that each stake settles once (T5) and that a settlement returns what was staked (T8).",
  "That a rank by shift and mask equals the sum in the model, that stakes and models keep apart in their bits, and what a shift does to a track record: the solver gives up on shifts by a variable. Unit and differential tests cover them.",
  "T1, T2, T5 to T7, T9 to T11, T13 and T14: they are about storage, several rounds, calls and time. Invariant and integration tests cover them.",
  "Termination, gas, and that recipients get what is sent.",
  "That solc's SMTChecker and Z3 are right. Every claim is checked for teeth: its model is made wrong on purpose, and must then be refuted.",
];
