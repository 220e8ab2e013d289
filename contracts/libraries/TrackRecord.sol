// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LibBit} from "solady/src/utils/LibBit.sol";

/// @title Track record
/// @notice Which of the newest 40 resolved rounds a model qualified in, one bit each.
/// @dev Bit 0 of `history` stands for `lastOrdinal`, bit i for `lastOrdinal - i`. The final history does not depend on
/// the order in which rounds are settled.
library TrackRecord {
    /// @dev Rounds kept.
    uint256 internal constant KEPT = 40;
    uint256 private constant MASK = (1 << KEPT) - 1;
    /// @dev Rounds that count for the reputation.
    uint256 internal constant WINDOW = 20;

    /// @dev The record after settling the round with `ordinal`; the history fits 40 bits.
    function record(
        uint256 history,
        uint256 lastOrdinal,
        uint256 ordinal,
        bool qualified
    ) internal pure returns (uint256, uint256) {
        uint256 bit = qualified ? 1 : 0;
        // The subtractions cannot wrap: each is on its side of the comparison.
        unchecked {
            if (ordinal > lastOrdinal) {
                // Rounds in between were missed; what leaves the 40 bits is forgotten.
                return (((history << (ordinal - lastOrdinal)) | bit) & MASK, ordinal);
            }
            return ((history | (bit << (lastOrdinal - ordinal))) & MASK, lastOrdinal);
        }
    }

    /// @dev Rounds the model qualified in among the ordinals `ordinal - 20` to `ordinal - 1`, as recorded so far.
    function reputation(uint256 history, uint256 lastOrdinal, uint256 ordinal) internal pure returns (uint256) {
        uint256 window =
            ordinal > lastOrdinal ? history << (ordinal - 1 - lastOrdinal) : history >> (lastOrdinal - ordinal + 1);
        return LibBit.popCount(window & ((1 << WINDOW) - 1));
    }
}
