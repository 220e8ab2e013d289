// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ModelRegistry} from "./ModelRegistry.sol";
import {Rounds} from "./Rounds.sol";
import {Scoring} from "./Scoring.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {INumeraire} from "./interfaces/INumeraire.sol";
import {IOracleCommittee} from "./interfaces/IOracleCommittee.sol";
import {IStakingTournament} from "./interfaces/IStakingTournament.sol";
import {Auction} from "./libraries/Auction.sol";
import {ModelWord} from "./libraries/ModelWord.sol";
import {ScoreSheet} from "./libraries/ScoreSheet.sol";
import {StakeWord, StakeWords} from "./libraries/StakeWord.sol";
import {TrackRecord} from "./libraries/TrackRecord.sol";

/// @title Staking tournament
/// @notice Rounds in which data scientists stake NMR on their models: those that perform are paid ether, the NMR of
/// those that do not is destroyed.
contract StakingTournament is Scoring, ModelRegistry {
    using SafeCast for uint256;

    /// @dev Length of `abi.encode(roundId, modelId, confidence, predictionsHash)`.
    uint256 private constant STAKE_DATA_LENGTH = 128;

    /// @dev A batch of settlements: what it needs to know about the round, and what it spends.
    struct Book {
        uint256 roundId;
        uint256 firstSlot; // of the round's stakes
        uint256 from; // first stake of the batch
        bool resolved; // else void: everything goes back
        uint256 ordinal;
        uint256 bonusPool;
        Auction.Rules rules;
        bytes words; // scores of the batch
        uint256 etherPaid;
        uint256 bonusPaid;
    }

    /// @param authority AccessManager that says who may open rounds, cancel and veto.
    /// @param nmr_ Token that is staked.
    /// @param committee_ Committee that approves scores.
    /// @param treasury_ Account that receives what is left of a resolved round's pools.
    constructor(
        address authority,
        INumeraire nmr_,
        IOracleCommittee committee_,
        address treasury_
    ) AccessManaged(authority) Rounds(nmr_, treasury_) Scoring(committee_) {}

    /// @inheritdoc IStakingTournament
    function stake(
        uint256 roundId,
        uint256 modelId,
        uint96 amount,
        uint96 confidence,
        bytes32 predictionsHash
    ) public nonReentrant {
        _enter(roundId, modelId, msg.sender, amount, confidence, predictionsHash);

        // NMR reverts on failure and calls nobody back.
        nmr.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStakingTournament
    function stakeWithPermit(
        uint256 roundId,
        uint256 modelId,
        uint96 amount,
        uint96 confidence,
        bytes32 predictionsHash,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        // Whoever saw the signature may have used it first; then the allowance is there already.
        try nmr.permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        stake(roundId, modelId, amount, confidence, predictionsHash);
    }

    /// @inheritdoc IERC1363Receiver
    /// @dev Stakes NMR that `nmr.transferAndCall(tournament, amount, abi.encode(roundId, modelId, confidence,
    /// predictionsHash))` just moved here. The holder itself must have made the transfer: somebody with an allowance
    /// must not choose the stake.
    function onTransferReceived(
        address operator,
        address from,
        uint256 value,
        bytes calldata data
    ) external nonReentrant returns (bytes4) {
        if (msg.sender != address(nmr)) revert NotNumeraire(msg.sender);
        if (operator != from) revert OperatorNotSender(operator, from);
        if (data.length != STAKE_DATA_LENGTH) revert InvalidStakeData(STAKE_DATA_LENGTH, data.length);
        (uint256 roundId, uint256 modelId, uint256 confidence, bytes32 predictionsHash) = abi.decode(
            data,
            (uint256, uint256, uint256, bytes32)
        );

        _enter(roundId, modelId, from, value.toUint96(), confidence.toUint96(), predictionsHash);
        return IERC1363Receiver.onTransferReceived.selector;
    }

    /// @inheritdoc IStakingTournament
    function raiseStake(
        uint256 roundId,
        uint256 index,
        uint96 addedAmount,
        uint96 newConfidence
    ) external nonReentrant {
        StakeWord placed = _requireOwnOpenStake(roundId, index);
        uint256 confidence = placed.confidence();
        if (newConfidence < confidence) revert ConfidenceLowered(confidence, newConfidence);
        if (newConfidence == confidence && addedAmount == 0) revert NothingRaised(roundId, index);

        Staking storage round = _rounds[roundId].staking;
        round.totalStaked = (uint256(round.totalStaked) + addedAmount).toUint96();
        uint256 amount = placed.amount() + addedAmount; // part of totalStaked, so it fits as well
        _storeStake(_stakesOf(roundId), index, StakeWords.pack(placed.modelId(), amount, newConfidence));
        emit StakeRaised(roundId, placed.modelId(), index, amount, newConfidence);

        nmr.transferFrom(msg.sender, address(this), addedAmount);
    }

    /// @inheritdoc IStakingTournament
    function commitPredictions(uint256 roundId, uint256 index, bytes32 predictionsHash) external nonReentrant {
        StakeWord placed = _requireOwnOpenStake(roundId, index);
        if (predictionsHash == 0) revert ZeroPredictionsHash();
        emit PredictionsCommitted(roundId, placed.modelId(), index, predictionsHash);
    }

    /// @inheritdoc IStakingTournament
    function settle(uint256 roundId, uint256 from, uint256 to) external nonReentrant {
        uint256 stakeCount = _rounds[roundId].staking.stakeCount;
        if (from > to || to > stakeCount) revert InvalidRange(from, to, stakeCount);
        Book memory book = _openBook(roundId, from, to);
        // What each settlement sends, once every effect of the batch is done: ether in the high 128 bits, NMR in the low.
        address[] memory payees = new address[](to - from);
        uint256[] memory amounts = new uint256[](to - from);
        uint256 count = 0;

        // Counters end at `to`; sums of NMR and of ether stay far below 128 bits.
        unchecked {
            for (uint256 index = from; index < to; ++index) {
                StakeWord placed = _loadStake(book.firstSlot, index);
                if (placed.amount() == 0) continue;
                ModelSlot storage slot = _models[placed.modelId()];
                ModelWord model = slot.word;
                (address payee, ModelWord updated, uint256 returned, uint256 etherPaid, uint256 bonus) = _settleStake(
                    book,
                    index,
                    placed,
                    model
                );
                if (!updated.equals(model)) slot.word = updated;
                payees[count] = payee;
                amounts[count++] = (etherPaid << 128) | (returned + bonus);
            }
        }
        _closeBook(book, count);

        for (uint256 i = 0; i < count; ++i) {
            (address payee, uint256 amount) = (payees[i], amounts[i]);
            // NMR reverts on failure and calls nobody back.
            if (uint128(amount) > 0) nmr.transfer(payee, uint128(amount)); // the low half
            if (amount >> 128 > 0) _pay(payee, amount >> 128);
        }
    }

    /// @inheritdoc IStakingTournament
    function restake(
        uint256 fromRound,
        uint256 index,
        uint256 toRound,
        uint96 confidence,
        bytes32 predictionsHash
    ) external nonReentrant {
        (Book memory book, StakeWord placed) = _openPage(fromRound, index);
        uint256 modelId = placed.modelId();
        ModelWord model = _models[modelId].word;
        _requireOwner(modelId, model, msg.sender);

        (address payee, ModelWord updated, uint256 returned, uint256 etherPaid, uint256 bonus) = _settleStake(
            book,
            index,
            placed,
            model
        );
        _closeBook(book, 1);
        _models[modelId].word = _place(toRound, modelId, updated, returned, confidence, predictionsHash);

        if (bonus > 0) nmr.transfer(payee, bonus);
        _pay(payee, etherPaid);
    }

    /// @inheritdoc IStakingTournament
    function previewOutcome(uint256 roundId, uint256 index) external view returns (Outcome memory) {
        (Book memory book, StakeWord placed) = _openPage(roundId, index);
        (bool survives, uint256 etherPaid, uint256 bonus, ) = _judge(
            book,
            index,
            placed,
            _models[placed.modelId()].word
        );
        uint96 amount = uint96(placed.amount()); // as wide as the field
        return
            Outcome({
                returned: survives ? amount : 0,
                burned: survives ? 0 : amount,
                etherPaid: uint96(etherPaid), // at most prizePool
                bonus: uint96(bonus) // at most bonusPool
            });
    }

    /// @inheritdoc IModelRegistry
    function reputationOf(uint256 modelId) external view returns (uint256) {
        ModelWord model = _models[modelId].word;
        return TrackRecord.reputation(model.history(), model.lastOrdinal(), resolvedCount + 1);
    }

    /// @dev Effects of staking by the owner of a model.
    function _enter(
        uint256 roundId,
        uint256 modelId,
        address owner,
        uint256 amount,
        uint256 confidence,
        bytes32 predictionsHash
    ) private {
        ModelWord model = _models[modelId].word;
        _requireOwner(modelId, model, owner);
        _models[modelId].word = _place(roundId, modelId, model, amount, confidence, predictionsHash);
    }

    /// @dev Adds a stake to a round. Amount and confidence fit 96 bits.
    /// @return The model with the stake on record, for the caller to store.
    function _place(
        uint256 roundId,
        uint256 modelId,
        ModelWord model,
        uint256 amount,
        uint256 confidence,
        bytes32 predictionsHash
    ) private returns (ModelWord) {
        Staking memory round = _rounds[roundId].staking;
        // A round that was never opened closed at zero, a cancelled one when it was cancelled.
        if (block.timestamp >= round.closesAt) {
            revert UnexpectedRoundStatus(roundId, RoundStatus.Open, _status(_rounds[roundId]));
        }
        if (roundId <= model.lastStakedRound()) revert ModelAlreadyStaked(modelId, model.lastStakedRound(), roundId);
        if (amount < round.minStake) revert StakeTooSmall(round.minStake, amount);
        if (confidence == 0) revert ZeroConfidence();
        if (predictionsHash == 0) revert ZeroPredictionsHash();

        uint256 index = round.stakeCount++;
        round.totalStaked = (uint256(round.totalStaked) + amount).toUint96();
        _storeStaking(roundId, round);
        _storeStake(_stakesOf(roundId), index, StakeWords.pack(modelId, amount, confidence));
        emit StakePlaced(roundId, modelId, model.owner(), index, amount, confidence, predictionsHash);
        return model.withLastStakedRound(roundId); // at most MAX_ROUNDS
    }

    /// @dev Effects of settling one stake on the stake and its batch.
    /// @return payee Account to pay.
    /// @return updated The model, with the round on record if it qualified, for the caller to store.
    /// @return returned NMR of the stake that goes back, in wei.
    /// @return etherPaid Ether to pay, in wei.
    /// @return bonus NMR to pay from the bonus pool, in wei.
    function _settleStake(
        Book memory book,
        uint256 index,
        StakeWord placed,
        ModelWord model
    ) private returns (address payee, ModelWord updated, uint256 returned, uint256 etherPaid, uint256 bonus) {
        bool survives;
        bool qualified;
        (survives, etherPaid, bonus, qualified) = _judge(book, index, placed, model);
        uint256 burned = 0;
        if (survives) returned = placed.amount();
        else burned = placed.amount();
        payee = _payee(placed.modelId(), model);
        updated = model;
        if (qualified) {
            (uint256 history, uint256 lastOrdinal) = TrackRecord.record(
                model.history(),
                model.lastOrdinal(),
                book.ordinal
            );
            updated = model.withRecord(history, lastOrdinal);
        }
        _storeStake(book.firstSlot, index, placed.emptied());
        if (etherPaid > 0) {
            book.etherPaid += etherPaid;
            book.bonusPaid += bonus;
        }
        emit StakeSettled(book.roundId, placed.modelId(), payee, index, returned, burned, etherPaid, bonus, qualified);
    }

    /// @dev Reads what settling the stakes `from` to `to - 1` needs, and refuses a round that does not settle.
    function _openBook(uint256 roundId, uint256 from, uint256 to) private view returns (Book memory book) {
        Round storage round = _rounds[roundId];
        Resolution memory resolution = round.resolution;
        if (resolution.ending == Ending.Pending) revert RoundNotSettleable(roundId, _status(round));
        (book.roundId, book.firstSlot, book.from) = (roundId, _stakesOf(roundId), from);
        if (resolution.ending == Ending.Voided) return book;

        Pools memory pools = round.pools;
        AttemptState storage attempt = _attempts[roundId][resolution.resolvedAttempt];
        book.resolved = true;
        book.ordinal = resolution.ordinal;
        book.bonusPool = pools.bonusPool;
        book.rules = _rules(roundId, resolution, pools.prizePool, attempt.cut);
        book.words = ScoreSheet.read(attempt.pointers, from, to);
    }

    /// @dev A batch of one stake, which must not be settled yet.
    function _openPage(uint256 roundId, uint256 index) private view returns (Book memory book, StakeWord placed) {
        // No round has as many stakes; a greater index would reach other storage.
        if (index < type(uint32).max) placed = _loadStake(_stakesOf(roundId), index);
        if (placed.amount() == 0) {
            _requireStake(roundId, index);
            revert StakeAlreadySettled(roundId, index);
        }
        book = _openBook(roundId, index, index + 1);
    }

    /// @dev Adds what a batch settled to the round.
    function _closeBook(Book memory book, uint256 count) private {
        Settlement storage settlement = _rounds[book.roundId].settlement;
        settlement.settledCount += uint32(count); // at most stakeCount
        if (book.etherPaid > 0) settlement.etherPaid += uint96(book.etherPaid); // at most prizePool
        if (book.bonusPaid > 0) settlement.bonusPaid += uint96(book.bonusPaid); // at most bonusPool
    }

    /// @dev What becomes of a stake, with the reputation of its model before the round.
    function _judge(
        Book memory book,
        uint256 index,
        StakeWord placed,
        ModelWord model
    ) private view returns (bool survives, uint256 etherPaid, uint256 bonus, bool qualified) {
        if (!book.resolved) return (true, 0, 0, false);
        Auction.Rules memory rules = book.rules;
        uint256 word = ScoreSheet.wordAt(book.words, index - book.from);
        (survives, etherPaid, qualified) = Auction.judge(rules, index, placed, word);
        if (index == rules.cut) etherPaid = _cutPayout(book.roundId);
        if (etherPaid > 0 && book.bonusPool > 0) {
            uint256 reputation = TrackRecord.reputation(model.history(), model.lastOrdinal(), book.ordinal);
            // At most bonusPool × etherPaid / prizePool: the bonuses of a round cannot exceed its pool.
            bonus = (book.bonusPool * etherPaid * reputation) / (rules.prizePool * TrackRecord.WINDOW);
        }
    }

    function _requireOwnOpenStake(uint256 roundId, uint256 index) private view returns (StakeWord placed) {
        _requireStatus(roundId, RoundStatus.Open);
        _requireStake(roundId, index);
        placed = _loadStake(_stakesOf(roundId), index);
        uint256 modelId = placed.modelId();
        _requireOwner(modelId, _models[modelId].word, msg.sender);
    }
}
