// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../interfaces/IStakingTournament.sol";

/// @title Model fleet
/// @notice A data scientist with thousands of models: one transaction registers or stakes hundreds of them, so that
/// tests reach rounds of several chunks quickly.
contract ModelFleet {
    struct Bid {
        uint96 amount;
        uint96 confidence;
    }

    IStakingTournament private immutable TOURNAMENT;

    constructor(IStakingTournament tournament) {
        TOURNAMENT = tournament;
        tournament.nmr().approve(address(tournament), type(uint256).max);
    }

    receive() external payable {}

    function register(uint256 count) external {
        for (uint256 i = 0; i < count; ++i) {
            TOURNAMENT.registerModel(bytes32(i));
        }
    }

    /// @dev Stakes the bids on as many models in a row; the fleet must own them and hold the NMR.
    function stake(uint256 roundId, uint256 firstModelId, Bid[] calldata bids) external {
        for (uint256 i = 0; i < bids.length; ++i) {
            TOURNAMENT.stake(roundId, firstModelId + i, bids[i].amount, bids[i].confidence, bytes32(uint256(1)));
        }
    }
}
