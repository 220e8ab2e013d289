// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {Reference} from "../Reference.sol";
import {VM} from "../Vm.sol";
import {Griefers} from "./Griefers.sol";
import {Sponsors} from "./Sponsors.sol";

/// @title Season
/// @notice Everybody together, and the sums over the mirror.
abstract contract Season is Griefers, Sponsors {
    /// @dev A round that goes as it should from the close to its resolution, and perhaps to the last settlement.
    function conclude(uint256 seed, uint256 scores) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Closed, seed);
        if (roundId == 0 || _mirrors[roundId].stakes.length == 0) return;
        if (!_hasTime(roundId)) return;
        if (_resolve(roundId, scores) && scores % 4 < 2) _settle(roundId, 0, _mirrors[roundId].stakes.length);
    }

    /// @dev One to three short rounds in which everybody stakes and all goes well, settled in either order: it takes two
    /// for a record that earns a bonus, and three for a record that is of a later round. Not each time, or no round would
    /// be left for the others.
    function playRounds(uint256 prize, uint256 seed, uint256 scores) external now_ {
        uint256 first = tournament.roundCount() + 1;
        if (seed % 6 > 0 || first > MAX_ROUNDS) return;
        uint256 last = first + ((seed / 6) % 3);
        if (last > MAX_ROUNDS) last = MAX_ROUNDS;
        for (uint256 id = first; id <= last; ++id) {
            _open(1 + (prize % 400), seed, clock + 1);
            _fund(id, sponsors[id % 2], 1 + 2 * (prize % 200));
            _stakeAll(id, seed / id);
            clock += 1;
            VM.warp(clock);
            _resolve(id, scores / id);
        }
        for (uint256 i = 0; i <= last - first; ++i) {
            uint256 id = (seed / 18) % 2 == 0 ? first + i : last - i;
            _settle(id, 0, _mirrors[id].stakes.length);
        }
    }

    /// @dev Scores a closed round and finalises it once the challenge period is over; whether it could. Strangers come first,
    /// with every attempt that may not resolve it.
    function _resolve(uint256 roundId, uint256 scores) private returns (bool resolved) {
        uint256 attemptId = _score(roundId, scores);
        // An attempt that nobody else approves lies beside it.
        if (scores % 2 == 0) _lie(roundId, scores / 2, scores / 3);
        clock = _challengeEnd(roundId);
        VM.warp(clock);
        _forceFinalize(roundId);
        resolved = attemptId != 0 && _finalize(roundId, attemptId);
        if (!resolved) ++broken[13];
    }

    /// @return due NMR of stakes that are neither settled nor destroyed, and of bonus pools, in wei.
    function nmrDue() external view returns (uint256 due) {
        for (uint256 id = 1; id <= tournament.roundCount(); ++id) {
            Mirror storage mirror = _mirrors[id];
            due += toReturn(id) + mirror.bonus - mirror.bonusPaid - mirror.bonusBack;
        }
    }

    /// @return due Ether of prize pools, and owed to anybody, in wei.
    function etherDue() external view returns (uint256 due) {
        for (uint256 id = 1; id <= tournament.roundCount(); ++id) {
            Mirror storage mirror = _mirrors[id];
            due += mirror.prize - mirror.etherPaid - mirror.etherBack;
        }
        due += tournament.owed(TREASURY);
        for (uint256 i = 0; i < scientists.length; ++i) due += tournament.owed(scientists[i]);
        for (uint256 i = 0; i < sponsors.length; ++i) due += tournament.owed(sponsors[i]);
        for (uint256 i = 0; i < wallets.length; ++i) due += tournament.owed(address(wallets[i]));
    }

    /// @return due NMR of a round's stakes that are neither settled nor destroyed, in wei.
    function toReturn(uint256 roundId) public view returns (uint256 due) {
        Reference.Verdict[] memory verdicts = _verdicts(roundId);
        Reference.Placed[] storage stakes = _mirrors[roundId].stakes;
        for (uint256 i = 0; i < verdicts.length; ++i) {
            if (stakes[i].timesSettled == 0 && !verdicts[i].destroyed) due += stakes[i].amount;
        }
    }

    /// @return prize Ether that a sponsor has in a round, in wei.
    /// @return bonus NMR that it has in it, in wei.
    function contributionOf(uint256 roundId, address sponsor) external view returns (uint256 prize, uint256 bonus) {
        return (_prizeOf[roundId][sponsor], _bonusOf[roundId][sponsor]);
    }

    /// @dev Past every deadline, nobody but strangers and sponsors acts: whatever is in the rounds must come out.
    function drain() external {
        uint256 count = tournament.roundCount();
        for (uint256 id = 1; id <= count; ++id) {
            uint256 deadline = _mirrors[id].deadline;
            if (deadline >= clock) clock = deadline + 1;
        }
        VM.warp(clock);
        for (uint256 id = 1; id <= count; ++id) {
            if (tournament.roundStatus(id) == IStakingTournament.RoundStatus.Closed) {
                VM.prank(STRANGER);
                try tournament.voidRound(id) {} catch {}
            }
            VM.prank(STRANGER);
            try tournament.settle(id, 0, _mirrors[id].stakes.length) {} catch {}
            VM.prank(STRANGER);
            try tournament.sweepRemainder(id) {} catch {}
            for (uint256 i = 0; i < sponsors.length; ++i) {
                VM.prank(sponsors[i]);
                try tournament.reclaimPrize(id) {} catch {}
                VM.prank(sponsors[i]);
                try tournament.reclaimBonus(id) {} catch {}
            }
        }
        for (uint256 i = 0; i < wallets.length; ++i) {
            if (tournament.owed(address(wallets[i])) > 0) _withdraw(wallets[i]);
        }
    }

    /// @dev Lets the quorum resolve a closed round in which there is time left for it.
    /// @return Whether it could, or had no time.
    function resolvable(uint256 roundId) external returns (bool) {
        VM.warp(clock);
        if (tournament.roundStatus(roundId) != IStakingTournament.RoundStatus.Closed) return true;
        if (_mirrors[roundId].stakes.length == 0 || !_hasTime(roundId)) return true;
        return _resolve(roundId, clock);
    }

    /// @dev Lets strangers try every attempt of a closed round: when the challenge period of a last one is over, and after
    /// the deadline.
    function forceFinalizeAll(uint256 roundId) external {
        VM.warp(clock);
        if (tournament.roundStatus(roundId) != IStakingTournament.RoundStatus.Closed) return;
        if (_mirrors[roundId].stakes.length == 0) return;
        if (_hasTime(roundId)) {
            _score(roundId, clock);
            clock = _challengeEnd(roundId);
            VM.warp(clock);
            _forceFinalize(roundId);
        }
        if (clock <= _mirrors[roundId].deadline) clock = _mirrors[roundId].deadline + 1;
        VM.warp(clock);
        _forceFinalize(roundId);
    }
}
