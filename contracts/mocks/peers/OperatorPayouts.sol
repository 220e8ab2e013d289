// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INumeraire} from "../../interfaces/INumeraire.sol";
import {PeerStakes} from "./PeerStakes.sol";

/// @title Operator payouts
/// @notice The way of 2017: the operator resolves each stake in a transaction of its own and names the payout, whatever
/// it is.
contract OperatorPayouts is PeerStakes {
    constructor(INumeraire nmr_) PeerStakes(nmr_) {}

    /// @notice Gives a stake back, with as much ether as the operator says.
    function releaseStake(uint256 roundId, address staker, uint256 etherPaid) external onlyOperator {
        uint256 amount = _take(roundId, staker);
        emit StakeResolved(roundId, staker, amount, etherPaid);
        nmr.transfer(staker, amount);
        _pay(staker, etherPaid);
    }

    /// @notice Destroys a stake, because the operator says so.
    function destroyStake(uint256 roundId, address staker) external onlyOperator {
        uint256 amount = _take(roundId, staker);
        emit StakeResolved(roundId, staker, 0, 0);
        nmr.burn(amount);
    }
}
