// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../interfaces/IStakingTournament.sol";

/// @title Sole oracle
/// @notice A committee of one, which posts and approves in one transaction, and can try cuts by the dozen.
contract SoleOracle {
    IStakingTournament private immutable TOURNAMENT;

    error CutNotTried(uint32 cut, bytes reason);

    constructor(IStakingTournament tournament) {
        TOURNAMENT = tournament;
    }

    /// @dev Posts and approves the scores of a round of one chunk.
    function resolve(uint256 roundId, uint32 cut, bytes calldata packed) external {
        uint256 attemptId = _attempt(roundId, cut, packed);
        TOURNAMENT.committee().approve(TOURNAMENT.reportHash(roundId, attemptId));
    }

    /// @dev Tries each cut as an attempt of its own.
    /// @return accepted Cuts not refused with `InvalidCut`; any other failure is this call's too.
    function tryCuts(
        uint256 roundId,
        uint32[] calldata cuts,
        bytes calldata packed
    ) external returns (uint32[] memory accepted) {
        accepted = new uint32[](cuts.length);
        uint256 count = 0;
        for (uint256 i = 0; i < cuts.length; ++i) {
            try this.attempt(roundId, cuts[i], packed) {
                accepted[count++] = cuts[i];
            } catch (bytes memory reason) {
                if (bytes4(reason) != IStakingTournament.InvalidCut.selector) revert CutNotTried(cuts[i], reason);
            }
        }
        // Shortens the array to what was filled.
        assembly ("memory-safe") {
            mstore(accepted, count)
        }
    }

    function attempt(uint256 roundId, uint32 cut, bytes calldata packed) external {
        _attempt(roundId, cut, packed);
    }

    function _attempt(uint256 roundId, uint32 cut, bytes calldata packed) private returns (uint256 attemptId) {
        attemptId = TOURNAMENT.beginScoring(roundId, cut, "evidence", "");
        TOURNAMENT.postScores(roundId, attemptId, packed);
    }
}
