// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";
import {IERC1363Spender} from "@openzeppelin/contracts/interfaces/IERC1363Spender.sol";

/// @title Token receiver
/// @notice Takes ERC-1363 callbacks and tells what they said; answers wrongly when the data is empty.
contract TokenReceiver is IERC1363Receiver, IERC1363Spender {
    event TransferReceived(address token, address operator, address from, uint256 value, bytes data);
    event ApprovalReceived(address token, address owner, uint256 value, bytes data);

    /// @inheritdoc IERC1363Receiver
    function onTransferReceived(
        address operator,
        address from,
        uint256 value,
        bytes calldata data
    ) external returns (bytes4) {
        emit TransferReceived(msg.sender, operator, from, value, data);
        return data.length == 0 ? bytes4(0) : IERC1363Receiver.onTransferReceived.selector;
    }

    /// @inheritdoc IERC1363Spender
    function onApprovalReceived(address owner, uint256 value, bytes calldata data) external returns (bytes4) {
        emit ApprovalReceived(msg.sender, owner, value, data);
        return data.length == 0 ? bytes4(0) : IERC1363Spender.onApprovalReceived.selector;
    }
}
