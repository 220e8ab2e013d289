// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev A stake as the one storage slot it fills: model in bits 0–39, amount in bits 40–135, confidence in bits 136–231.
/// A struct would be copied to memory field by field, and written back as often.
type StakeWord is uint256;

using StakeWords for StakeWord global;

/// @title Stake words
/// @notice The fields of a {StakeWord}.
library StakeWords {
    uint256 private constant AMOUNT_AT = 40;
    uint256 private constant CONFIDENCE_AT = 136;

    /// @dev The caller makes sure that the model fits 40 bits and the others 96.
    function pack(uint256 modelId_, uint256 amount_, uint256 confidence_) internal pure returns (StakeWord) {
        return StakeWord.wrap(modelId_ | (amount_ << AMOUNT_AT) | (confidence_ << CONFIDENCE_AT));
    }

    function modelId(StakeWord word) internal pure returns (uint256) {
        return StakeWord.unwrap(word) & type(uint40).max;
    }

    function amount(StakeWord word) internal pure returns (uint256) {
        return (StakeWord.unwrap(word) >> AMOUNT_AT) & type(uint96).max;
    }

    function confidence(StakeWord word) internal pure returns (uint256) {
        return StakeWord.unwrap(word) >> CONFIDENCE_AT; // nothing lies above
    }

    /// @dev The stake without its amount: settled.
    function emptied(StakeWord word) internal pure returns (StakeWord) {
        return pack(modelId(word), 0, confidence(word));
    }
}
