// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Reviewer wallet
/// @notice A smart wallet that signs by ERC-1271: it agrees to the hashes it was told to, whatever the signature, and
/// can call somebody while it is asked.
contract ReviewerWallet {
    mapping(bytes32 hash => bool) private _agreed;
    address private _target;
    bytes private _callback;

    function agree(bytes32 hash, bool agreed) external {
        _agreed[hash] = agreed;
    }

    /// @dev From now on, being asked for a signature begins with this call.
    function callBack(address target, bytes calldata callback) external {
        (_target, _callback) = (target, callback);
    }

    function execute(address target, bytes calldata data) external {
        Address.functionCall(target, data);
    }

    /// @dev No view, unlike the standard's: whoever asks by a plain call is called back. A static call makes that fail.
    function isValidSignature(bytes32 hash, bytes calldata) external returns (bytes4) {
        // The wallet agrees even if the call back failed.
        if (_callback.length > 0) {
            try this.execute(_target, _callback) {} catch {}
        }
        return _agreed[hash] ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
