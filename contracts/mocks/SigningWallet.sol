// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Wallet} from "./Wallet.sol";

/// @title Signing wallet
/// @notice A smart wallet that answers questions about signatures as a test tells it to.
contract SigningWallet is Wallet, IERC1271 {
    /// @dev What the wallet answers. Owner: whether its owner signed. ReturnShort: the right answer in 4 bytes.
    /// NeedGas: as Owner, but fails, and gives its gas back, unless it gets `answerGas`.
    enum Answer {
        Owner,
        BurnGas,
        ReturnMuch,
        RevertMuch,
        ReturnShort,
        ReturnOther,
        NeedGas
    }

    /// @dev Bytes that cost about 200,000 gas to have in memory.
    uint256 private constant LONG = 300_000;

    address private immutable OWNER;
    Answer private _answer;
    uint256 private _answerGas;

    constructor(address owner) {
        OWNER = owner;
    }

    function answerWith(Answer answer, uint256 answerGas) external {
        _answer = answer;
        _answerGas = answerGas;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        uint256 left = gasleft();
        Answer answer = _answer;
        if (answer == Answer.ReturnOther) return bytes4(0xffffffff);
        if (answer == Answer.NeedGas && left < _answerGas) revert();
        bytes4 yes = IERC1271.isValidSignature.selector;
        // Solidity has no statement for any of these.
        assembly ("memory-safe") {
            switch answer
            case 1 {
                invalid()
            }
            case 2 {
                mstore(0, yes)
                return(0, LONG)
            }
            case 3 {
                mstore(0, yes)
                revert(0, LONG)
            }
            case 4 {
                mstore(0, yes)
                return(0, 4)
            }
        }
        (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        return signer == OWNER ? yes : bytes4(0);
    }
}
