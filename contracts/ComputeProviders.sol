// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeEscrow} from "./interfaces/IComputeEscrow.sol";

/// @title Compute providers
/// @notice Who sells computing power, on what terms, and at what prices.
abstract contract ComputeProviders is IComputeEscrow {
    /// @notice Least delay of a provider, in seconds.
    uint256 public constant MIN_WITHDRAW_DELAY = 1 hours;
    /// @notice Greatest delay of a provider, in seconds.
    uint256 public constant MAX_WITHDRAW_DELAY = 30 days;

    /// @inheritdoc IComputeEscrow
    uint256 public providerCount;
    /// @inheritdoc IComputeEscrow
    mapping(address owner => uint256 providerId) public providerOf;
    mapping(uint256 providerId => ComputeProvider) internal _providers;
    /// @inheritdoc IComputeEscrow
    mapping(uint256 providerId => mapping(bytes32 unit => uint96 price)) public priceOf;

    /// @inheritdoc IComputeEscrow
    function registerProvider(
        string calldata uri,
        address payout,
        uint40 withdrawDelay
    ) external returns (uint256 providerId) {
        if (providerOf[msg.sender] != 0) revert AlreadyProvider(msg.sender, providerOf[msg.sender]);
        if (payout == address(0) || payout == address(this)) revert InvalidPayout(payout);
        if (withdrawDelay < MIN_WITHDRAW_DELAY || withdrawDelay > MAX_WITHDRAW_DELAY) {
            revert InvalidWithdrawDelay(MIN_WITHDRAW_DELAY, MAX_WITHDRAW_DELAY, withdrawDelay);
        }

        providerId = ++providerCount;
        providerOf[msg.sender] = providerId;
        _providers[providerId] = ComputeProvider(msg.sender, withdrawDelay, payout, uri);
        emit ProviderRegistered(providerId, msg.sender, payout, withdrawDelay, uri);
    }

    /// @inheritdoc IComputeEscrow
    function setPrice(uint256 providerId, bytes32 unit, uint96 price) external {
        address owner = _requireProvider(providerId).owner;
        if (msg.sender != owner) revert NotProviderOwner(providerId, owner, msg.sender);

        priceOf[providerId][unit] = price;
        emit PriceChanged(providerId, unit, price);
    }

    /// @inheritdoc IComputeEscrow
    function getProvider(uint256 providerId) external view returns (ComputeProvider memory) {
        return _providers[providerId];
    }

    function _requireProvider(uint256 providerId) internal view returns (ComputeProvider storage provider) {
        provider = _providers[providerId];
        if (provider.owner == address(0)) revert ProviderNotFound(providerId);
    }
}
