// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeEscrow} from "../../../contracts/interfaces/IComputeEscrow.sol";
import {VM} from "../Vm.sol";
import {EscrowWorld} from "../handlers/EscrowWorld.sol";
import {Market} from "../handlers/Market.sol";

/// @title Traders
/// @notice The runner fuzzes only contracts that the test's own file defines.
contract Traders is Market {}

/// @title Compute escrow invariants
/// @notice E1 to E4, after any sequence of what users, their session keys, two providers, griefers and time do.
/// @dev Its calls are dear, because vouchers are signed: a quarter of the runs.
/// hardhat-config: invariant.runs = 64
contract ComputeEscrowInvariants {
    uint256 private constant USERS = 3;
    uint256 private constant PROVIDERS = 2;

    Traders private _market;
    IComputeEscrow private _escrow;

    function setUp() external {
        _market = new Traders();
        _escrow = _market.escrow();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_market);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev What the market can do only at its end.
    function excludeSelectors() external view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = Market.drain.selector;
        excluded[0] = FuzzSelector(address(_market), selectors);
    }

    function invariant_E1_nmrIsThere() external view {
        uint256 sum = 0;
        for (uint256 user = 0; user < USERS; ++user) {
            for (uint256 id = 1; id <= PROVIDERS; ++id) sum += _channel(id, user).balance;
        }
        VM.assertEq(
            _market.nmr().balanceOf(address(_escrow)),
            sum + _market.donated(),
            "E1: NMR held = channels + donated"
        );
        VM.assertEq(_market.broken(1), 0, "E1: calls that took somebody else's NMR = 0");
    }

    function invariant_E2_everyChannelAddsUp() external view {
        VM.assertEq(_market.broken(2), 0, "E2: refunds of another amount = 0");
        for (uint256 user = 0; user < USERS; ++user) {
            for (uint256 id = 1; id <= PROVIDERS; ++id) {
                EscrowWorld.Mirror memory mirror = _market.mirrorOf(id, user);
                IComputeEscrow.Channel memory channel = _channel(id, user);
                VM.assertEq(
                    uint256(channel.balance) + channel.claimed + channel.refunded + channel.withdrawn,
                    mirror.deposited,
                    "E2: balance + claimed + refunded + withdrawn = deposited"
                );
                VM.assertEq(channel.balance, mirror.balance, "E2: balance = that by the rules");
                VM.assertEq(channel.refunded, mirror.refunded, "E2: refunded = that by the rules");
                VM.assertEq(channel.withdrawn, mirror.withdrawn, "E2: withdrawn = that by the rules");
                VM.assertEq(channel.deposited, mirror.deposited, "E2: deposited, as told = that by the rules");
            }
        }
    }

    function invariant_E3_nothingUnsignedIsPaid() external view {
        VM.assertEq(_market.broken(3), 0, "E3: vouchers paid otherwise than signed = 0");
        for (uint256 user = 0; user < USERS; ++user) {
            for (uint256 id = 1; id <= PROVIDERS; ++id) {
                EscrowWorld.Mirror memory mirror = _market.mirrorOf(id, user);
                VM.assertLe(_channel(id, user).claimed, mirror.highest, "E3: claimed <= highest signed cumulative");
                VM.assertEq(_channel(id, user).claimed, mirror.claimed, "E3: claimed = that by the rules");
            }
        }
    }

    /// @dev Every user leaves; the runner forgets it afterwards.
    function invariant_E4_usersGetTheirNmrBack() external {
        VM.assertEq(_market.broken(4), 0, "E4: holds and withdrawals against the rules = 0");
        _market.drain();
        VM.assertEq(_market.broken(4), 0, "E4: withdrawals of what is unreserved, late or short = 0");
        VM.assertEq(
            _market.nmr().balanceOf(address(_escrow)),
            _market.donated(),
            "E4: NMR left after every user went = donated"
        );
    }

    function _channel(uint256 providerId, uint256 user) private view returns (IComputeEscrow.Channel memory) {
        return _escrow.getChannel(providerId, _market.users(user));
    }
}
