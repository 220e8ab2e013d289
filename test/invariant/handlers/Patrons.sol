// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBountyGrants} from "../../../contracts/interfaces/IBountyGrants.sol";
import {VM} from "../Vm.sol";
import {Patronage} from "./Patronage.sol";

/// @title Patrons
/// @notice Issuers and funders, those who take what is not theirs to take back, and time.
abstract contract Patrons is Patronage {
    function post(uint256 seed, uint256 amount) external now_ {
        if (bounties.bountyCount() == MAX_BOUNTIES) return;
        address issuer = funders[seed % 3];
        // Few wei, so that shares are seldom whole.
        amount = 1 + (amount % 100);
        address reviewer = seed % 2 == 0 ? REVIEWER : address(_wallet);
        VM.prank(issuer);
        uint256 bountyId = bounties.post("terms", "", uint96(amount), uint40(clock + 1 + (seed % 10 days)), reviewer);
        _mirrors[bountyId].funded = amount;
        _given[bountyId][issuer] = amount;
    }

    /// @dev Of an open bounty; one that has been awarded from refuses.
    function fund(uint256 seed, uint256 amount) external now_ {
        uint256 bountyId = _bountyWith(IBountyGrants.BountyStatus.Open, seed);
        if (bountyId == 0) return;
        address funder = funders[(seed / 8) % 3];
        amount = 1 + (amount % 100);
        bool late = _mirrors[bountyId].awarded > 0;
        VM.prank(funder);
        try nmr.transferAndCall(address(bounties), amount, abi.encode(bountyId)) {
            if (late) ++broken[2];
            _mirrors[bountyId].funded += amount;
            _given[bountyId][funder] += amount;
        } catch {
            if (!late) ++broken[2];
        }
    }

    function extend(uint256 seed) external now_ {
        uint256 bountyId = _bountyWith(IBountyGrants.BountyStatus.Open, seed);
        if (bountyId == 0) return;
        IBountyGrants.BountyView memory bounty = bounties.getBounty(bountyId);
        VM.prank(bounty.issuer);
        // Not beyond two years.
        try bounties.extend(bountyId, bounty.deadline + 1 + uint40(seed % 5 days)) {} catch {}
    }

    function announceCancel(uint256 seed) external now_ {
        uint256 bountyId = _anyBounty(seed);
        if (bountyId == 0) return;
        VM.prank(bounties.getBounty(bountyId).issuer);
        try bounties.announceCancel(bountyId) {} catch {}
    }

    function cancel(uint256 seed) external now_ {
        uint256 bountyId = _anyBounty(seed);
        // Else few bounties would ever be awarded.
        if (bountyId == 0 || seed % 4 != 0) return;
        VM.prank(bounties.getBounty(bountyId).issuer);
        try bounties.cancel(bountyId) {
            _close(bountyId);
        } catch {}
    }

    function expire(uint256 seed) external now_ {
        uint256 bountyId = _anyBounty(seed);
        if (bountyId != 0) _expire(bountyId);
    }

    /// @dev A funder gets its share of a closed bounty, once, and of another nothing.
    function reclaim(uint256 seed) external now_ {
        uint256 bountyId = _anyBounty(seed);
        if (bountyId != 0) _reclaim(bountyId, funders[(seed / 8) % 3]);
    }

    /// @dev Who funded nothing asks for a share; NMR arrives that nobody recorded.
    function grieve(uint256 seed) external now_ {
        uint256 bountyId = _anyBounty(seed);
        if (bountyId == 0) return;
        VM.prank(contributors[seed % 3]);
        try bounties.reclaim(bountyId) {
            ++broken[2];
        } catch {}
        VM.prank(funders[0]);
        nmr.transfer(address(bounties), 1 + (seed % 1_000));
        donated += 1 + (seed % 1_000);
    }

    function pass(uint256 time) external {
        clock += 1 + (time % 3 days);
    }

    /// @dev To the last second of something, or the first after it.
    function passTo(uint256 seed) external {
        uint256 bountyId = _anyBounty(seed);
        if (bountyId == 0) return;
        IBountyGrants.BountyView memory bounty = bounties.getBounty(bountyId);
        uint256 to = [bounty.deadline, bounty.deadline + 14 days, bounty.cancellableFrom][(seed / 8) % 3];
        // Zero without a notice.
        to += seed % 3;
        if (to > clock + 1) clock = to - 1;
    }

    function _expire(uint256 bountyId) internal {
        VM.prank(STRANGER);
        try bounties.expire(bountyId) {
            _close(bountyId);
        } catch {}
    }

    function _reclaim(uint256 bountyId, address funder) internal {
        Mirror storage mirror = _mirrors[bountyId];
        uint256 share = 0;
        if (mirror.closed) share = (_given[bountyId][funder] * mirror.remainder) / mirror.funded;
        uint256 before = nmr.balanceOf(funder);
        VM.prank(funder);
        try bounties.reclaim(bountyId) {
            if (!mirror.closed || _given[bountyId][funder] == 0) ++broken[2];
        } catch {
            if (mirror.closed && _given[bountyId][funder] > 0) ++broken[2];
        }
        if (nmr.balanceOf(funder) != before + share) ++broken[2];
        mirror.refunded += share;
        if (mirror.closed) _given[bountyId][funder] = 0;
    }

    function _close(uint256 bountyId) private {
        Mirror storage mirror = _mirrors[bountyId];
        if (mirror.closed) ++broken[2];
        mirror.closed = true;
        mirror.remainder = mirror.funded - mirror.awarded;
    }
}
