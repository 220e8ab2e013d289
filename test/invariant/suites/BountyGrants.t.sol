// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBountyGrants} from "../../../contracts/interfaces/IBountyGrants.sol";
import {Contributors} from "../handlers/Contributors.sol";
import {Patronage} from "../handlers/Patronage.sol";
import {Patrons} from "../handlers/Patrons.sol";
import {VM} from "../Vm.sol";

/// @title Bazaar
/// @notice The runner fuzzes only contracts that the test's own file defines.
contract Bazaar is Patrons, Contributors {
    /// @dev Past every deadline and all vesting, everybody takes what is theirs.
    function drain() external {
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) {
            uint256 reviewed = bounties.getBounty(id).deadline + 14 days;
            if (reviewed >= clock) clock = reviewed + 1;
        }
        clock += 60 days;
        VM.warp(clock);
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) {
            _expire(id);
            for (uint256 i = 0; i < funders.length; ++i) _reclaim(id, funders[i]);
        }
        for (uint256 i = 0; i < _grants.length; ++i) _release(i);
    }
}

/// @title Bounty grants invariants
/// @notice B1 and B2, after any sequence of what issuers, funders, contributors, reviewers, griefers and time do to several
/// bounties at once.
contract BountyGrantsInvariants {
    Bazaar private _bazaar;
    IBountyGrants private _bounties;

    function setUp() external {
        _bazaar = new Bazaar();
        _bounties = _bazaar.bounties();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_bazaar);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev What can be done only at the end.
    function excludeSelectors() external view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = Bazaar.drain.selector;
        excluded[0] = FuzzSelector(address(_bazaar), selectors);
    }

    /// @dev In the end everybody takes what is theirs; the runner forgets it afterwards. That is dear after every call:
    /// a quarter of the runs.
    /// hardhat-config: invariant.runs = 64
    function invariant_B1_nmrIsThere() external {
        _requireNmr("B1: NMR held = unawarded + unvested or unreleased + donated");
        VM.assertEq(_bazaar.broken(1), 0, "B1: payees paid another amount than awarded or vested = 0");
        _bazaar.drain();
        _requireNmr("B1: NMR held after everybody came = shares rounded down + donated");
        // Of at most three funders each.
        VM.assertLe(_bazaar.nmrDue(), 2 * _bounties.bountyCount(), "B1: rounding <= 2 wei a bounty");
    }

    function invariant_B2_everyBountyIsAccountedFor() external view {
        for (uint256 id = 1; id <= _bounties.bountyCount(); ++id) {
            Patronage.Mirror memory mirror = _bazaar.mirrorOf(id);
            IBountyGrants.BountyView memory bounty = _bounties.getBounty(id);
            VM.assertEq(bounty.funded, mirror.funded, "B2: funded = put in");
            VM.assertEq(
                bounty.funded,
                mirror.awarded + mirror.refunded + bounty.unawarded,
                "B2: funded = awarded + refunded + unawarded"
            );
            VM.assertEq(bounty.remainder, mirror.remainder, "B2: remainder = unawarded when closed");
        }
        VM.assertEq(_bazaar.broken(2), 0, "B2: shares, awards and contributions that no rule allows = 0");
    }

    function _requireNmr(string memory formula) private view {
        uint256 held = _bazaar.nmr().balanceOf(address(_bounties));
        VM.assertEq(held, _bazaar.nmrDue() + _bazaar.donated(), formula);
    }
}
