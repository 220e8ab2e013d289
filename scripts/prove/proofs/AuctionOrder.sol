// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Auction order
/// @notice The order of the auction, and the two places that judge a stake: while scores are added up, and when the
/// stake is settled.
/// @dev The rank is written as a sum and the fields of a score word as numbers, because the solver gives up on shifts
/// and masks. What a stake asks for is a number both places are given: both divide in the same function.
contract AuctionOrder {
    struct Rules {
        uint256 prizePool;
        uint256 benchmark;
        uint256 eligibleFrom;
        uint256 minConfidence;
        uint256 cutRank;
    }

    struct Facts {
        uint256 prefix; // the score word without its log-loss
        uint256 logloss;
        uint256 amount;
        uint256 confidence;
        uint256 index;
        uint256 asks;
    }

    function rank(uint256 confidence, uint256 index) private pure returns (uint256) {
        return confidence * 2 ** 32 + (type(uint32).max - index);
    }

    /// @dev What adding up does with a stake.
    function tally(Rules memory rules, Facts memory facts) private pure returns (uint256 burned, uint256 above) {
        if (facts.prefix < rules.eligibleFrom || rules.prizePool == 0) return (0, 0);
        if (facts.confidence < rules.minConfidence) return (0, 0);
        uint256 stakeRank = rank(facts.confidence, facts.index);
        if (stakeRank < rules.cutRank) return (0, 0);
        if (facts.logloss >= rules.benchmark) return (facts.amount, 0);
        if (stakeRank == rules.cutRank) return (0, 0);
        return (0, facts.asks < rules.prizePool ? facts.asks : rules.prizePool);
    }

    /// @dev What settling does with a stake.
    function judge(Rules memory rules, Facts memory facts) private pure returns (bool survives, uint256 due) {
        if (rules.prizePool == 0 || facts.prefix < rules.eligibleFrom || facts.confidence < rules.minConfidence) {
            return (true, 0);
        }
        if (rank(facts.confidence, facts.index) < rules.cutRank) return (true, 0);
        if (facts.logloss >= rules.benchmark) return (false, 0);
        return (true, facts.asks);
    }

    function orderIsTotal(uint96 confidence, uint32 index, uint96 otherConfidence, uint32 otherIndex) external pure {
        bool earlier = confidence > otherConfidence || (confidence == otherConfidence && index < otherIndex);
        assert((rank(confidence, index) > rank(otherConfidence, otherIndex)) == earlier);
    }

    function burnsAgree(Rules memory rules, Facts memory facts) external pure {
        require(facts.index < type(uint32).max && facts.confidence <= type(uint96).max);
        (uint256 burned, ) = tally(rules, facts);
        (bool survives, ) = judge(rules, facts);
        assert(burned == (survives ? 0 : facts.amount));
    }

    function paymentsAgree(Rules memory rules, Facts memory facts) external pure {
        require(facts.index < type(uint32).max && facts.confidence <= type(uint96).max);
        require(facts.asks < rules.prizePool); // proved of every stake above the cut: PrizeCounters
        require(rank(facts.confidence, facts.index) != rules.cutRank); // the cut is paid what is left
        (, uint256 above) = tally(rules, facts);
        (, uint256 due) = judge(rules, facts);
        assert(above == due);
    }
}
