// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../../contracts/interfaces/IStakingTournament.sol";

/// @title Reference
/// @notice The auction by its definition: stakes sorted, paid one after another until the prize pool is empty.
library Reference {
    uint32 internal constant NO_CUT = type(uint32).max;

    struct Placed {
        uint256 modelId;
        uint256 amount;
        uint256 confidence;
        uint256 timesSettled;
    }

    /// @param paid Ether, in wei; what the cut gets may be less than it asks for.
    /// @param qualified Whether it performed before the pool was empty.
    struct Verdict {
        bool destroyed;
        uint256 paid;
        bool qualified;
    }

    /// @param cut Index of the stake that empties the pool, or NO_CUT.
    /// @param destroyed NMR of the stakes that are destroyed, in wei.
    /// @param verdicts One a stake, in index order.
    struct Result {
        uint32 cut;
        uint256 destroyed;
        Verdict[] verdicts;
    }

    function play(
        Placed[] memory stakes,
        uint32[] memory words,
        uint256 prizePool,
        IStakingTournament.RoundTerms memory terms
    ) internal pure returns (Result memory result) {
        result.cut = NO_CUT;
        result.verdicts = new Verdict[](stakes.length);
        uint256[] memory order = sorted(stakes);
        uint256 left = prizePool;
        for (uint256 place = 0; place < order.length && left > 0; ++place) {
            uint256 index = order[place];
            Placed memory placed = stakes[index];
            if (!_eligible(words[index], terms.minConsistency) || placed.confidence < terms.minConfidence) continue;
            if (words[index] % 2 ** 20 >= terms.benchmark) {
                result.verdicts[index].destroyed = true;
                result.destroyed += placed.amount;
                continue;
            }
            uint256 due = (placed.amount * 1 ether) / placed.confidence;
            uint256 paid = due < left ? due : left;
            (result.verdicts[index].paid, result.verdicts[index].qualified) = (paid, true);
            left -= paid;
            if (left == 0) result.cut = uint32(index);
        }
    }

    /// @dev Places by falling confidence, older first among equals: an insertion sort keeps the order of equals.
    function sorted(Placed[] memory stakes) internal pure returns (uint256[] memory order) {
        order = new uint256[](stakes.length);
        for (uint256 i = 0; i < stakes.length; ++i) {
            uint256 at = i;
            while (at > 0 && stakes[order[at - 1]].confidence < stakes[i].confidence) {
                order[at] = order[at - 1];
                --at;
            }
            order[at] = i;
        }
    }

    function _eligible(uint32 word, uint256 minConsistency) private pure returns (bool) {
        bool scored = (word / 2 ** 31) % 2 == 1;
        bool concordant = (word / 2 ** 30) % 2 == 1;
        bool original = (word / 2 ** 29) % 2 == 1;
        return scored && concordant && original && (word / 2 ** 22) % 128 >= minConsistency;
    }
}
