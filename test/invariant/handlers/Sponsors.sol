// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {VM} from "../Vm.sol";
import {World} from "./World.sol";

/// @title Sponsors
/// @notice The round manager, sponsors, the guardian and time.
abstract contract Sponsors is World {
    /// @dev In one round.
    uint256 private constant MAX_VETOES = 3;

    function open(uint256 prize, uint256 seed) external now_ {
        // Few wei and much ether, so that there are rounds with a cut, without one, and without a prize.
        prize = seed % 4 == 0 ? 0 : 1 + (prize % 400);
        if (tournament.roundCount() < MAX_ROUNDS) _open(prize, seed, clock + 1 + (seed % 3 days));
    }

    function fund(uint256 seed, uint256 amount) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Open, seed);
        if (roundId != 0) _fund(roundId, sponsors[seed % 2], 1 + (amount % 400));
    }

    function veto(uint256 seed) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Closed, seed);
        // Else no round would ever be resolved.
        if (roundId == 0 || seed % 4 != 0) return;
        // Now and then as often as it can, and once more.
        for (uint256 i = 0; i < (seed % 32 == 0 ? MAX_VETOES + 1 : 1); ++i) _veto(roundId);
    }

    function cancel(uint256 seed) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Open, seed);
        if (roundId != 0 && seed % 8 == 0) _cancel(roundId);
    }

    function pass(uint256 time) external {
        clock += 1 + (time % 1 days);
    }

    /// @dev To the last second of something, or the first after it; mostly to a close, or few rounds would be resolved.
    function passTo(uint256 seed) external {
        uint256 count = tournament.roundCount();
        if (count == 0) return;
        Mirror storage mirror = _mirrors[1 + (seed % count)];
        uint256 to = (seed / 8) % 8 > 0 ? mirror.terms.closesAt : mirror.deadline;
        to = to - 1 + (seed % 3);
        if (to > clock) clock = to;
    }

    function _open(
        uint256 prize,
        uint256 seed,
        uint256 closesAt
    ) internal touching(tournament.roundCount() + 1, 0) returns (uint256 roundId) {
        address sponsor = sponsors[seed % 2];
        IStakingTournament.RoundTerms memory terms = _terms(seed, closesAt);
        roundId = tournament.openRound{value: prize}(terms, sponsor);
        _mirrors[roundId].terms = terms;
        _mirrors[roundId].deadline = terms.resolveBy;
        _mirrors[roundId].prize += prize;
        _prizeOf[roundId][sponsor] += prize;
    }

    function _fund(uint256 roundId, address sponsor, uint256 amount) internal touching(roundId, 0) {
        if (amount % 2 == 0) {
            VM.prank(sponsor);
            tournament.fundPrize{value: amount}(roundId);
            _mirrors[roundId].prize += amount;
            _prizeOf[roundId][sponsor] += amount;
        } else {
            // Enough for the bonus of one wei of ether and a reputation of one to be NMR.
            amount *= 1e6;
            VM.prank(sponsor);
            tournament.fundBonus(roundId, uint96(amount));
            _mirrors[roundId].bonus += amount;
            _bonusOf[roundId][sponsor] += amount;
        }
    }

    /// @dev Every round has terms of its own.
    function _terms(uint256 seed, uint256 closesAt) private view returns (IStakingTournament.RoundTerms memory) {
        uint256 dice = uint256(keccak256(abi.encode(seed, tournament.roundCount())));
        uint256 period = (1 + (dice % 3)) * 1 hours;
        return
            IStakingTournament.RoundTerms({
                closesAt: uint40(closesAt),
                resolveBy: uint40(closesAt + period + 1 days + (seed % 2 days)),
                challengePeriod: uint32(period),
                benchmark: uint32(_near(693_147, 1, MAX_LOGLOSS, dice >> 8)),
                minConsistency: uint8(_near(50, 0, 100, dice >> 16)),
                minStake: uint88(_near(10, 1, 60, dice >> 24)),
                minConfidence: uint96((1 + ((dice >> 32) % 3)) * 0.1e18)
            });
    }

    /// @dev Mostly the usual or close to it, now and then the least or the most there may be.
    function _near(uint256 usual, uint256 least, uint256 most, uint256 dice) private pure returns (uint256) {
        if (dice % 8 == 0) return least;
        if (dice % 8 == 1) return most;
        return usual - 2 + ((dice / 8) % 5);
    }

    function _veto(uint256 roundId) private touching(roundId, 0) {
        Mirror storage mirror = _mirrors[roundId];
        bool due = mirror.vetoes < MAX_VETOES && clock <= mirror.deadline;
        VM.prank(GUARDIAN);
        try tournament.veto(roundId, "disputed") {
            if (!due) ++broken[13];
            ++mirror.vetoes;
            mirror.vetoedAttempts = mirror.attempts;
            // Another attempt must fit.
            uint256 needed = _challengeEnd(roundId) + 1 days;
            if (needed > mirror.deadline) mirror.deadline = needed;
        } catch {
            if (due) ++broken[14];
        }
    }

    function _cancel(uint256 roundId) private touching(roundId, 0) {
        VM.prank(GUARDIAN);
        tournament.cancelRound(roundId);
    }
}
