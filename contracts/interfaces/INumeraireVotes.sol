// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {INumeraire} from "./INumeraire.sol";

/// @title Voting Numeraire (vNMR)
/// @notice NMR locked up one for one to vote with; it can be taken out at any time, and votes only once delegated.
/// @dev Amounts and votes are in wei (18 decimals), timepoints are Unix seconds. There is no owner: NMR that is sent here
/// by a plain transfer, without {depositFor}, is lost.
interface INumeraireVotes is IERC20, IERC20Permit, IERC5805 {
    /// @notice A contract that is needed was given as the zero address.
    error ZeroAddress();

    /// @notice Locks NMR of the caller and gives an account as much vNMR.
    /// @dev Emits {IERC20-Transfer} of the NMR, and one of the vNMR from the zero address.
    /// Requirements: the caller has given this contract an allowance of `value` NMR; `account` is not this contract.
    /// Warning: who holds vNMR has no votes before {IVotes-delegate}, to itself or to another.
    /// @param account Account that receives the vNMR.
    /// @param value NMR to lock, in wei.
    /// @return Always true; failures revert.
    function depositFor(address account, uint256 value) external returns (bool);

    /// @notice Destroys vNMR of the caller and pays out the NMR behind it. Nothing can delay it.
    /// @dev Emits {IERC20-Transfer} of the vNMR to the zero address, and one of the NMR.
    /// Requirements: `account` is not this contract.
    /// @param account Account that receives the NMR.
    /// @param value vNMR to destroy, in wei.
    /// @return Always true; failures revert.
    function withdrawTo(address account, uint256 value) external returns (bool);

    /// @notice The token that is locked up.
    /// @return Contract of NMR.
    function nmr() external view returns (INumeraire);
}
