// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Calling token
/// @notice A token that calls back whenever it mints or moves, as NMR does not.
contract CallingToken {
    address private _target;
    bytes private _callback;

    event CalledBack(bool success, bytes result);

    /// @notice Sets what to call.
    function aim(address target, bytes calldata callback) external {
        _target = target;
        _callback = callback;
    }

    function mint(address, uint256) external {
        _callBack();
    }

    function transfer(address, uint256) external returns (bool) {
        _callBack();
        return true;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        _callBack();
        return true;
    }

    function _callBack() private {
        (bool success, bytes memory result) = _target.call(_callback);
        emit CalledBack(success, result);
    }
}
