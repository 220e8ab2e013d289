// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Track record bounds
/// @notice That a reputation is at most 20, whatever the history.
/// @dev Masks are written as remainders and the population count as a loop, because the solver gives up on bit
/// operations.
contract TrackRecordBounds {
    uint256 private constant WINDOW = 20;

    function reputationIsBounded(uint256 shifted) external pure {
        uint256 window = shifted % 2 ** WINDOW;
        uint256 count = 0;
        for (uint256 i = 0; i < WINDOW; ++i) {
            count += window % 2;
            window /= 2;
        }
        assert(count <= WINDOW);
    }
}
