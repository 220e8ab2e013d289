// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {VM} from "../Vm.sol";
import {EscrowWorld} from "./EscrowWorld.sol";

/// @title Escrow users
/// @notice Those who deposit, let session keys sign, reserve and withdraw, during jobs as well.
abstract contract EscrowUsers is EscrowWorld {
    function deposit(uint256 seed, uint256 amount) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        uint256 held = nmr.balanceOf(users[user]);
        if (held > 0) _deposit(providerId, user, 1 + (amount % held), seed % 5 == 0);
    }

    /// @dev Raises, and tries to lower.
    function authorize(uint256 seed, uint256 limit, uint256 time) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Key storage key = _keys[providerId][user];
        if (clock > key.until) (key.limit, key.until) = (0, 0);
        limit = _mirrors[providerId][user].claimed + (limit % 500);
        uint256 until = clock + 1 + (time % 10 days);
        bool allowed = limit >= key.limit && until >= key.until && (limit > key.limit || until > key.until);
        address signer = VM.addr(_sessionKey(user));
        VM.prank(users[user]);
        try escrow.authorizeSigner(providerId, signer, uint96(limit), uint40(until)) {
            if (!allowed) ++broken[3];
            (key.limit, key.until) = (limit, until);
        } catch {
            if (allowed) ++broken[3];
        }
    }

    function revoke(uint256 seed) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Key storage key = _keys[providerId][user];
        if (clock > key.until) return;
        address signer = VM.addr(_sessionKey(user));
        VM.prank(users[user]);
        escrow.revokeSigner(providerId, signer);
        if (key.until > clock + delays(providerId)) key.until = clock + delays(providerId);
    }

    function reserve(uint256 seed, uint256 amount, uint256 time) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Mirror storage mirror = _fresh(providerId, user);
        uint256 room = mirror.balance - mirror.pending;
        if (room > 0) _reserve(providerId, user, 1 + (amount % (room + room / 4 + 1)), 1 + (time % 31 days));
    }

    function startWithdrawal(uint256 seed, uint256 amount) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Mirror storage mirror = _fresh(providerId, user);
        uint256 room = mirror.balance - mirror.reserved;
        _start(providerId, user, seed % 3 == 0 ? room : 1 + (amount % (room + room / 4 + 1)));
    }

    function cancelWithdrawal(uint256 seed) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        _cancel(providerId, user);
    }

    function withdraw(uint256 seed) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        _withdraw(providerId, user);
    }

    /// @dev A withdrawal that goes as it should, but for what the provider redeems on the way.
    function leave(uint256 seed, uint256 late) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Mirror storage mirror = _fresh(providerId, user);
        if (mirror.pending == 0) _start(providerId, user, mirror.balance - mirror.reserved);
        if (mirror.pending == 0) return;
        if (clock < mirror.maturesAt) clock = mirror.maturesAt;
        clock += late % (LIFETIME / 2);
        VM.warp(clock);
        _withdraw(providerId, user);
    }

    function _deposit(uint256 providerId, uint256 user, uint256 amount, bool byAllowance) private {
        VM.prank(users[user]);
        if (byAllowance) escrow.deposit(providerId, uint96(amount));
        else nmr.transferAndCall(address(escrow), amount, abi.encode(providerId));
        Mirror storage mirror = _fresh(providerId, user);
        mirror.deposited += amount;
        mirror.balance += amount;
    }

    function _reserve(uint256 providerId, uint256 user, uint256 amount, uint256 time) private {
        Mirror storage mirror = _fresh(providerId, user);
        uint256 until = clock + time;
        bool rises = amount >= mirror.reserved && until >= mirror.reservedUntil;
        bool changes = amount > mirror.reserved || until > mirror.reservedUntil;
        bool allowed = rises && changes && time <= 30 days && amount <= mirror.balance - mirror.pending;
        VM.prank(users[user]);
        try escrow.reserve(providerId, uint96(amount), uint40(until)) {
            if (!allowed) ++broken[4];
            (mirror.reserved, mirror.reservedUntil) = (amount, until);
        } catch {
            if (allowed) ++broken[4];
        }
    }

    function _start(uint256 providerId, uint256 user, uint256 amount) internal {
        Mirror storage mirror = _fresh(providerId, user);
        bool allowed = mirror.pending == 0 && amount > 0 && amount <= mirror.balance - mirror.reserved;
        VM.prank(users[user]);
        try escrow.startWithdrawal(providerId, uint96(amount)) {
            if (!allowed) ++broken[4];
            (mirror.pending, mirror.maturesAt) = (amount, clock + delays(providerId));
        } catch {
            if (allowed) ++broken[4];
        }
    }

    function _cancel(uint256 providerId, uint256 user) internal {
        Mirror storage mirror = _fresh(providerId, user);
        VM.prank(users[user]);
        try escrow.cancelWithdrawal(providerId) {
            if (mirror.pending == 0) ++broken[4];
            (mirror.pending, mirror.maturesAt) = (0, 0);
        } catch {
            if (mirror.pending > 0) ++broken[4];
        }
    }

    /// @dev Pays exactly what the rules leave of it, exactly when they say.
    function _withdraw(uint256 providerId, uint256 user) internal {
        Mirror storage mirror = _fresh(providerId, user);
        uint256 due = clock >= mirror.maturesAt ? mirror.pending : 0;
        uint256 held = nmr.balanceOf(users[user]);
        VM.prank(users[user]);
        try escrow.withdraw(providerId) {} catch {}
        if (nmr.balanceOf(users[user]) != held + due) ++broken[4];
        if (due == 0) return;
        (mirror.pending, mirror.maturesAt) = (0, 0);
        mirror.balance -= due;
        mirror.withdrawn += due;
    }
}
