// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {IWeeklyRewards} from "../../../contracts/interfaces/IWeeklyRewards.sol";
import {VM} from "../Vm.sol";
import {Earners} from "../handlers/Earners.sol";

/// @title Competitors
/// @notice The runner fuzzes only contracts that the test's own file defines.
contract Competitors is Earners {}

/// @title Weekly rewards invariants
/// @notice W1 to W3, after any sequence of what honest, lying and captured members, the guardian, the admin, earners,
/// forgers and time do over several weeks.
contract WeeklyRewardsInvariants {
    Competitors private _earners;
    IWeeklyRewards private _rewards;
    INumeraire private _nmr;

    function setUp() external {
        _earners = new Competitors();
        _rewards = _earners.rewards();
        _nmr = _earners.nmr();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_earners);
    }

    function invariant_W1_whatIsAllocatedIsThere() external view {
        uint256 held = _nmr.balanceOf(address(_rewards));
        VM.assertGe(held, _rewards.allocated() - _rewards.totalClaimed(), "W1: NMR held >= allocated - claimed");
        VM.assertEq(
            held + _earners.totalPaid(),
            _earners.minted() + _earners.donated(),
            "W1: NMR held + paid = minted + donated"
        );
        VM.assertEq(_earners.broken(1), 0, "W1: claims refused though what is minted covers them = 0");
    }

    function invariant_W2_whatIsClaimedOnlyRises() external view {
        VM.assertEq(_earners.broken(2), 0, "W2: times that claimed(account) fell, or a payment missed its leaf = 0");
        for (uint256 i = 0; i < _earners.EARNERS(); ++i) {
            address earner = _earners.earners(i);
            VM.assertEq(_rewards.claimed(earner), _earners.paid(earner), "W2: claimed(account) = paid to it");
        }
    }

    function invariant_W3_nothingBeyondTheAllocation() external view {
        VM.assertEq(_rewards.allocated(), _earners.minted(), "W3: allocated = minted for the weeks");
        VM.assertEq(_nmr.totalMinted(), _earners.minted() + 10_000e18, "W3: minted by the contract = allocated");
        VM.assertEq(_rewards.totalClaimed(), _earners.totalPaid(), "W3: totalClaimed = sum of payments");
        VM.assertLe(_earners.totalPaid(), _earners.minted(), "W3: sum of payments <= allocated");
        VM.assertEq(_earners.broken(3), 0, "W3: weeks taken or refused against the rules = 0");
    }
}
