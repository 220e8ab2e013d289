// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {Reference} from "../Reference.sol";
import {VM} from "../Vm.sol";
import {World} from "./World.sol";

/// @title Oracles
/// @notice The committee: one member that lies, two that name the cut by sorting, and whoever finalises or voids.
abstract contract Oracles is World {
    /// @dev More would fill the run with attempts.
    uint256 private constant MAX_ATTEMPTS = 6;

    /// @dev A round may get several honest attempts, all approved: members correct themselves and forget to revoke.
    function score(uint256 seed, uint256 scores) external now_ {
        uint256 roundId = _scorable(seed);
        if (roundId != 0 && _hasTime(roundId)) _score(roundId, scores);
    }

    function lie(uint256 seed, uint256 scores) external now_ {
        uint256 roundId = _scorable(seed);
        if (roundId != 0) _lie(roundId, seed, scores);
    }

    /// @dev The member that lies stands for any attempt and takes it back, which leaves the others' approvals.
    function waver(uint256 seed) external now_ touching(0, 0) {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Closed, seed);
        uint256 attempts = _mirrors[roundId].attempts;
        if (attempts == 0) return;
        bytes32 hash = tournament.reportHash(roundId, 1 + (seed % attempts));
        if (!committee.hasApproved(hash, members[0])) {
            VM.prank(members[0]);
            committee.approve(hash);
        }
        VM.prank(members[0]);
        committee.revokeApproval(hash);
    }

    function finalize(uint256 seed) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Closed, seed);
        if (roundId == 0) return;
        for (uint256 id = 1; id <= _mirrors[roundId].attempts; ++id) {
            if (!_finalizable(roundId, id)) continue;
            _tryFinalize(roundId, id);
            return;
        }
    }

    function voidRound(uint256 seed) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Closed, seed);
        if (roundId == 0) return;
        bool due = _mirrors[roundId].stakes.length == 0 || clock > _mirrors[roundId].deadline;
        if (due) _forceFinalize(roundId);
        if (_void(roundId) != due) ++broken[11];
    }

    /// @dev Posts and approves scores by the sorted reference; whether the contract let it happen.
    function _score(uint256 roundId, uint256 scores) internal touching(roundId, 0) returns (uint256 attemptId) {
        uint32[] memory words = _words(roundId, scores);
        attemptId = _attempt(members[1], roundId, _play(roundId, words).cut, words);
        if (attemptId == 0) {
            ++broken[13];
            return 0;
        }
        bytes32 hash = tournament.reportHash(roundId, attemptId);
        for (uint256 i = 1; i <= 2; ++i) {
            VM.prank(members[i]);
            committee.approve(hash);
        }
        _sheets[roundId][attemptId] = words;
    }

    /// @dev Tries every attempt that may not resolve the round now.
    function _forceFinalize(uint256 roundId) internal {
        for (uint256 id = 1; id <= _mirrors[roundId].attempts; ++id) {
            if (!_finalizable(roundId, id)) _tryFinalize(roundId, id);
        }
    }

    /// @dev It has to resolve the round exactly when it may.
    function _tryFinalize(uint256 roundId, uint256 attemptId) internal {
        bool due = _finalizable(roundId, attemptId);
        bool again = _mirrors[roundId].words.length > 0;
        if (_finalize(roundId, attemptId) == due) return;
        if (due) ++broken[13];
        else if (again) ++broken[7];
        else ++broken[14];
    }

    /// @dev Books a resolution by what the reference makes of the scores; whether it happened.
    function _finalize(uint256 roundId, uint256 attemptId) internal touching(roundId, 0) returns (bool) {
        uint256 supply = nmr.totalSupply();
        VM.prank(STRANGER);
        try tournament.finalize(roundId, attemptId) {} catch {
            return false;
        }
        Mirror storage mirror = _mirrors[roundId];
        mirror.supplyDrop += supply - nmr.totalSupply();
        // A second resolution is no resolution: what was true stays.
        if (mirror.words.length > 0) return true;
        mirror.ordinal = ++_resolvedRounds;
        mirror.words = _sheets[roundId][attemptId];
        if (mirror.words.length == 0) mirror.words = new uint32[](mirror.stakes.length);
        mirror.destroyed = _play(roundId, mirror.words).destroyed;
        mirror.resolution = resolutionOf(roundId);
        return true;
    }

    function _void(uint256 roundId) private touching(roundId, 0) returns (bool) {
        VM.prank(STRANGER);
        try tournament.voidRound(roundId) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev The right cut or any other, for any scores; only the right one may complete.
    function _lie(uint256 roundId, uint256 seed, uint256 scores) internal touching(roundId, 0) {
        uint32[] memory words = _words(roundId, scores);
        uint32 cut = uint32(seed % (words.length + 1));
        if (cut == words.length) cut = Reference.NO_CUT;
        if (seed % 8 < 4) cut = _play(roundId, words).cut;
        uint256 attemptId = _attempt(members[0], roundId, cut, words);
        if (attemptId == 0) return;
        if (cut != _play(roundId, words).cut) ++broken[12];
        bytes32 hash = tournament.reportHash(roundId, attemptId);
        VM.prank(members[0]);
        committee.approve(hash);
    }

    /// @return attemptId The attempt; zero if the contract refused it.
    function _attempt(
        address member,
        uint256 roundId,
        uint32 cut,
        uint32[] memory words
    ) private returns (uint256 attemptId) {
        VM.prank(member);
        try tournament.beginScoring(roundId, cut, "evidence", "") returns (uint256 id) {
            attemptId = id;
            _mirrors[roundId].attempts = id;
        } catch {
            return 0;
        }
        bytes memory packed;
        for (uint256 i = 0; i < words.length; ++i) packed = abi.encodePacked(packed, words[i]);
        VM.prank(member);
        try tournament.postScores(roundId, attemptId, packed) {
            _completedAt[roundId][attemptId] = clock;
        } catch {
            return 0;
        }
    }

    function _scorable(uint256 seed) private view returns (uint256 roundId) {
        roundId = _roundWith(IStakingTournament.RoundStatus.Closed, seed);
        if (roundId == 0 || _mirrors[roundId].stakes.length == 0) return 0;
        if (_mirrors[roundId].attempts >= MAX_ATTEMPTS) return 0;
    }

    /// @dev Scores of every kind, on both sides of every bound that the round sets.
    function _words(uint256 roundId, uint256 seed) private view returns (uint32[] memory words) {
        IStakingTournament.RoundTerms memory terms = _mirrors[roundId].terms;
        words = new uint32[](_mirrors[roundId].stakes.length);
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            uint256 flags = dice % 8 == 0 ? (dice / 8) % 8 : 7;
            uint256 consistency = Math.saturatingSub(terms.minConsistency, dice % 7 == 0 ? 1 : 0);
            uint256 logloss = Math.min(terms.benchmark + ((dice / 64) % 2), MAX_LOGLOSS);
            logloss = Math.saturatingSub(logloss, (dice / 128) % 3 == 0 ? 0 : 2);
            words[i] = uint32((flags << 29) | (consistency << 22) | logloss);
        }
    }
}
