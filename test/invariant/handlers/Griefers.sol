// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {Reference} from "../Reference.sol";
import {VM} from "../Vm.sol";
import {Oracles} from "./Oracles.sol";
import {Stakers} from "./Stakers.sol";

/// @title Griefers
/// @notice People who try every door that should be shut, and those who take what is theirs, twice.
abstract contract Griefers is Stakers, Oracles {
    function donate(uint256 seed) external touching(0, 0) {
        uint256 amount = 1 + (seed % 1_000);
        VM.prank(scientists[0]);
        nmr.transfer(address(tournament), amount);
        donatedNmr += amount;
        // Ether that is forced on it calls nothing.
        VM.deal(address(tournament), address(tournament).balance + amount);
        donatedEther += amount;
    }

    /// @dev A stake changed after the close, or made smaller before it.
    function tamper(uint256 seed) external now_ touching(0, 0) {
        uint256 roundId = _anyRound(seed);
        if (roundId == 0 || _mirrors[roundId].stakes.length == 0) return;
        uint256 index = seed % _mirrors[roundId].stakes.length;
        Reference.Placed memory placed = _mirrors[roundId].stakes[index];
        bool open = tournament.roundStatus(roundId) == IStakingTournament.RoundStatus.Open;
        uint256 confidence = open ? placed.confidence - 1 : placed.confidence + 1;
        address owner = _ownerOf(placed.modelId);
        VM.prank(owner);
        try tournament.raiseStake(roundId, index, uint96(seed % 3), uint96(confidence)) {} catch {}
    }

    /// @dev Any attempt, whoever made it and whatever became of the round.
    function forceFinalize(uint256 seed) external now_ {
        uint256 roundId = _anyRound(seed);
        if (roundId == 0) return;
        uint256 attempts = _mirrors[roundId].attempts;
        if (attempts > 0) _tryFinalize(roundId, 1 + (seed % attempts));
    }

    /// @dev A sponsor gets back what it put in a void round, once, and nothing else.
    function reclaim(uint256 seed) external now_ {
        uint256 roundId = _anyRound(seed);
        if (roundId != 0) _reclaim(roundId, sponsors[(seed / 8) % 2]);
    }

    function sweep(uint256 seed) external now_ {
        uint256 roundId = _anyRound(seed);
        if (roundId != 0) _sweep(roundId);
    }

    function steal(uint256 seed) external now_ touching(0, 0) {
        address thief = scientists[seed % 3];
        if (tournament.owed(thief) > 0) return;
        VM.prank(thief);
        try tournament.withdrawOwed(thief) {
            ++broken[2];
        } catch {}
        uint256 modelId = 1 + (seed % MODELS);
        if (tournament.payeeOf(modelId) == thief) return;
        VM.prank(thief);
        try tournament.setPayee(modelId, thief) {
            ++broken[8];
        } catch {}
    }

    function _reclaim(uint256 roundId, address sponsor) internal touching(roundId, 0) {
        if (tournament.roundStatus(roundId) != IStakingTournament.RoundStatus.Void) {
            _takeBack(roundId, sponsor, 0, 0);
            return;
        }
        (uint256 prize, uint256 bonus) = (_prizeOf[roundId][sponsor], _bonusOf[roundId][sponsor]);
        _takeBack(roundId, sponsor, prize, bonus);
        _mirrors[roundId].etherBack += prize;
        _mirrors[roundId].bonusBack += bonus;
        _prizeOf[roundId][sponsor] = 0;
        _bonusOf[roundId][sponsor] = 0;
    }

    /// @dev Asks for all there may be; exactly this much has to come.
    function _takeBack(uint256 roundId, address sponsor, uint256 prize, uint256 bonus) private {
        (uint256 etherDue, uint256 nmrDue) = (sponsor.balance + prize, nmr.balanceOf(sponsor) + bonus);
        VM.prank(sponsor);
        try tournament.reclaimPrize(roundId) {} catch {}
        VM.prank(sponsor);
        try tournament.reclaimBonus(roundId) {} catch {}
        if (sponsor.balance != etherDue || nmr.balanceOf(sponsor) != nmrDue) ++broken[8];
    }

    /// @dev Exactly what was not won has to come to the treasury, whoever calls.
    function _sweep(uint256 roundId) internal touching(roundId, 0) {
        Mirror storage mirror = _mirrors[roundId];
        bool due = mirror.words.length > 0 && !mirror.swept;
        for (uint256 i = 0; i < mirror.stakes.length; ++i) due = due && mirror.stakes[i].timesSettled > 0;
        (uint256 etherLeft, uint256 bonusLeft) = (mirror.prize - mirror.etherPaid, mirror.bonus - mirror.bonusPaid);
        (uint256 etherHeld, uint256 nmrHeld) = (_etherOf(TREASURY), nmr.balanceOf(TREASURY));
        VM.prank(STRANGER);
        try tournament.sweepRemainder(roundId) {
            if (!due) ++broken[3];
        } catch {
            if (due) ++broken[11];
            return;
        }
        if (!due) return;
        mirror.swept = true;
        mirror.etherBack += etherLeft;
        mirror.bonusBack += bonusLeft;
        if (_etherOf(TREASURY) != etherHeld + etherLeft || nmr.balanceOf(TREASURY) != nmrHeld + bonusLeft) ++broken[11];
    }

    function _anyRound(uint256 seed) private view returns (uint256) {
        uint256 count = tournament.roundCount();
        return count == 0 ? 0 : 1 + (seed % count);
    }
}
