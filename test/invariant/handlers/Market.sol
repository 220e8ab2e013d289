// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {VM} from "../Vm.sol";
import {EscrowProviders} from "./EscrowProviders.sol";
import {EscrowUsers} from "./EscrowUsers.sol";

/// @title Market
/// @notice Users and providers together, griefers, and the end of it all.
abstract contract Market is EscrowUsers, EscrowProviders {
    function donate(uint256 seed) external now_ {
        (, uint256 user) = _pick(seed);
        uint256 held = nmr.balanceOf(users[user]);
        if (held == 0) return;
        VM.prank(users[user]);
        nmr.transfer(address(escrow), 1 + (seed % (held / 100 + 1)));
        donated += 1 + (seed % (held / 100 + 1));
    }

    /// @dev Calls that would move somebody else's NMR.
    function steal(uint256 seed) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        uint256 victim = nmr.balanceOf(users[user]);
        address target = users[user];
        VM.prank(STRANGER);
        try escrow.withdraw(providerId) {
            ++broken[1];
        } catch {}
        VM.prank(STRANGER);
        try escrow.refund(target, 1) {
            ++broken[1];
        } catch {}
        // It has allowed the escrow to take everything.
        VM.prank(STRANGER);
        try escrow.onTransferReceived(target, target, 100, abi.encode(providerId)) {
            ++broken[1];
        } catch {}
        if (nmr.balanceOf(target) != victim) ++broken[1];
    }

    /// @dev Every user leaves, whatever it did before: all that is not reserved comes out within the delay, the rest
    /// within the delay after the reservation. Nobody else's help is needed.
    function drain() external {
        for (uint256 round = 0; round < 2; ++round) {
            VM.warp(clock);
            for (uint256 user = 0; user < USERS; ++user) {
                for (uint256 id = 1; id <= PROVIDERS; ++id) _announce(id, user);
            }
            clock += delays(PROVIDERS);
            VM.warp(clock);
            for (uint256 user = 0; user < USERS; ++user) {
                for (uint256 id = 1; id <= PROVIDERS; ++id) _withdraw(id, user);
            }
            clock += 30 days;
        }
    }

    function _announce(uint256 providerId, uint256 user) private {
        Mirror storage mirror = _fresh(providerId, user);
        if (mirror.pending > 0) _cancel(providerId, user);
        if (mirror.balance > mirror.reserved) _start(providerId, user, mirror.balance - mirror.reserved);
    }
}
