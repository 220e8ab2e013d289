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
    /// @dev Rounds that count for the reputation.
    uint256 internal constant WINDOW = 20;

    /// @dev The record after settling the round with `ordinal`.
    function record(
        uint40 history,
        uint24 lastOrdinal,
        uint24 ordinal,
        bool qualified
    ) internal pure returns (uint40, uint24) {
        uint256 bit = qualified ? 1 : 0;
        if (ordinal > lastOrdinal) {
            // Rounds in between were missed; what leaves the 40 bits is forgotten.
            return (uint40((uint256(history) << (ordinal - lastOrdinal)) | bit), ordinal);
        }
        return (uint40(history | (bit << (lastOrdinal - ordinal))), lastOrdinal);
    }

    /// @dev Rounds the model qualified in among the ordinals `ordinal - 20` to `ordinal - 1`, as recorded so far.
    function reputation(uint40 history, uint24 lastOrdinal, uint256 ordinal) internal pure returns (uint256) {
        uint256 window =
            ordinal > lastOrdinal
                ? uint256(history) << (ordinal - 1 - lastOrdinal)
                : uint256(history) >> (lastOrdinal - ordinal + 1);
        return LibBit.popCount(window & ((1 << WINDOW) - 1));
    }
}
