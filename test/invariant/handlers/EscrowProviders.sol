// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeEscrow} from "../../../contracts/interfaces/IComputeEscrow.sol";
import {VM} from "../Vm.sol";
import {EscrowWorld} from "./EscrowWorld.sol";

/// @title Escrow providers
/// @notice Those who redeem vouchers, one by one and in batches, old ones and forged ones as well, and give back.
abstract contract EscrowProviders is EscrowWorld {
    /// @dev Who signed a voucher.
    enum By {
        User,
        SessionKey,
        Forger
    }

    struct Held {
        uint256 user;
        By by;
        IComputeEscrow.UsageVoucher voucher;
        bytes signature;
    }

    /// @dev More would fill the run with vouchers that are long paid.
    uint256 private constant MAX_HELD = 12;

    mapping(uint256 providerId => Held[]) private _held;

    function redeem(uint256 seed, uint256 amount) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        By by = seed % 4 == 0 ? By.SessionKey : By.User;
        _redeem(providerId, _voucher(providerId, user, by, amount));
    }

    /// @dev Any voucher ever signed, whatever became of it.
    function replay(uint256 seed) external now_ {
        (uint256 providerId, ) = _pick(seed);
        uint256 count = _held[providerId].length;
        if (count > 0) _redeem(providerId, _held[providerId][(seed / 8) % count]);
    }

    /// @dev One signed by nobody who may, one of another user, one of another provider, one that says more.
    function forge(uint256 seed, uint256 amount) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Held memory forged = _voucher(providerId, user, By.User, amount);
        uint256 kind = seed % 4;
        if (kind == 0) forged.signature = _sign(0xbad, forged.voucher);
        if (kind == 1) forged.voucher.user = users[(user + 1) % USERS];
        if (kind == 2) forged.voucher.providerId = 1 + (providerId % PROVIDERS);
        if (kind == 3) ++forged.voucher.cumulative;
        if (kind == 1) forged.user = (user + 1) % USERS;
        forged.by = By.Forger;
        _redeem(forged.voucher.providerId, forged);
    }

    /// @dev A new voucher of every user, between an old one and a forged one.
    function redeemMany(uint256 seed, uint256 amount) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        Held[] memory batch = new Held[](USERS + 2);
        for (uint256 i = 0; i < USERS; ++i) {
            batch[i + 1] = _voucher(providerId, i, (seed >> i) % 2 == 0 ? By.User : By.SessionKey, amount >> i);
        }
        batch[0] = _held[providerId][seed % _held[providerId].length];
        batch[USERS + 1] = _voucher(providerId, user, By.User, amount);
        batch[USERS + 1].signature = _sign(0xbad, batch[USERS + 1].voucher);
        batch[USERS + 1].by = By.Forger;

        IComputeEscrow.UsageVoucher[] memory vouchers = new IComputeEscrow.UsageVoucher[](batch.length);
        bytes[] memory signatures = new bytes[](batch.length);
        uint256 due = 0;
        for (uint256 i = 0; i < batch.length; ++i) {
            (vouchers[i], signatures[i]) = (batch[i].voucher, batch[i].signature);
            due += _book(providerId, batch[i]);
        }
        uint256 held = nmr.balanceOf(payouts(providerId));
        VM.prank(owners(providerId));
        try escrow.redeemMany(vouchers, signatures) {} catch {
            ++broken[3];
        }
        if (nmr.balanceOf(payouts(providerId)) != held + due) ++broken[3];
    }

    function refund(uint256 seed, uint256 amount) external now_ {
        (uint256 providerId, uint256 user) = _pick(seed);
        uint256 balance = _mirrors[providerId][user].balance;
        if (balance > 0) _refund(providerId, user, 1 + (amount % (balance / 4 + 1)));
    }

    function _refund(uint256 providerId, uint256 user, uint256 amount) private {
        Mirror storage mirror = _fresh(providerId, user);
        uint256 held = nmr.balanceOf(users[user]);
        address to = users[user];
        VM.prank(owners(providerId));
        escrow.refund(to, uint96(amount));
        if (nmr.balanceOf(users[user]) != held + amount) ++broken[2];
        mirror.balance -= amount;
        mirror.refunded += amount;
        _fit(mirror);
    }

    /// @dev A voucher for some more than was paid, and perhaps than there is; kept for later.
    function _voucher(uint256 providerId, uint256 user, By by, uint256 amount) private returns (Held memory fresh) {
        Mirror storage mirror = _mirrors[providerId][user];
        fresh.user = user;
        fresh.by = by;
        fresh.voucher = IComputeEscrow.UsageVoucher({
            providerId: providerId,
            user: users[user],
            cumulative: uint96(mirror.claimed + 1 + (amount % (mirror.balance / 2 + 50))),
            usageRoot: bytes32(amount),
            validUntil: uint40(clock + (amount % 4 days))
        });
        fresh.signature = _sign(by == By.User ? _userKey(user) : _sessionKey(user), fresh.voucher);
        Held[] storage held = _held[providerId];
        if (held.length < MAX_HELD) held.push(fresh);
        else held[amount % MAX_HELD] = fresh;
    }

    function _redeem(uint256 providerId, Held memory held) private {
        uint256 due = _book(providerId, held);
        uint256 before = nmr.balanceOf(payouts(providerId));
        VM.prank(STRANGER);
        try escrow.redeem(held.voucher, held.signature) {
            if (due == 0) ++broken[3];
        } catch {
            if (due > 0) ++broken[3];
        }
        if (nmr.balanceOf(payouts(providerId)) != before + due) ++broken[3];
    }

    /// @dev What a voucher must pay by the rules, booked.
    function _book(uint256 providerId, Held memory held) private returns (uint256 due) {
        Mirror storage mirror = _fresh(providerId, held.user);
        Key storage key = _keys[providerId][held.user];
        uint256 cumulative = held.voucher.cumulative;
        if (held.by == By.Forger || clock > held.voucher.validUntil) return 0;
        if (held.by == By.SessionKey && (cumulative > key.limit || clock > key.until)) return 0;
        if (cumulative > mirror.highest) mirror.highest = cumulative;
        if (cumulative <= mirror.claimed) return 0;
        due = cumulative - mirror.claimed;
        if (due > mirror.balance) due = mirror.balance;
        mirror.balance -= due;
        mirror.claimed += due;
        mirror.reserved -= due < mirror.reserved ? due : mirror.reserved;
        _fit(mirror);
    }

    /// @dev What is reserved keeps its place before what is being withdrawn.
    function _fit(Mirror storage mirror) private {
        if (mirror.reserved > mirror.balance) mirror.reserved = mirror.balance;
        uint256 room = mirror.balance - mirror.reserved;
        if (mirror.pending > room) mirror.pending = room;
        if (mirror.reserved == 0) mirror.reservedUntil = 0;
        if (mirror.pending == 0) mirror.maturesAt = 0;
    }
}
