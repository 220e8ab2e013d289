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
import {ScoreSheet} from "./libraries/ScoreSheet.sol";
import {TrackRecord} from "./libraries/TrackRecord.sol";

/// @title Staking tournament
/// @notice Rounds in which data scientists stake NMR on their models: those that perform are paid ether, the NMR of
/// those that do not is destroyed.
contract StakingTournament is Scoring, ModelRegistry {
    using SafeCast for uint256;

    /// @dev Length of `abi.encode(roundId, modelId, confidence, predictionsHash)`.
    uint256 private constant STAKE_DATA_LENGTH = 128;

    /// @dev What settling a batch of stakes needs to know about their round.
    struct Book {
        bool resolved; // else void: everything goes back
        uint24 ordinal;
        uint256 bonusPool;
        uint256 cutPayout;
        Auction.Rules rules;
        bytes words; // scores of the batch
    }

    /// @dev What one settlement sends, once every effect of its batch is done.
    struct Payment {
        address payee;
        uint256 nmrAmount;
        uint256 etherAmount;
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
        Stake storage placed = _requireOwnOpenStake(roundId, index);
        uint96 confidence = placed.confidence;
        if (newConfidence < confidence) revert ConfidenceLowered(confidence, newConfidence);
        if (newConfidence == confidence && addedAmount == 0) revert NothingRaised(roundId, index);

        uint96 amount = placed.amount + addedAmount;
        placed.amount = amount;
        placed.confidence = newConfidence;
        _rounds[roundId].totalStaked += addedAmount;
        emit StakeRaised(roundId, placed.modelId, index, amount, newConfidence);

        nmr.transferFrom(msg.sender, address(this), addedAmount);
    }

    /// @inheritdoc IStakingTournament
    function commitPredictions(uint256 roundId, uint256 index, bytes32 predictionsHash) external nonReentrant {
        Stake storage placed = _requireOwnOpenStake(roundId, index);
        if (predictionsHash == 0) revert ZeroPredictionsHash();
        emit PredictionsCommitted(roundId, placed.modelId, index, predictionsHash);
    }

    /// @inheritdoc IStakingTournament
    function settle(uint256 roundId, uint256 from, uint256 to) external nonReentrant {
        Book memory book = _openBook(roundId, from, to);
        Round storage round = _rounds[roundId];
        Payment[] memory payments = new Payment[](to - from);
        uint256 settled = 0;
        uint256 etherPaid = 0;
        uint256 bonusPaid = 0;

        for (uint256 index = from; index < to; ++index) {
            uint256 modelId = _stakes[roundId][index].modelId;
            if (_stakes[roundId][index].amount == 0) continue;
            Model memory model = _models[modelId];
            (address payee, Outcome memory outcome) = _settleStake(book, roundId, index, index - from, modelId, model);
            if (book.resolved) _models[modelId] = model;
            payments[settled++] = Payment(payee, outcome.returned + outcome.bonus, outcome.etherPaid);
            etherPaid += outcome.etherPaid;
            bonusPaid += outcome.bonus;
        }
        _recordSettled(round, settled, etherPaid, bonusPaid);

        for (uint256 i = 0; i < settled; ++i) {
            Payment memory payment = payments[i];
            if (payment.nmrAmount > 0) nmr.transfer(payment.payee, payment.nmrAmount);
            _pay(payment.payee, payment.etherAmount);
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
        _requireStake(fromRound, index);
        Book memory book = _openBook(fromRound, index, index + 1);
        uint256 modelId = _stakes[fromRound][index].modelId;
        if (_stakes[fromRound][index].amount == 0) revert StakeAlreadySettled(fromRound, index);
        Model memory model = _models[modelId];
        _requireOwner(modelId, model.owner);

        (address payee, Outcome memory outcome) = _settleStake(book, fromRound, index, 0, modelId, model);
        _recordSettled(_rounds[fromRound], 1, outcome.etherPaid, outcome.bonus);
        _place(toRound, modelId, model, outcome.returned, confidence, predictionsHash);
        _models[modelId] = model;

        if (outcome.bonus > 0) nmr.transfer(payee, outcome.bonus);
        _pay(payee, outcome.etherPaid);
    }

    /// @inheritdoc IStakingTournament
    function previewOutcome(uint256 roundId, uint256 index) external view returns (Outcome memory outcome) {
        _requireStake(roundId, index);
        Book memory book = _openBook(roundId, index, index + 1);
        Stake memory placed = _stakes[roundId][index];
        if (placed.amount == 0) revert StakeAlreadySettled(roundId, index);
        (outcome, ) = _outcome(book, index, 0, placed, _models[placed.modelId]);
    }

    /// @inheritdoc IModelRegistry
    function reputationOf(uint256 modelId) external view returns (uint256) {
        Model storage model = _models[modelId];
        return TrackRecord.reputation(model.history, model.lastOrdinal, resolvedCount + 1);
    }

    /// @dev Effects of staking by the owner of a model.
    function _enter(
        uint256 roundId,
        uint256 modelId,
        address owner,
        uint96 amount,
        uint96 confidence,
        bytes32 predictionsHash
    ) private {
        Model memory model = _models[modelId];
        if (model.owner == address(0)) revert ModelNotFound(modelId);
        if (model.owner != owner) revert NotModelOwner(modelId, model.owner, owner);
        _place(roundId, modelId, model, amount, confidence, predictionsHash);
        _models[modelId] = model;
    }

    /// @dev Adds a stake to a round; the caller stores the model.
    function _place(
        uint256 roundId,
        uint256 modelId,
        Model memory model,
        uint96 amount,
        uint96 confidence,
        bytes32 predictionsHash
    ) private {
        Round storage round = _rounds[roundId];
        // A round that was never opened closed at zero, a cancelled one when it was cancelled.
        if (block.timestamp >= round.closesAt) {
            revert UnexpectedRoundStatus(roundId, RoundStatus.Open, _status(round));
        }
        if (roundId <= model.lastStakedRound) revert ModelAlreadyStaked(modelId, model.lastStakedRound, roundId);
        if (amount < round.minStake) revert StakeTooSmall(round.minStake, amount);
        if (confidence == 0) revert ZeroConfidence();
        if (predictionsHash == 0) revert ZeroPredictionsHash();

        uint32 index = round.stakeCount;
        round.stakeCount = index + 1;
        round.totalStaked += amount;
        model.lastStakedRound = uint24(roundId); // at most MAX_ROUNDS
        _stakes[roundId][index] = Stake(uint40(modelId), amount, confidence); // registered in 40 bits
        emit StakePlaced(roundId, modelId, model.owner, index, amount, confidence, predictionsHash);
    }

    /// @dev Effects of settling one stake on the stake and, in memory, on its model.
    /// @param position Place of the stake's score among the words of the book.
    function _settleStake(
        Book memory book,
        uint256 roundId,
        uint256 index,
        uint256 position,
        uint256 modelId,
        Model memory model
    ) private returns (address payee, Outcome memory outcome) {
        bool qualified;
        (outcome, qualified) = _outcome(book, index, position, _stakes[roundId][index], model);
        payee = _payee(modelId, model.owner, model.hasPayee);
        _stakes[roundId][index].amount = 0;
        if (book.resolved) {
            (model.history, model.lastOrdinal) = TrackRecord.record(
                model.history,
                model.lastOrdinal,
                book.ordinal,
                qualified
            );
        }
        emit StakeSettled(
            roundId,
            modelId,
            payee,
            index,
            outcome.returned,
            outcome.burned,
            outcome.etherPaid,
            outcome.bonus,
            qualified
        );
    }

    function _recordSettled(Round storage round, uint256 settled, uint256 etherPaid, uint256 bonusPaid) private {
        round.settledCount += uint32(settled); // at most stakeCount
        round.etherPaid += uint96(etherPaid); // at most prizePool
        round.bonusPaid += uint96(bonusPaid); // at most bonusPool
    }

    /// @dev Reads what settling the stakes `from` to `to - 1` needs, and refuses a round that does not settle.
    function _openBook(uint256 roundId, uint256 from, uint256 to) private view returns (Book memory book) {
        Round storage round = _rounds[roundId];
        RoundStatus status = _status(round);
        if (status != RoundStatus.Resolved && status != RoundStatus.Void) revert RoundNotSettleable(roundId, status);
        _requireRange(roundId, from, to);
        if (status == RoundStatus.Void) return book;

        AttemptState storage attempt = _attempts[roundId][round.resolvedAttempt];
        book.resolved = true;
        book.ordinal = round.ordinal;
        book.bonusPool = round.bonusPool;
        book.cutPayout = _cutPayout(roundId, attempt);
        book.rules = _rules(roundId, attempt);
        book.words = ScoreSheet.read(attempt.pointers, from, to);
    }

    /// @dev What becomes of a stake, with the reputation of its model before the round.
    function _outcome(
        Book memory book,
        uint256 index,
        uint256 position,
        Stake memory placed,
        Model memory model
    ) private pure returns (Outcome memory outcome, bool qualified) {
        if (!book.resolved) {
            outcome.returned = placed.amount;
            return (outcome, false);
        }
        bool survives;
        uint256 etherPaid;
        (survives, etherPaid, qualified) = Auction.judge(
            book.rules,
            book.cutPayout,
            index,
            placed.amount,
            placed.confidence,
            ScoreSheet.wordAt(book.words, position)
        );
        if (survives) outcome.returned = placed.amount;
        else outcome.burned = placed.amount;
        if (etherPaid > 0) {
            uint256 reputation = TrackRecord.reputation(model.history, model.lastOrdinal, book.ordinal);
            outcome.etherPaid = uint96(etherPaid); // at most prizePool
            // At most bonusPool × etherPaid / prizePool: the bonuses of a round cannot exceed its pool.
            outcome.bonus = uint96(
                (book.bonusPool * etherPaid * reputation) / (book.rules.prizePool * TrackRecord.WINDOW)
            );
        }
    }

    function _requireOwnOpenStake(uint256 roundId, uint256 index) private view returns (Stake storage placed) {
        _requireStatus(roundId, RoundStatus.Open);
        _requireStake(roundId, index);
        placed = _stakes[roundId][index];
        _requireOwner(placed.modelId, _models[placed.modelId].owner);
    }
}
