// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {Wallet} from "../../../contracts/mocks/Wallet.sol";
import {Reference} from "../Reference.sol";
import {VM, Vm} from "../Vm.sol";
import {World} from "./World.sol";

/// @title Stakers
/// @notice Data scientists, the wallets they are paid to, and whoever settles for them.
abstract contract Stakers is World {
    /// @dev Accounts of a batch before it is settled.
    struct Before {
        address[] payees; // of every stake of the round
        uint256[] nmrHeld;
        uint256[] etherHeld; // and owed
    }

    /// @dev The data of a StakeSettled event.
    struct Settled {
        uint256 index;
        uint256 returned;
        uint256 burned;
        uint256 etherPaid;
        uint256 bonus;
        bool qualified;
    }

    function stake(uint256 seed, uint256 amount, uint256 confidence) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Open, seed);
        if (roundId == 0) return;
        uint256 modelId = _freshModel(roundId, seed);
        if (modelId != 0) _stake(roundId, modelId, amount, _confidence(confidence), seed % 2 == 0);
    }

    /// @dev Everybody who can still enter a round does.
    function stakeAll(uint256 seed) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Open, seed);
        if (roundId != 0) _stakeAll(roundId, seed);
    }

    function _stakeAll(uint256 roundId, uint256 seed) internal {
        for (uint256 modelId = _freshModel(roundId, seed); modelId != 0; modelId = _freshModel(roundId, seed)) {
            uint256 dice = uint256(keccak256(abi.encode(seed, modelId)));
            _stake(roundId, modelId, dice, _confidence(dice / 90), dice % 2 == 0);
        }
    }

    function raise(uint256 seed, uint256 amount, uint256 confidence) external now_ {
        uint256 roundId = _roundWith(IStakingTournament.RoundStatus.Open, seed);
        if (roundId == 0 || _mirrors[roundId].stakes.length == 0) return;
        uint256 index = seed % _mirrors[roundId].stakes.length;
        // The stake, the confidence, or both.
        confidence %= 3;
        _raise(roundId, index, (amount % 50) + (confidence == 0 ? 1 : 0), confidence * 0.1e18);
    }

    function settle(uint256 seed, uint256 from, uint256 to) external now_ {
        uint256 roundId = _settleable(seed);
        if (roundId == 0) return;
        uint256 count = _mirrors[roundId].stakes.length;
        from %= count + 1;
        _settle(roundId, from, from + (to % (count - from + 1)));
    }

    function restake(uint256 seed, uint256 confidence) external now_ {
        (uint256 fromRound, uint256 toRound) = (
            _settleable(seed),
            _roundWith(IStakingTournament.RoundStatus.Open, seed)
        );
        if (fromRound == 0 || toRound == 0 || _mirrors[fromRound].stakes.length == 0) return;
        uint256 index = seed % _mirrors[fromRound].stakes.length;
        Reference.Placed memory placed = _mirrors[fromRound].stakes[index];
        if (placed.timesSettled > 0 || _verdicts(fromRound)[index].destroyed) return;
        if (tournament.getModel(placed.modelId).lastStakedRound >= toRound) return;
        if (placed.amount < _mirrors[toRound].terms.minStake) return;
        _restake(fromRound, index, toRound, placed, _confidence(confidence));
    }

    function choosePayee(uint256 seed) external now_ {
        uint256 modelId = 1 + (seed % MODELS);
        address current = tournament.payeeOf(modelId);
        address next = seed % 3 == 0 ? address(0) : address(wallets[seed % 2]);
        if (current == _ownerOf(modelId)) {
            VM.prank(current);
            tournament.setPayee(modelId, next);
        } else {
            Wallet(payable(current)).execute(address(tournament), abi.encodeCall(tournament.setPayee, (modelId, next)));
        }
    }

    function sell(uint256 seed) external now_ {
        uint256 modelId = 1 + (seed % MODELS);
        address buyer = scientists[(seed / MODELS) % scientists.length];
        if (tournament.getModel(modelId).hasPayee) return;
        VM.prank(_ownerOf(modelId));
        tournament.offerModel(modelId, buyer);
        VM.prank(buyer);
        tournament.acceptModel(modelId);
    }

    /// @dev Wallets that refuse, use up their gas, answer at length, or come back.
    function meet(uint256 seed) external {
        Wallet wallet = wallets[seed % 2];
        bytes memory callback =
            seed % 3 == 0
                ? abi.encodeCall(tournament.settle, (1 + (seed % MAX_ROUNDS), 0, 1))
                : abi.encodeCall(tournament.withdrawOwed, (address(wallet)));
        wallet.executeWithCallback(address(nmr), abi.encodeCall(nmr.totalMinted, ()), callback);
        if (seed % 8 < 6) wallet.react(Wallet.Reaction(seed % 6), 1_000_000);
    }

    function withdraw(uint256 seed) external now_ touching(0, 0) {
        Wallet wallet = wallets[seed % 2];
        if (tournament.owed(address(wallet)) > 0) _withdraw(wallet);
    }

    /// @dev Exactly what is owed has to come, where the wallet says.
    function _withdraw(Wallet wallet) internal {
        uint256 due = STRANGER.balance + tournament.owed(address(wallet));
        try wallet.execute(address(tournament), abi.encodeCall(tournament.withdrawOwed, (STRANGER))) {} catch {}
        if (STRANGER.balance != due || tournament.owed(address(wallet)) != 0) ++broken[2];
    }

    function _settle(uint256 roundId, uint256 from, uint256 to) internal touching(roundId, 0) {
        Before memory before = _before(roundId);
        VM.recordLogs();
        VM.prank(STRANGER);
        try tournament.settle(roundId, from, to) {
            _note(roundId, before, false);
        } catch {
            ++broken[11];
        }
    }

    /// @dev What the reference makes of a round's stakes; nothing while it is not resolved.
    function _verdicts(uint256 roundId) internal view returns (Reference.Verdict[] memory) {
        uint32[] memory words = _mirrors[roundId].words;
        if (words.length == 0) return new Reference.Verdict[](_mirrors[roundId].stakes.length);
        return _play(roundId, words).verdicts;
    }

    function _stake(
        uint256 roundId,
        uint256 modelId,
        uint256 amount,
        uint256 confidence,
        bool byTransfer
    ) private touching(roundId, 0) {
        address owner = _ownerOf(modelId);
        amount = _mirrors[roundId].terms.minStake + (amount % 90);
        VM.prank(owner);
        if (byTransfer) {
            nmr.transferAndCall(address(tournament), amount, abi.encode(roundId, modelId, confidence, bytes32("file")));
        } else {
            tournament.stake(roundId, modelId, uint96(amount), uint96(confidence), "file");
        }
        _mirrors[roundId].stakes.push(Reference.Placed(modelId, amount, confidence, 0));
    }

    function _raise(uint256 roundId, uint256 index, uint256 amount, uint256 more) private touching(roundId, 0) {
        Reference.Placed storage placed = _mirrors[roundId].stakes[index];
        address owner = _ownerOf(placed.modelId);
        VM.prank(owner);
        tournament.raiseStake(roundId, index, uint96(amount), uint96(placed.confidence + more));
        placed.amount += amount;
        placed.confidence += more;
    }

    function _restake(
        uint256 fromRound,
        uint256 index,
        uint256 toRound,
        Reference.Placed memory placed,
        uint256 confidence
    ) private touching(fromRound, toRound) {
        Before memory before = _before(fromRound);
        address owner = _ownerOf(placed.modelId);
        VM.recordLogs();
        VM.prank(owner);
        try tournament.restake(fromRound, index, toRound, uint96(confidence), "file") {} catch {
            // The stake was to come back whole, so it was enough for the round.
            ++broken[_mirrors[fromRound].words.length > 0 ? 12 : 8];
            return;
        }
        _note(fromRound, before, true);
        _mirrors[toRound].stakes.push(Reference.Placed(placed.modelId, placed.amount, confidence, 0));
    }

    /// @dev Books what the contract says it settled, and compares it with the reference and with what arrived.
    /// @param restaked Whether the NMR returned did not move, because it is staked again.
    function _note(uint256 roundId, Before memory before, bool restaked) private {
        Reference.Verdict[] memory verdicts = _verdicts(roundId);
        uint256[] memory nmrDue = new uint256[](before.payees.length);
        uint256[] memory etherDue = new uint256[](before.payees.length);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IStakingTournament.StakeSettled.selector) continue;
            Settled memory settled = abi.decode(logs[i].data, (Settled));
            _book(roundId, settled, verdicts[settled.index]);
            nmrDue[settled.index] = settled.bonus + (restaked ? 0 : settled.returned);
            etherDue[settled.index] = settled.etherPaid;
        }
        for (uint256 i = 0; i < before.payees.length; ++i) {
            address payee = before.payees[i];
            (uint256 nmrSum, uint256 etherSum) = (before.nmrHeld[i], before.etherHeld[i]);
            for (uint256 j = 0; j < before.payees.length; ++j) {
                if (before.payees[j] != payee) continue;
                nmrSum += nmrDue[j];
                etherSum += etherDue[j];
            }
            if (nmr.balanceOf(payee) != nmrSum || _etherOf(payee) != etherSum) ++broken[8];
        }
    }

    function _book(uint256 roundId, Settled memory settled, Reference.Verdict memory verdict) private {
        Mirror storage mirror = _mirrors[roundId];
        Reference.Placed storage placed = mirror.stakes[settled.index];
        ++placed.timesSettled;
        mirror.returned += settled.returned;
        mirror.etherPaid += settled.etherPaid;
        mirror.bonusPaid += settled.bonus;
        uint256 expected = verdict.destroyed ? 0 : placed.amount;
        if (settled.returned + settled.burned != placed.amount || settled.returned != expected) {
            ++broken[mirror.words.length > 0 ? 12 : 8];
        }
        if (settled.etherPaid != verdict.paid || settled.qualified != verdict.qualified) ++broken[12];
        if (settled.bonus != _bonusDue(mirror, placed.modelId, verdict.paid)) ++broken[4];
        if (verdict.qualified) _recordOf[placed.modelId].push(mirror.ordinal);
    }

    /// @dev The payout's share of the bonus pool, and of that a twentieth for each of the 20 rounds before that the model
    /// qualified in, as far as they are settled.
    function _bonusDue(Mirror storage mirror, uint256 modelId, uint256 paid) private view returns (uint256) {
        if (paid == 0) return 0;
        uint256 reputation = 0;
        uint256[] storage ordinals = _recordOf[modelId];
        for (uint256 i = 0; i < ordinals.length; ++i) {
            if (ordinals[i] < mirror.ordinal && ordinals[i] + 20 >= mirror.ordinal) ++reputation;
        }
        return (mirror.bonus * paid * reputation) / (mirror.prize * 20);
    }

    function _before(uint256 roundId) private view returns (Before memory before) {
        Reference.Placed[] storage stakes = _mirrors[roundId].stakes;
        before.payees = new address[](stakes.length);
        before.nmrHeld = new uint256[](stakes.length);
        before.etherHeld = new uint256[](stakes.length);
        for (uint256 i = 0; i < stakes.length; ++i) {
            address payee = tournament.payeeOf(stakes[i].modelId);
            before.payees[i] = payee;
            before.nmrHeld[i] = nmr.balanceOf(payee);
            before.etherHeld[i] = _etherOf(payee);
        }
    }

    function _settleable(uint256 seed) private view returns (uint256 roundId) {
        roundId = _roundWith(IStakingTournament.RoundStatus.Resolved, seed);
        if (roundId == 0 || seed % 2 == 0) {
            uint256 void = _roundWith(IStakingTournament.RoundStatus.Void, seed);
            if (void != 0) roundId = void;
        }
    }

    /// @dev A model that may enter the round; zero if all have.
    function _freshModel(uint256 roundId, uint256 seed) private view returns (uint256) {
        for (uint256 i = 0; i < MODELS; ++i) {
            uint256 modelId = 1 + (((seed % MODELS) + i) % MODELS);
            if (tournament.getModel(modelId).lastStakedRound < roundId) return modelId;
        }
        return 0;
    }

    /// @dev Few values, so that ties are common; the least is not eligible in most rounds.
    function _confidence(uint256 seed) private pure returns (uint256) {
        return (1 + (seed % 8)) * 0.1e18;
    }
}
