// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Ether payments
/// @notice Ether is sent with a bounded gas stipend; what a recipient refuses is kept for it to withdraw.
interface IEtherPayments {
    /// @notice A payment in ether failed and can be withdrawn by the recipient.
    /// @param recipient Account that is owed.
    /// @param amount Ether added to what it is owed, in wei.
    event PaymentOwed(address indexed recipient, uint256 amount);

    /// @notice Owed ether was withdrawn.
    /// @param recipient Account that was owed.
    /// @param to Account that was paid.
    /// @param amount Ether paid, in wei.
    event OwedWithdrawn(address indexed recipient, address indexed to, uint256 amount);

    /// @notice An address that must be given is zero.
    error ZeroAddress();

    /// @notice The account is owed nothing.
    /// @param recipient Account that called.
    error NothingOwed(address recipient);

    /// @notice The recipient refused the ether.
    /// @param to Account that was to be paid.
    error PaymentFailed(address to);

    /// @notice Too little gas to give a recipient its full stipend.
    /// @param required Gas that must be left.
    /// @param available Gas that was left.
    error InsufficientGas(uint256 required, uint256 available);

    /// @notice Pays the ether that the caller is owed because an earlier payment failed.
    /// @dev Emits {OwedWithdrawn}.
    /// @param to Account to pay.
    function withdrawOwed(address to) external;

    /// @notice Ether an account can withdraw because a payment to it failed.
    /// @param recipient Account to look up.
    /// @return Ether, in wei.
    function owed(address recipient) external view returns (uint256);
}
