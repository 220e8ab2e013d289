// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IEtherPayments} from "./interfaces/IEtherPayments.sol";

/// @title Ether payments
/// @notice Ether is sent with a bounded gas stipend; what a recipient refuses is kept for it to withdraw.
abstract contract EtherPayments is IEtherPayments, ReentrancyGuardTransient {
    /// @notice Gas a recipient gets: enough for a wallet contract to take note, too little to hold up a batch.
    uint256 public constant PAYMENT_GAS = 50_000;
    /// @dev Gas that must be left before a payment: a call with value to a new account costs 2,600 + 9,000 + 25,000,
    /// and EIP-150 keeps back a 64th of what is then left: (50,000 × 64 / 63) + 36,600, and some for the way there.
    uint256 private constant GAS_BEFORE_PAYMENT = 88_500;

    /// @inheritdoc IEtherPayments
    mapping(address recipient => uint256 amount) public owed;

    /// @inheritdoc IEtherPayments
    function withdrawOwed(address to) external nonReentrant {
        uint256 amount = owed[msg.sender];
        if (to == address(0)) revert ZeroAddress();
        if (amount == 0) revert NothingOwed(msg.sender);

        delete owed[msg.sender];
        emit OwedWithdrawn(msg.sender, to, amount);

        if (!_send(to, amount)) revert PaymentFailed(to);
    }

    /// @dev Pays, or keeps the ether for a recipient that refuses it.
    function _pay(address to, uint256 amount) internal {
        if (amount == 0 || _send(to, amount)) return;
        owed[to] += amount;
        emit PaymentOwed(to, amount);
    }

    /// @dev A caller who supplies too little gas must not make somebody's payment fail: too little reverts.
    function _send(address to, uint256 amount) private returns (bool sent) {
        uint256 available = gasleft();
        if (available < GAS_BEFORE_PAYMENT) revert InsufficientGas(GAS_BEFORE_PAYMENT, available);
        // A plain call would copy whatever the recipient returns, at the caller's expense.
        assembly ("memory-safe") {
            sent := call(PAYMENT_GAS, to, amount, 0, 0, 0, 0)
        }
    }
}
