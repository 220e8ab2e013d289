// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {Reference} from "../Reference.sol";
import {VM} from "../Vm.sol";
import {Season} from "../handlers/Season.sol";
import {World} from "../handlers/World.sol";

/// @title Players
/// @notice The runner fuzzes only contracts that the test's own file defines.
contract Players is Season {}

/// @dev The season and its end.
abstract contract SeasonTest {
    Players internal _season;
    IStakingTournament internal _tournament;

    function setUp() external {
        _season = new Players();
        _tournament = _season.tournament();
        _prepare();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_season);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev What no player does.
    function excludeSelectors() external view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](4);
        (selectors[0], selectors[1]) = (Season.drain.selector, Season.resolvable.selector);
        (selectors[2], selectors[3]) = (Season.forceFinalizeAll.selector, World.compareRounds.selector);
        excluded[0] = FuzzSelector(address(_season), selectors);
    }

    function _prepare() internal virtual {}
}

/// @title Rounds kept apart
/// @notice T6, after the same calls as the others.
contract RoundsKeptApart is SeasonTest {
    function _prepare() internal override {
        _season.compareRounds();
    }

    function invariant_T6_roundsKeepApart() external view {
        VM.assertEq(_season.broken(6), 0, "T6: calls that changed another round's money = 0");
    }
}

