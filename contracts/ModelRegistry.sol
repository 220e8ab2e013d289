// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IModelRegistry} from "./interfaces/IModelRegistry.sol";

/// @title Model registry
/// @notice Models that data scientists stake on: who owns them, who is paid for them, and their track record.
abstract contract ModelRegistry is IModelRegistry {
    /// @inheritdoc IModelRegistry
    uint256 public modelCount;
    mapping(uint256 modelId => Model) internal _models;
    /// @dev Set only where the model says so: most models are paid to their owner and never read this.
    mapping(uint256 modelId => address payee) private _payees;
    /// @inheritdoc IModelRegistry
    mapping(uint256 modelId => address newOwner) public offeredTo;

    /// @inheritdoc IModelRegistry
    function registerModel(bytes32 name) external returns (uint256 modelId) {
        modelId = ++modelCount;
        SafeCast.toUint40(modelId); // stakes name their model in 40 bits
        _models[modelId].owner = msg.sender;
        emit ModelRegistered(modelId, msg.sender, name);
    }

    /// @inheritdoc IModelRegistry
    function setPayee(uint256 modelId, address payee) external {
        Model storage model = _requireModel(modelId);
        address current = _payee(modelId, model.owner, model.hasPayee);
        if (msg.sender != current) revert NotPayee(modelId, current, msg.sender);
        if (payee == address(this)) revert InvalidPayee(payee);

        bool toOwner = payee == address(0) || payee == model.owner;
        model.hasPayee = !toOwner;
        _payees[modelId] = toOwner ? address(0) : payee;
        emit PayeeChanged(modelId, toOwner ? model.owner : payee);
    }

    /// @inheritdoc IModelRegistry
    function offerModel(uint256 modelId, address newOwner) external {
        Model storage model = _requireModel(modelId);
        _requireOwner(modelId, model.owner);
        if (newOwner != address(0)) _requireNoPayee(modelId, model);

        offeredTo[modelId] = newOwner;
        emit ModelOffered(modelId, msg.sender, newOwner);
    }

    /// @inheritdoc IModelRegistry
    function acceptModel(uint256 modelId) external {
        Model storage model = _requireModel(modelId);
        if (msg.sender != offeredTo[modelId]) revert ModelNotOffered(modelId, offeredTo[modelId], msg.sender);
        _requireNoPayee(modelId, model);

        address previousOwner = model.owner;
        delete offeredTo[modelId];
        model.owner = msg.sender;
        emit ModelTransferred(modelId, previousOwner, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function getModel(uint256 modelId) external view returns (Model memory) {
        return _models[modelId];
    }

    /// @inheritdoc IModelRegistry
    function payeeOf(uint256 modelId) external view returns (address) {
        return _payee(modelId, _models[modelId].owner, _models[modelId].hasPayee);
    }

    function _payee(uint256 modelId, address owner, bool hasPayee) internal view returns (address) {
        return hasPayee ? _payees[modelId] : owner;
    }

    /// @dev Reverts for a model that is not registered, too.
    function _requireOwner(uint256 modelId, address owner) internal view {
        if (owner == address(0)) revert ModelNotFound(modelId);
        if (msg.sender != owner) revert NotModelOwner(modelId, owner, msg.sender);
    }

    function _requireModel(uint256 modelId) private view returns (Model storage model) {
        model = _models[modelId];
        if (model.owner == address(0)) revert ModelNotFound(modelId);
    }

    /// @dev A buyer must not stake for the seller's wallet.
    function _requireNoPayee(uint256 modelId, Model storage model) private view {
        if (model.hasPayee) revert PayeeSet(modelId, _payees[modelId]);
    }
}
