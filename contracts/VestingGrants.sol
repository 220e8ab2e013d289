// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBountyGrants} from "./interfaces/IBountyGrants.sol";
import {INumeraire} from "./interfaces/INumeraire.sol";

/// @title Vesting grants
/// @notice Awards that are paid second by second: what has vested can be released, by anybody, to the payee.
abstract contract VestingGrants is IBountyGrants, ReentrancyGuardTransient {
    /// @notice Longest time over which an award vests.
    uint256 public constant MAX_VESTING = 4 * 365 days;

    /// @inheritdoc IBountyGrants
    INumeraire public immutable nmr;

    /// @inheritdoc IBountyGrants
    uint256 public grantCount;
    mapping(uint256 grantId => Grant) private _grants;

    constructor(INumeraire nmr_) {
        if (address(nmr_) == address(0)) revert ZeroAddress();
        nmr = nmr_;
    }

    /// @inheritdoc IBountyGrants
    function release(uint256 grantId) external nonReentrant {
        Grant storage grant = _requireGrant(grantId);
        uint256 amount = _releasable(grant);
        if (amount == 0) revert NothingVested(grantId);

        grant.released += uint96(amount); // at most grant.amount
        emit GrantReleased(grantId, grant.payee, amount);

        // NMR reverts on failure and calls nobody back.
        nmr.transfer(grant.payee, amount);
    }

    /// @inheritdoc IBountyGrants
    function getGrant(uint256 grantId) external view returns (Grant memory) {
        return _requireGrant(grantId);
    }

    /// @inheritdoc IBountyGrants
    function releasable(uint256 grantId) external view returns (uint256) {
        return _releasable(_requireGrant(grantId));
    }

    /// @dev Begins to vest an award to each payee, from now on.
    /// @return firstGrantId Grant of the first payee; those of the others follow.
    function _vest(
        uint256 bountyId,
        address[] calldata payees,
        uint96[] calldata amounts,
        uint32 duration
    ) internal returns (uint256 firstGrantId) {
        firstGrantId = grantCount + 1;
        grantCount += payees.length;
        for (uint256 i = 0; i < payees.length; ++i) {
            _grants[firstGrantId + i] = Grant({
                payee: payees[i],
                amount: amounts[i],
                released: 0,
                startsAt: uint40(block.timestamp), // below the year 36,812
                duration: duration,
                bountyId: uint88(bountyId) // at most bountyCount
            });
        }
    }

    function _releasable(Grant storage grant) private view returns (uint256) {
        uint256 elapsed = block.timestamp - grant.startsAt;
        uint256 vested = elapsed < grant.duration ? (grant.amount * elapsed) / grant.duration : grant.amount;
        return vested - grant.released;
    }

    function _requireGrant(uint256 grantId) private view returns (Grant storage grant) {
        grant = _grants[grantId];
        if (grant.payee == address(0)) revert GrantNotFound(grantId);
    }
}
