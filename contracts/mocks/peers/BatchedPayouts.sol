// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INumeraire} from "../../interfaces/INumeraire.sol";
import {PeerStakes} from "./PeerStakes.sol";

/// @title Batched payouts
/// @notice The operator pushes many payouts in one transaction, and destroys what failed in one burn a batch.
contract BatchedPayouts is PeerStakes {
    struct Resolution {
        address staker;
        uint88 etherPaid; // wei
        bool destroyed;
    }

    constructor(INumeraire nmr_) PeerStakes(nmr_) {}

    /// @notice Resolves stakes as the operator says.
    function resolve(uint256 roundId, Resolution[] calldata resolutions) external onlyOperator {
        uint256 burned = 0;
        for (uint256 i = 0; i < resolutions.length; ++i) {
            Resolution calldata one = resolutions[i];
            uint256 amount = _take(roundId, one.staker);
            emit StakeResolved(roundId, one.staker, one.destroyed ? 0 : amount, one.etherPaid);
            if (one.destroyed) burned += amount;
            else nmr.transfer(one.staker, amount);
            _pay(one.staker, one.etherPaid);
        }
        if (burned > 0) nmr.burn(burned);
    }
}
