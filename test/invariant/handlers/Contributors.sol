// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBountyGrants} from "../../../contracts/interfaces/IBountyGrants.sol";
import {VM} from "../Vm.sol";
import {Patronage} from "./Patronage.sol";

/// @title Contributors
/// @notice People who submit work, the reviewers who award it, and those who want to be paid twice.
abstract contract Contributors is Patronage {
    IBountyGrants.AwardApproval[] private _redeemed;

    function submit(uint256 seed) external now_ {
        uint256 bountyId = _bountyWith(IBountyGrants.BountyStatus.Open, seed);
        if (bountyId == 0) return;
        VM.prank(contributors[seed % 3]);
        // The same work twice is refused.
        try bounties.submit(bountyId, keccak256(abi.encode(seed % 9)), "") {} catch {}
    }

    function award(uint256 seed, uint256 share, uint256 vesting) external now_ {
        uint256 bountyId = _bountyWith(IBountyGrants.BountyStatus.Review, seed);
        if (bountyId == 0) bountyId = _bountyWith(IBountyGrants.BountyStatus.Open, seed);
        if (bountyId == 0) return;
        uint256 submissionId = _pending(bountyId, seed);
        if (submissionId == 0) return;
        // Now and then all of it, or a wei too much.
        uint256 total = 1 + (share % (unawarded(bountyId) + 1));
        (address[] memory payees, uint96[] memory amounts) = _split(total, seed);
        uint32 vestingSeconds = vesting % 3 == 0 ? 0 : uint32(vesting % 60 days);
        uint256[] memory held = _held(payees);
        if (!_award(bountyId, submissionId, payees, amounts, vestingSeconds)) {
            if (total <= unawarded(bountyId)) ++broken[2];
            return;
        }

        if (total > unawarded(bountyId)) ++broken[2];
        _mirrors[bountyId].awarded += total;
        for (uint256 i = 0; i < payees.length; ++i) {
            uint256 paid = vestingSeconds == 0 ? amounts[i] : 0;
            if (nmr.balanceOf(payees[i]) != held[i] + paid) ++broken[1];
            if (vestingSeconds > 0) _grants.push(Vested(payees[i], amounts[i], 0, clock, vestingSeconds));
        }
    }

    function reject(uint256 seed) external now_ {
        uint256 bountyId = _bountyWith(IBountyGrants.BountyStatus.Open, seed);
        if (bountyId == 0 || seed % 4 != 0) return;
        uint256 submissionId = _pending(bountyId, seed);
        if (submissionId == 0) return;
        VM.prank(bounties.getBounty(bountyId).reviewer);
        bounties.reject(bountyId, submissionId, "");
    }

    /// @dev Any approval that was redeemed, once more.
    function replay(uint256 seed) external now_ {
        if (_redeemed.length == 0) return;
        try bounties.awardBySig(_redeemed[seed % _redeemed.length], "") {
            ++broken[1];
        } catch {}
    }

    function release(uint256 seed) external now_ {
        if (_grants.length > 0) _release(seed % _grants.length);
    }

    function _release(uint256 index) internal {
        Vested storage grant = _grants[index];
        uint256 elapsed = clock - grant.startsAt;
        uint256 vested = elapsed < grant.duration ? (grant.amount * elapsed) / grant.duration : grant.amount;
        uint256 before = nmr.balanceOf(grant.payee);
        VM.prank(STRANGER);
        try bounties.release(index + 1) {} catch {}
        if (nmr.balanceOf(grant.payee) != before + vested - grant.released) ++broken[1];
        grant.released = vested;
    }

    /// @dev By the reviewer's transaction, or by its signature where that is a smart wallet.
    function _award(
        uint256 bountyId,
        uint256 submissionId,
        address[] memory payees,
        uint96[] memory amounts,
        uint32 vestingSeconds
    ) private returns (bool) {
        address reviewer = bounties.getBounty(bountyId).reviewer;
        if (reviewer == REVIEWER) {
            VM.prank(reviewer);
            try bounties.award(bountyId, submissionId, payees, amounts, vestingSeconds) {
                return true;
            } catch {
                return false;
            }
        }
        IBountyGrants.AwardApproval memory approval = IBountyGrants.AwardApproval({
            bountyId: bountyId,
            submissionId: submissionId,
            payees: payees,
            amounts: amounts,
            vestingSeconds: vestingSeconds,
            nonce: _redeemed.length,
            deadline: clock
        });
        _wallet.agree(bounties.approvalHash(approval), true);
        try bounties.awardBySig(approval, "") {
            approval.deadline = type(uint256).max;
            _wallet.agree(bounties.approvalHash(approval), true);
            _redeemed.push(approval);
            return true;
        } catch {
            return false;
        }
    }

    /// @dev One to three payees, all different, and amounts above zero that add up to the total.
    function _split(
        uint256 total,
        uint256 seed
    ) private view returns (address[] memory payees, uint96[] memory amounts) {
        uint256 count = 1 + (seed % 3);
        if (total < count) count = 1;
        payees = new address[](count);
        amounts = new uint96[](count);
        for (uint256 i = 0; i < count; ++i) {
            payees[i] = contributors[(seed / 8 + i) % 3];
            amounts[i] = uint96(total / count);
        }
        amounts[0] += uint96(total % count);
    }

    function _held(address[] memory accounts) private view returns (uint256[] memory held) {
        held = new uint256[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) held[i] = nmr.balanceOf(accounts[i]);
    }
}
