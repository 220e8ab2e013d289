// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LibBit} from "solady/src/utils/LibBit.sol";

/// @title Track record
/// @notice Which of the newest 40 resolved rounds a model qualified in, one bit each.
/// @dev Bit 0 of `history` stands for `lastOrdinal`, the newest round the model qualified in, bit i for
/// `lastOrdinal - i`. A round it did not qualify in, or missed, is a zero and changes nothing, so that settling a stake
/// that won nothing writes no model. The final record does not depend on the order in which rounds are settled.
library TrackRecord {
    /// @dev Rounds kept.
    uint256 internal constant KEPT = 40;
    uint256 private constant MASK = (1 << KEPT) - 1;
    /// @dev Rounds that count for the reputation.
    uint256 internal constant WINDOW = 20;

    /// @dev The record after settling a round that the model qualified in; the history fits 40 bits.
    function record(uint256 history, uint256 lastOrdinal, uint256 ordinal) internal pure returns (uint256, uint256) {
        // The subtractions cannot wrap: each is on its side of the comparison.
        unchecked {
            // Rounds in between are zeros; what leaves the 40 bits is forgotten.
            if (ordinal > lastOrdinal) return (((history << (ordinal - lastOrdinal)) | 1) & MASK, ordinal);
            return ((history | (1 << (lastOrdinal - ordinal))) & MASK, lastOrdinal);
        }
    }

    /// @dev Rounds the model qualified in among the ordinals `ordinal - 20` to `ordinal - 1`, as recorded so far.
    function reputation(uint256 history, uint256 lastOrdinal, uint256 ordinal) internal pure returns (uint256) {
        uint256 window =
            ordinal > lastOrdinal ? history << (ordinal - 1 - lastOrdinal) : history >> (lastOrdinal - ordinal + 1);
        return LibBit.popCount(window & ((1 << WINDOW) - 1));
    }
}
