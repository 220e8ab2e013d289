// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ScoreSheet} from "./ScoreSheet.sol";
import {StakeWord} from "./StakeWord.sol";

/// @title Auction
/// @notice Who is paid and whose stake is destroyed, without sorting: stakes rank by confidence, older first among
/// equals, and the cut is the stake whose payout empties the prize pool.
library Auction {
    /// @dev Cut of a round whose prize pool is not emptied.
    uint32 internal constant NO_CUT = type(uint32).max;
    /// @dev Bits of the place of a stake in its round.
    uint256 private constant INDEX_BITS = 32;

    /// @dev What decides about every stake of a round.
    /// @param prizePool Ether to distribute, in wei.
    /// @param benchmark Log-loss to stay below, in millionths.
    /// @param eligibleFrom Least `word >> 22` of an eligible score.
    /// @param minConfidence Least confidence of an eligible stake, in wei.
    /// @param cut Index of the cut, or `NO_CUT`.
    /// @param cutRank Rank of the cut; zero without a cut, so that every stake is above it.
    struct Rules {
        uint256 prizePool;
        uint256 benchmark;
        uint256 eligibleFrom;
        uint256 minConfidence;
        uint256 cut;
        uint256 cutRank;
    }

    /// @dev Sums over the stakes scored so far.
    /// @param above Ether due to performing stakes above the cut, each at most the prize pool, in wei.
    /// @param burned NMR of failed stakes above the cut, in wei.
    /// @param cutPerforms Whether the cut was met, eligible and performing.
    struct Tally {
        uint256 above;
        uint256 burned;
        bool cutPerforms;
    }

    /// @dev Ether a performing stake asks for, in wei, rounded down. Amount and confidence fit 96 bits: no overflow.
    function payout(uint256 amount, uint256 confidence) internal pure returns (uint256) {
        return (amount * 1e18) / confidence;
    }

    /// @dev The order of the auction as a number: higher is served earlier.
    function rank(uint256 confidence, uint256 index) internal pure returns (uint256) {
        return (confidence << INDEX_BITS) | (type(uint32).max - index);
    }

    /// @dev Adds a chunk of scores to the sums. The loop is what scoring costs: one read of storage a stake.
    /// @param rules What decides about every stake.
    /// @param sums Sums so far; changed in place.
    /// @param packed Score words of the stakes from `first` on.
    /// @param first Index of the first stake.
    /// @param firstSlot Storage slot of the first stake; the others follow it.
    function tally(
        Rules memory rules,
        Tally memory sums,
        bytes calldata packed,
        uint256 first,
        uint256 firstSlot
    ) internal view {
        (uint256 prizePool, uint256 benchmark) = (rules.prizePool, rules.benchmark);
        (uint256 eligibleFrom, uint256 minConfidence) = (rules.eligibleFrom, rules.minConfidence);
        (uint256 above, uint256 burned, uint256 cutRank) = (sums.above, sums.burned, rules.cutRank);
        uint256 count = packed.length / ScoreSheet.WORD;
        // Sums cannot overflow: `above` adds at most 2^32 values below 2^96, `burned` is part of the NMR supply.
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                uint256 word;
                // The i-th word lies within `packed`.
                assembly ("memory-safe") {
                    word := shr(224, calldataload(add(packed.offset, shl(2, i))))
                }
                ScoreSheet.check(word, first + i);
                if (word >> 22 < eligibleFrom || prizePool == 0) continue;
                StakeWord placed;
                // Stakes of a round lie one after another; a hash a stake would cost more than the arithmetic.
                assembly ("memory-safe") {
                    placed := sload(add(firstSlot, i))
                }
                uint256 confidence = placed.confidence();
                if (confidence < minConfidence) continue;
                uint256 stakeRank = rank(confidence, first + i);
                if (stakeRank < cutRank) continue;
                if (word & ScoreSheet.MAX_LOGLOSS >= benchmark) {
                    burned += placed.amount();
                } else if (stakeRank == cutRank) {
                    sums.cutPerforms = true;
                } else {
                    uint256 due = payout(placed.amount(), confidence);
                    above += due < prizePool ? due : prizePool;
                }
            }
        }
        sums.above = above;
        sums.burned = burned;
    }

    /// @dev What becomes of one stake of a resolved round.
    /// @param rules What decides about every stake, with the proved cut.
    /// @param index Place of the stake in the round.
    /// @param placed The stake.
    /// @param word Score word of the stake.
    /// @return survives Whether the stake goes back; if not, it was destroyed.
    /// @return due Ether it asks for, in wei: what it is paid unless it is the cut.
    /// @return qualified Whether the stake was at risk and performed.
    function judge(
        Rules memory rules,
        uint256 index,
        StakeWord placed,
        uint256 word
    ) internal pure returns (bool survives, uint256 due, bool qualified) {
        uint256 confidence = placed.confidence();
        if (rules.prizePool == 0 || word >> 22 < rules.eligibleFrom || confidence < rules.minConfidence) {
            return (true, 0, false);
        }
        if (rank(confidence, index) < rules.cutRank) return (true, 0, false);
        if (word & ScoreSheet.MAX_LOGLOSS >= rules.benchmark) return (false, 0, false);
        return (true, payout(placed.amount(), confidence), true);
    }
}
