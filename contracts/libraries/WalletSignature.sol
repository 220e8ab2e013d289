// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {IComputeEscrow} from "../interfaces/IComputeEscrow.sol";

/// @title Wallet signature
/// @notice Asks a contract wallet about a signature (ERC-1271) without being at its mercy.
library WalletSignature {
    /// @dev Gas a wallet gets: enough for a dozen owners or a passkey, and 50 wallets that waste it fit a transaction.
    uint256 internal constant CHECK_GAS = 250_000;
    /// @dev Gas that must be left before: 250,000 × 64 / 63 (EIP-150), 2,600 for a cold account, 2,600 for the code that it
    /// may delegate to (EIP-7702), and some for the way.
    uint256 internal constant GAS_BEFORE_CHECK = 261_000;

    /// @dev Whether a wallet says that it signed. A caller who supplies too little gas must not make a good signature look
    /// bad: too little reverts. An account without code answers nothing, which is no.
    function isValid(address wallet, bytes32 digest, bytes calldata signature) internal view returns (bool valid) {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes32 yes = bytes32(IERC1271.isValidSignature.selector);
        uint256 left = gasleft();
        if (left < GAS_BEFORE_CHECK) revert IComputeEscrow.InsufficientGas(GAS_BEFORE_CHECK, left);
        // A plain call would copy whatever the wallet returns, at the caller's expense.
        assembly ("memory-safe") {
            let answered := staticcall(CHECK_GAS, wallet, add(question, 0x20), mload(question), 0, 0x20)
            valid := and(and(answered, gt(returndatasize(), 0x1f)), eq(mload(0), yes))
        }
    }
}
