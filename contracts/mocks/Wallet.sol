// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Wallet
/// @notice A smart wallet that meets incoming ether as a test tells it to.
contract Wallet {
    /// @dev What the wallet does with ether. BurnGas: fails with all its gas gone. Return and revert much: with as much
    /// data as the stipend can pay for. NeedGas: fails, and gives its gas back, unless it gets `gasNeeded`.
    enum Reaction {
        Accept,
        Refuse,
        BurnGas,
        ReturnMuch,
        RevertMuch,
        NeedGas,
        CallBack
    }

    /// @dev Bytes that cost about 46,000 gas to have in memory.
    uint256 private constant MUCH = 130_000;

    Reaction private _reaction;
    uint256 private _gasNeeded;
    address private _target;
    bytes private _callback;

    event CalledBack(bool success, bytes result);

    receive() external payable {
        uint256 available = gasleft();
        Reaction reaction = _reaction;
        if (reaction == Reaction.Refuse) revert();
        if (reaction == Reaction.NeedGas && available < _gasNeeded) revert();
        if (reaction == Reaction.CallBack) {
            (bool success, bytes memory result) = _target.call(_callback);
            emit CalledBack(success, result);
        }
        // Solidity has no statement for any of these.
        assembly ("memory-safe") {
            switch reaction
            case 2 {
                invalid()
            }
            case 3 {
                return(0, MUCH)
            }
            case 4 {
                revert(0, MUCH)
            }
        }
    }

    function react(Reaction reaction, uint256 gasNeeded) external {
        _reaction = reaction;
        _gasNeeded = gasNeeded;
    }

    function execute(address target, bytes calldata data) public payable {
        Address.functionCallWithValue(target, data, msg.value);
    }

    /// @dev Calls, and calls the target back with `callback` when it pays. Written just before, the callback is cheap
    /// enough to read within the stipend.
    function executeWithCallback(address target, bytes calldata data, bytes calldata callback) external payable {
        _reaction = Reaction.CallBack;
        _target = target;
        _callback = callback;
        execute(target, data);
    }
}