/// @title Staking tournament invariants
/// @notice T1 to T14 but T6, after any sequence of what stakers, sponsors, an honest and a lying oracle, the guardian,
/// griefers and time do to several rounds at once.
contract StakingTournamentInvariants is SeasonTest {
    function invariant_T1_nmrIsThere() external view {
        VM.assertEq(
            _season.nmr().balanceOf(address(_tournament)),
            _season.nmrDue() + _season.donatedNmr(),
            "T1: NMR held = unsettled stakes not destroyed + unspent bonus + donated"
        );
    }

    function invariant_T2_etherIsThere() external view {
        VM.assertEq(
            address(_tournament).balance,
            _season.etherDue() + _season.donatedEther(),
            "T2: ether held = unspent prizes + owed + donated"
        );
        VM.assertEq(
            _season.broken(2),
            0,
            "T2: withdrawals of what is not owed, or of what is owed to anywhere else = 0"
        );
    }

    function invariant_T3_everyStakeIsAccountedFor() external view {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            IStakingTournament.RoundView memory round = _tournament.getRound(id);
            if (round.status != IStakingTournament.RoundStatus.Resolved) continue;
            World.Mirror memory mirror = _season.mirrorOf(id);
            VM.assertEq(
                mirror.supplyDrop + mirror.returned + _season.toReturn(id),
                round.totalStaked,
                "T3: burned + returned + to return = totalStaked"
            );
        }
        VM.assertEq(_season.broken(3), 0, "T3: nothing is swept before every stake is settled, or twice");
    }

    function invariant_T4_noMoreThanThePools() external view {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            World.Mirror memory mirror = _season.mirrorOf(id);
            IStakingTournament.RoundView memory round = _tournament.getRound(id);
            VM.assertLe(mirror.etherPaid, mirror.prize, "T4: ether paid <= prize put in");
            VM.assertLe(mirror.bonusPaid, mirror.bonus, "T4: bonus paid <= bonus put in");
            VM.assertEq(round.prizePool, mirror.prize, "T4: prizePool = prize put in");
            VM.assertEq(round.bonusPool, mirror.bonus, "T4: bonusPool = bonus put in");
        }
        VM.assertEq(_season.broken(4), 0, "T4: bonuses other than pool * payout / prize * reputation / 20 = 0");
    }

    function invariant_T5_everyStakeSettlesOnce() external view {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            Reference.Placed[] memory stakes = _season.mirrorOf(id).stakes;
            uint256 settled = 0;
            for (uint256 i = 0; i < stakes.length; ++i) {
                VM.assertLe(stakes[i].timesSettled, 1, "T5: times a stake was settled <= 1");
                settled += stakes[i].timesSettled;
            }
            VM.assertEq(_tournament.getRound(id).settledCount, settled, "T5: settledCount = stakes settled");
        }
    }

    function invariant_T7_resolutionsAreFinal() external view {
        VM.assertEq(_season.broken(7), 0, "T7: rounds resolved twice = 0");
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            World.Mirror memory mirror = _season.mirrorOf(id);
            if (mirror.resolution == 0) continue;
            VM.assertEq(
                uint256(_season.resolutionOf(id)),
                uint256(mirror.resolution),
                "T7: scores and cut of a resolved round = those it was resolved by"
            );
            for (uint256 i = 0; i < mirror.words.length; ++i) {
                VM.assertEq(
                    _wordOf(id, i),
                    mirror.words[i],
                    "T7: score of a resolved round = what the quorum approved"
                );
            }
        }
    }

    function _wordOf(uint256 roundId, uint256 index) private view returns (uint256 word) {
        IStakingTournament.Score memory score = _tournament.scoreOf(roundId, index);
        if (score.scored) word += 2 ** 31;
        if (score.concordant) word += 2 ** 30;
        if (score.original) word += 2 ** 29;
        word += uint256(score.consistency) * 2 ** 22 + score.logloss;
    }

    function invariant_T8_voidRoundsGiveBack() external view {
        VM.assertEq(_season.broken(8), 0, "T8: payees and sponsors of void rounds who got another amount = 0");
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            for (uint256 i = 0; i < 2; ++i) {
                address sponsor = _season.sponsors(i);
                (uint256 prize, uint256 bonus) = _season.contributionOf(id, sponsor);
                VM.assertEq(_tournament.prizeContribution(id, sponsor), prize, "T8: prize to reclaim = put in");
                VM.assertEq(_tournament.bonusContribution(id, sponsor), bonus, "T8: bonus to reclaim = put in");
            }
        }
    }

    function invariant_T9_stakesOnlyRise() external view {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            Reference.Placed[] memory stakes = _season.mirrorOf(id).stakes;
            VM.assertEq(_tournament.getRound(id).stakeCount, stakes.length, "T9: stakeCount = stakes placed");
            for (uint256 i = 0; i < stakes.length; ++i) {
                IStakingTournament.Stake memory placed = _tournament.getStake(id, i);
                VM.assertEq(placed.confidence, stakes[i].confidence, "T9: confidence = the last raised in time");
                VM.assertEq(
                    placed.amount,
                    stakes[i].timesSettled == 0 ? stakes[i].amount : 0,
                    "T9: amount = the last raised in time, until settled"
                );
            }
        }
    }

    function invariant_T10_supplyFallsByWhatIsBurned() external view {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            World.Mirror memory mirror = _season.mirrorOf(id);
            VM.assertEq(mirror.supplyDrop, mirror.destroyed, "T10: drop in totalSupply = destroyed stakes");
            uint256 attemptId = _tournament.getRound(id).resolvedAttempt;
            if (attemptId == 0) continue;
            VM.assertEq(mirror.supplyDrop, _tournament.getAttempt(id, attemptId).burned, "T10: drop = burned");
        }
    }

    /// @dev Strangers and sponsors empty every round; the runner forgets it afterwards.
    function invariant_T11_everythingComesOut() external {
        VM.assertEq(
            _season.broken(11),
            0,
            "T11: settlements, voids and sweeps that were due and refused, or paid another than the treasury = 0"
        );
        _season.drain();
        VM.assertEq(
            _season.nmr().balanceOf(address(_tournament)),
            _season.donatedNmr(),
            "T11: NMR left after the deadlines = donated"
        );
        VM.assertEq(
            address(_tournament).balance,
            _season.donatedEther(),
            "T11: ether left after the deadlines = donated"
        );
    }

    function invariant_T12_outcomesAreTheReferences() external view {
        VM.assertEq(_season.broken(12), 0, "T12: stakes settled or cuts accepted against the reference = 0");
    }

    /// @dev The quorum resolves every round that it has time for; the runner forgets it afterwards.
    function invariant_T13_anHonestQuorumResolves() external {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) {
            VM.assertEq(
                _tournament.getRound(id).deadline,
                _season.mirrorOf(id).deadline,
                "T13: deadline = resolveBy, or veto + challenge period + 1 day if that is later"
            );
            VM.assertEq(_season.resolvable(id) ? 0 : 1, 0, "T13: rounds an honest quorum cannot resolve in time = 0");
        }
        VM.assertEq(_season.broken(13), 0, "T13: honest attempts refused, and vetoes beyond the third or too late = 0");
    }

    /// @dev Strangers try every attempt of every closed round; the runner forgets it afterwards.
    function invariant_T14_nothingElseResolves() external {
        for (uint256 id = 1; id <= _tournament.roundCount(); ++id) _season.forceFinalizeAll(id);
        VM.assertEq(
            _season.broken(14),
            0,
            "T14: rounds resolved unapproved, vetoed, in the challenge period or too late, and vetoes refused = 0"
        );
    }
}
