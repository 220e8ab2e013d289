// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev A model as the one storage slot it fills: owner in bits 0–159, last staked round in bits 160–183, last ordinal
/// in bits 184–207, history in bits 208–247, whether it has a payee in bit 248. A struct would be copied to memory field
/// by field, and written back as often.
type ModelWord is uint256;

using ModelWords for ModelWord global;

/// @title Model words
/// @notice The fields of a {ModelWord}.
library ModelWords {
    uint256 private constant ROUND_AT = 160;
    uint256 private constant ORDINAL_AT = 184;
    uint256 private constant HISTORY_AT = 208;
    uint256 private constant PAYEE_AT = 248;
    uint256 private constant ROUND_MASK = uint256(type(uint24).max) << ROUND_AT;
    uint256 private constant RECORD_MASK =
        (uint256(type(uint24).max) << ORDINAL_AT) | (uint256(type(uint40).max) << HISTORY_AT);

    function owner(ModelWord word) internal pure returns (address) {
        return address(uint160(ModelWord.unwrap(word))); // the low bits
    }

    function lastStakedRound(ModelWord word) internal pure returns (uint256) {
        return (ModelWord.unwrap(word) >> ROUND_AT) & type(uint24).max;
    }

    function lastOrdinal(ModelWord word) internal pure returns (uint256) {
        return (ModelWord.unwrap(word) >> ORDINAL_AT) & type(uint24).max;
    }

    function history(ModelWord word) internal pure returns (uint256) {
        return (ModelWord.unwrap(word) >> HISTORY_AT) & type(uint40).max;
    }

    function hasPayee(ModelWord word) internal pure returns (bool) {
        return ModelWord.unwrap(word) >> PAYEE_AT != 0; // nothing lies above
    }

    function equals(ModelWord word, ModelWord other) internal pure returns (bool) {
        return ModelWord.unwrap(word) == ModelWord.unwrap(other);
    }

    function withOwner(ModelWord word, address owner_) internal pure returns (ModelWord) {
        return ModelWord.wrap((ModelWord.unwrap(word) & ~uint256(type(uint160).max)) | uint160(owner_));
    }

    /// @dev The caller makes sure that the round fits 24 bits.
    function withLastStakedRound(ModelWord word, uint256 roundId) internal pure returns (ModelWord) {
        return ModelWord.wrap((ModelWord.unwrap(word) & ~ROUND_MASK) | (roundId << ROUND_AT));
    }

    /// @dev The caller makes sure that the history fits 40 bits and the ordinal 24.
    function withRecord(ModelWord word, uint256 history_, uint256 ordinal) internal pure returns (ModelWord) {
        return
            ModelWord.wrap(
                (ModelWord.unwrap(word) & ~RECORD_MASK) | (ordinal << ORDINAL_AT) | (history_ << HISTORY_AT)
            );
    }

    function withPayee(ModelWord word, bool hasPayee_) internal pure returns (ModelWord) {
        uint256 cleared = ModelWord.unwrap(word) & ~(uint256(1) << PAYEE_AT);
        return ModelWord.wrap(hasPayee_ ? cleared | (uint256(1) << PAYEE_AT) : cleared);
    }
}
