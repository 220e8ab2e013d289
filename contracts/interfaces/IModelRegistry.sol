// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Model registry
/// @notice Models that data scientists stake on: who owns them, who is paid for them, and their track record.
interface IModelRegistry {
    /// @notice A model, in one storage slot.
    /// @param owner Account that stakes for the model.
    /// @param lastStakedRound Newest round the model has a stake in; 0 for none.
    /// @param lastOrdinal Ordinal of the newest settled round the model qualified in; 0 for none.
    /// @param history One bit a resolved round, that of `lastOrdinal` in bit 0 and older ones above: 1 where the model
    /// qualified.
    /// @param hasPayee Whether somebody else than the owner is paid.
    struct Model {
        address owner;
        uint24 lastStakedRound;
        uint24 lastOrdinal;
        uint40 history;
        bool hasPayee;
    }

    /// @notice A model was registered.
    /// @param modelId Number of the model, from 1.
    /// @param owner Account that owns it.
    /// @param name Label of the model; not unique.
    event ModelRegistered(uint256 indexed modelId, address indexed owner, bytes32 name);

    /// @notice A model is paid to another account from now on.
    /// @param modelId Number of the model.
    /// @param payee Account that is paid; the owner when nobody else is.
    event PayeeChanged(uint256 indexed modelId, address indexed payee);

    /// @notice A model was offered to an account.
    /// @param modelId Number of the model.
    /// @param owner Account that offers it.
    /// @param newOwner Account that may accept it; zero when the offer was withdrawn.
    event ModelOffered(uint256 indexed modelId, address indexed owner, address indexed newOwner);

    /// @notice A model changed hands; its unsettled stakes went along.
    /// @param modelId Number of the model.
    /// @param previousOwner Account that offered it.
    /// @param newOwner Account that accepted it.
    event ModelTransferred(uint256 indexed modelId, address indexed previousOwner, address indexed newOwner);

    /// @notice No such model is registered.
    /// @param modelId Number that was given.
    error ModelNotFound(uint256 modelId);

    /// @notice The caller does not own the model.
    /// @param modelId Number of the model.
    /// @param owner Account that owns it.
    /// @param caller Account that called.
    error NotModelOwner(uint256 modelId, address owner, address caller);

    /// @notice The caller is not the account that is paid for the model.
    /// @param modelId Number of the model.
    /// @param payee Account that is paid.
    /// @param caller Account that called.
    error NotPayee(uint256 modelId, address payee, address caller);

    /// @notice The account can hold no money for a model.
    /// @param payee Account that was given.
    error InvalidPayee(address payee);

    /// @notice A model cannot change hands while somebody else than its owner is paid.
    /// @param modelId Number of the model.
    /// @param payee Account that is paid.
    error PayeeSet(uint256 modelId, address payee);

    /// @notice The model was not offered to the caller.
    /// @param modelId Number of the model.
    /// @param offeredTo Account it is offered to; zero for nobody.
    /// @param caller Account that called.
    error ModelNotOffered(uint256 modelId, address offeredTo, address caller);

    /// @notice Registers a model that the caller owns.
    /// @dev Emits {ModelRegistered}.
    /// @param name Label of the model; not unique.
    /// @return modelId Number of the model, from 1.
    function registerModel(bytes32 name) external returns (uint256 modelId);

    /// @notice Sends everything the model is paid to another account, so that a hot key stakes and a cold wallet is paid.
    /// @dev Emits {PayeeChanged}. Requirements: the caller is the current payee (at first the owner), so a stolen
    /// owner key cannot redirect money.
    /// Warning: stakes that are not settled yet are paid to the new payee.
    /// @param modelId Number of the model.
    /// @param payee Account to pay; zero or the owner gives it back to the owner.
    function setPayee(uint256 modelId, address payee) external;

    /// @notice Offers a model to an account, or withdraws the offer.
    /// @dev Emits {ModelOffered}. Requirements: the caller owns the model; nobody else than the owner is paid, unless
    /// the offer is withdrawn.
    /// @param modelId Number of the model.
    /// @param newOwner Account that may accept; zero withdraws the offer.
    function offerModel(uint256 modelId, address newOwner) external;

    /// @notice Takes over a model that was offered to the caller, with its unsettled stakes.
    /// @dev Emits {ModelTransferred} and clears the offer. Requirements: the model is offered to the caller; nobody
    /// else than the owner is paid.
    /// @param modelId Number of the model.
    function acceptModel(uint256 modelId) external;

    /// @notice A model.
    /// @param modelId Number of the model.
    /// @return The model; all zero when there is none.
    function getModel(uint256 modelId) external view returns (Model memory);

    /// @notice The account that is paid for a model.
    /// @param modelId Number of the model.
    /// @return Account; zero when there is no such model.
    function payeeOf(uint256 modelId) external view returns (address);

    /// @notice The account a model is offered to.
    /// @param modelId Number of the model.
    /// @return Account; zero for nobody.
    function offeredTo(uint256 modelId) external view returns (address);

    /// @notice Rounds in which the model qualified among the last 20 that were resolved and recorded.
    /// @param modelId Number of the model.
    /// @return Reputation, 0–20.
    function reputationOf(uint256 modelId) external view returns (uint256);

    /// @notice How many models are registered; the newest has this number.
    /// @return Number of models.
    function modelCount() external view returns (uint256);
}
