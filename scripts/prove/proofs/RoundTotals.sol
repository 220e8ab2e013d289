// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Round totals
/// @notice Where the NMR staked in one round is, from the first stake to the last settlement.
/// @dev Any set of stakes: a call takes any part of what has not been through it. That adding up and settling say the
/// same of a stake is AuctionOrder's.
contract RoundTotals {
    enum Phase {
        Open,
        Closed,
        Resolved
    }

    Phase private phase;
    uint256 private totalStaked;
    uint256 private unscored;
    uint256 private surviving; // and not settled
    uint256 private failed;
    uint256 private burned;
    uint256 private returned;

    function stake(uint96 amount) external {
        require(phase == Phase.Open);
        totalStaked += amount;
        unscored += amount;
    }

    function close() external {
        require(phase == Phase.Open);
        phase = Phase.Closed;
    }

    function score(uint96 amount, bool survives) external {
        require(phase == Phase.Closed && amount <= unscored);
        unscored -= amount;
        if (survives) surviving += amount;
        else failed += amount;
    }

    function finalize() external {
        require(phase == Phase.Closed && unscored == 0);
        phase = Phase.Resolved;
        burned = failed;
    }

    function settle(uint96 amount) external {
        require(phase == Phase.Resolved && amount <= surviving);
        surviving -= amount;
        returned += amount;
    }

    function totalsHold() external view {
        require(phase == Phase.Resolved);
        assert(burned + returned + surviving == totalStaked);
    }
}

/// @title Void totals
/// @notice The same for a round that is voided instead.
contract VoidTotals {
    bool private voided;
    uint256 private totalStaked;
    uint256 private unsettled;
    uint256 private returned;

    function stake(uint96 amount) external {
        require(!voided);
        totalStaked += amount;
        unsettled += amount;
    }

    function voidRound() external {
        voided = true;
    }

    function settle(uint96 amount) external {
        require(voided && amount <= unsettled);
        unsettled -= amount;
        returned += amount;
    }

    function everythingComesBack() external view {
        require(voided && unsettled == 0);
        assert(returned == totalStaked);
    }
}
