// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {ModelWord} from "./libraries/ModelWord.sol";

/// @title Model registry
/// @notice Models that data scientists stake on: who owns them, who is paid for them, and their track record.
abstract contract ModelRegistry is IModelRegistry {
    /// @dev Lets a model's slot be hashed once and then read and written.
    struct ModelSlot {
        ModelWord word;
    }

    /// @inheritdoc IModelRegistry
    uint256 public modelCount;
    mapping(uint256 modelId => ModelSlot) internal _models;
    /// @dev Set only where the model says so: most models are paid to their owner and never read this.
    mapping(uint256 modelId => address payee) private _payees;
    /// @inheritdoc IModelRegistry
    mapping(uint256 modelId => address newOwner) public offeredTo;

    /// @inheritdoc IModelRegistry
    function registerModel(bytes32 name) external returns (uint256 modelId) {
        modelId = ++modelCount;
        SafeCast.toUint40(modelId); // stakes name their model in 40 bits
        _models[modelId].word = ModelWord.wrap(0).withOwner(msg.sender);
        emit ModelRegistered(modelId, msg.sender, name);
    }

    /// @inheritdoc IModelRegistry
    function setPayee(uint256 modelId, address payee) external {
        ModelWord model = _requireModel(modelId);
        address current = _payee(modelId, model);
        if (msg.sender != current) revert NotPayee(modelId, current, msg.sender);
        if (payee == address(this)) revert InvalidPayee(payee);

        bool toOwner = payee == address(0) || payee == model.owner();
        _models[modelId].word = model.withPayee(!toOwner);
        _payees[modelId] = toOwner ? address(0) : payee;
        emit PayeeChanged(modelId, toOwner ? model.owner() : payee);
    }

    /// @inheritdoc IModelRegistry
    function offerModel(uint256 modelId, address newOwner) external {
        ModelWord model = _requireModel(modelId);
        _requireOwner(modelId, model, msg.sender);
        if (newOwner != address(0)) _requireNoPayee(modelId, model);

        offeredTo[modelId] = newOwner;
        emit ModelOffered(modelId, msg.sender, newOwner);
    }

    /// @inheritdoc IModelRegistry
    function acceptModel(uint256 modelId) external {
        ModelWord model = _requireModel(modelId);
        if (msg.sender != offeredTo[modelId]) revert ModelNotOffered(modelId, offeredTo[modelId], msg.sender);
        _requireNoPayee(modelId, model);

        address previousOwner = model.owner();
        delete offeredTo[modelId];
        _models[modelId].word = model.withOwner(msg.sender);
        emit ModelTransferred(modelId, previousOwner, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function getModel(uint256 modelId) external view returns (Model memory) {
        ModelWord model = _models[modelId].word;
        return
            Model({
                owner: model.owner(),
                lastStakedRound: uint24(model.lastStakedRound()), // as wide as the field
                lastOrdinal: uint24(model.lastOrdinal()), // as wide as the field
                history: uint40(model.history()), // as wide as the field
                hasPayee: model.hasPayee()
            });
    }

    /// @inheritdoc IModelRegistry
    function payeeOf(uint256 modelId) external view returns (address) {
        return _payee(modelId, _models[modelId].word);
    }

    function _payee(uint256 modelId, ModelWord model) internal view returns (address) {
        return model.hasPayee() ? _payees[modelId] : model.owner();
    }

    /// @dev Reverts for a model that is not registered, too.
    function _requireOwner(uint256 modelId, ModelWord model, address account) internal pure {
        address owner = model.owner();
        if (owner == address(0)) revert ModelNotFound(modelId);
        if (account != owner) revert NotModelOwner(modelId, owner, account);
    }

    function _requireModel(uint256 modelId) private view returns (ModelWord model) {
        model = _models[modelId].word;
        if (model.owner() == address(0)) revert ModelNotFound(modelId);
    }

    /// @dev A buyer must not stake for the seller's wallet.
    function _requireNoPayee(uint256 modelId, ModelWord model) private view {
        if (model.hasPayee()) revert PayeeSet(modelId, _payees[modelId]);
    }
}
