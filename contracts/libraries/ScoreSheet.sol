// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IStakingTournament} from "../interfaces/IStakingTournament.sol";

/// @title Score sheet
/// @notice Scores as contract code: 4 bytes a stake, 2,048 stakes a chunk.
/// @dev Score word: bit 31 scored, 30 concordant, 29 original, 28–22 consistency in per cent, 21–20 zero, 19–0 log-loss
/// in millionths.
library ScoreSheet {
    /// @dev Scores a chunk. One chunk of code is 8,193 bytes, and posting one fits the gas limit of a transaction.
    uint256 internal constant CHUNK = 2048;
    /// @dev Bytes a score.
    uint256 internal constant WORD = 4;
    /// @dev Greatest log-loss, in millionths; worse ones are capped to it.
    uint256 internal constant MAX_LOGLOSS = 0xfffff;
    /// @dev Bits that must be zero.
    uint256 internal constant RESERVED = 0x300000;
    /// @dev `word >> 22` of a model that is scored, concordant and original with a consistency of zero: the three flags
    /// are the highest bits, so a word is eligible when `word >> 22` is at least this plus the least consistency.
    uint256 internal constant ELIGIBLE = 0x380;

    /// @dev Refuses a word that says something impossible.
    function check(uint256 word, uint256 index) internal pure {
        if (word & RESERVED != 0 || (word >> 22) & 0x7f > 100) {
            revert IStakingTournament.InvalidScore(index, uint32(word)); // words have 32 bits
        }
    }

    /// @dev Stores a chunk as code.
    function store(bytes calldata packed) internal returns (address pointer) {
        return SSTORE2.write(packed);
    }

    /// @dev The words of the stakes `from` to `to - 1`, copied out of as many chunks as they lie in.
    function read(
        mapping(uint256 chunk => address pointer) storage pointers,
        uint256 from,
        uint256 to
    ) internal view returns (bytes memory words) {
        words = new bytes((to - from) * WORD);
        uint256 filled = 0;
        while (from < to) {
            uint256 chunk = from / CHUNK;
            uint256 start = from - chunk * CHUNK;
            uint256 count = CHUNK - start;
            if (count > to - from) count = to - from;
            address pointer = pointers[chunk];
            // The chunk's code is one zero byte, then the words. Every index asked for was scored, so the code is there.
            assembly ("memory-safe") {
                extcodecopy(pointer, add(add(words, 0x20), filled), add(mul(start, WORD), 1), mul(count, WORD))
            }
            from += count;
            filled += count * WORD;
        }
    }

    /// @dev The i-th word that {read} copied.
    function wordAt(bytes memory words, uint256 i) internal pure returns (uint256 word) {
        // The caller asks only for words it has read.
        assembly ("memory-safe") {
            word := shr(224, mload(add(add(words, 0x20), mul(i, WORD))))
        }
    }

    /// @dev A word in words.
    function decode(uint256 word) internal pure returns (IStakingTournament.Score memory) {
        return
            IStakingTournament.Score({
                scored: word >> 31 != 0,
                concordant: (word >> 30) & 1 != 0,
                original: (word >> 29) & 1 != 0,
                consistency: uint8((word >> 22) & 0x7f), // 7 bits
                logloss: uint32(word & MAX_LOGLOSS) // 20 bits
            });
    }
}
