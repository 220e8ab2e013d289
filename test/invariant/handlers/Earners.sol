// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {VM} from "../Vm.sol";
import {Weeks} from "./Weeks.sol";

/// @title Earners
/// @notice Those who claim what they earned, alone and together, and those who try to claim more.
abstract contract Earners is Weeks {
    function claim(uint256 seed) external now_ {
        if (_live == 0) return;
        uint256 i = seed % EARNERS;
        uint256[EARNERS] memory earned = _earned();
        uint256 before = nmr.balanceOf(earners[i]);
        VM.prank(STRANGER);
        try rewards.claim(earners[i], earned[i], _proof(earned, i)) {} catch {
            if (_mustPay(earned, i, EARNERS)) ++broken[1];
        }
        _book(i, before, earned[i]);
    }

    /// @dev All four, or two that are no neighbours.
    function claimMany(uint256 seed) external now_ {
        if (_live == 0) return;
        uint256[EARNERS] memory earned = _earned();
        uint256[EARNERS] memory before;
        for (uint256 i = 0; i < EARNERS; ++i) before[i] = nmr.balanceOf(earners[i]);
        (address[] memory accounts, uint256[] memory sums, bytes32[] memory proof, bool[] memory flags) = _batch(
            earned,
            seed % 2 == 0
        );
        VM.prank(STRANGER);
        try rewards.claimMany(accounts, sums, proof, flags) {} catch {
            if (_mustPay(earned, 0, seed % 2 == 0 ? 1 : 2)) ++broken[1];
        }
        for (uint256 i = 0; i < EARNERS; ++i) _book(i, before[i], earned[i]);
    }

    /// @dev More than the leaf says, somebody else's leaf, or a leaf of any other week or proposal.
    function forge(uint256 seed) external now_ {
        if (_plans.length == 0) return;
        uint256[EARNERS] memory earned = _plans[seed % _plans.length].earned;
        uint256 i = (seed / 16) % EARNERS;
        uint256 from = (seed / 64) % EARNERS;
        uint256 more = (seed / 256) % 3;
        uint256 before = nmr.balanceOf(earners[i]);
        VM.prank(earners[i]);
        try rewards.claim(earners[i], earned[from] + more, _proof(earned, from)) {} catch {}
        // A true leaf of the live week is no forgery.
        _book(i, before, _earned()[i]);
    }

    /// @notice NMR that all accounts were paid, in wei.
    function totalPaid() external view returns (uint256 total) {
        for (uint256 i = 0; i < EARNERS; ++i) total += paid[earners[i]];
    }

    /// @dev Whether a claim for every `step`-th earner from `first` on may not fail: there is something due to them, and
    /// what is minted covers all that is due to anybody. A captured quorum promises more.
    function _mustPay(uint256[EARNERS] memory earned, uint256 first, uint256 step) private view returns (bool) {
        uint256 covered = minted - this.totalPaid();
        return _due(earned, first, step) > 0 && _due(earned, 0, 1) <= covered;
    }

    function _due(uint256[EARNERS] memory earned, uint256 first, uint256 step) private view returns (uint256 sum) {
        for (uint256 i = first; i < EARNERS; i += step) {
            if (earned[i] > paid[earners[i]]) sum += earned[i] - paid[earners[i]];
        }
    }

    /// @dev Books what an account was paid: nothing, or all that its leaf is above what it had.
    function _book(uint256 i, uint256 before, uint256 cumulative) private {
        uint256 amount = nmr.balanceOf(earners[i]) - before;
        paid[earners[i]] += amount;
        if (amount > 0 && paid[earners[i]] != cumulative) ++broken[2];
    }

    function _proof(uint256[EARNERS] memory earned, uint256 i) private view returns (bytes32[] memory proof) {
        (, bytes32[EARNERS] memory leaves) = _tree(earned);
        proof = new bytes32[](2);
        proof[0] = leaves[i ^ 1];
        proof[1] = Hashes.commutativeKeccak256(leaves[i < 2 ? 2 : 0], leaves[i < 2 ? 3 : 1]);
    }

    function _batch(
        uint256[EARNERS] memory earned,
        bool all
    )
        private
        view
        returns (address[] memory accounts, uint256[] memory sums, bytes32[] memory proof, bool[] memory flags)
    {
        (, bytes32[EARNERS] memory leaves) = _tree(earned);
        uint256 count = all ? EARNERS : EARNERS / 2;
        accounts = new address[](count);
        sums = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 earner = all ? i : 2 * i;
            (accounts[i], sums[i]) = (earners[earner], earned[earner]);
        }
        flags = new bool[](3);
        flags[2] = true;
        if (all) {
            (flags[0], flags[1]) = (true, true);
        } else {
            proof = new bytes32[](2);
            (proof[0], proof[1]) = (leaves[1], leaves[3]);
        }
    }
}
