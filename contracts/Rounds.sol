// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {EtherPayments} from "./EtherPayments.sol";
import {INumeraire} from "./interfaces/INumeraire.sol";
import {IStakingTournament} from "./interfaces/IStakingTournament.sol";
import {ScoreSheet} from "./libraries/ScoreSheet.sol";

/// @title Rounds
/// @notice The calendar and the pools of the tournament: opening, funding, cancelling and voiding rounds, and giving
/// back or sweeping what was not won.
abstract contract Rounds is IStakingTournament, EtherPayments, AccessManaged {
    using SafeCast for uint256;

    /// @dev How a round ended, if it did. Swept: resolved, and the remainder of its pools is gone.
    enum Ending {
        Pending,
        Voided,
        Resolved,
        Swept
    }

    /// @dev A round, in four slots, each with what one kind of call touches.
    struct Round {
        // slot 0: staking
        uint40 closesAt;
        uint32 stakeCount;
        uint96 totalStaked;
        uint88 minStake;
        // slot 1: resolution
        uint24 benchmark;
        uint8 minConsistency;
        uint96 minConfidence;
        uint24 challengePeriod;
        uint40 resolveBy;
        uint24 extension; // seconds that vetoes added to `resolveBy`: at most 3 × 15 days
        uint24 ordinal;
        uint8 vetoCount;
        Ending ending;
        // slot 2: pools and attempts
        uint96 prizePool;
        uint96 bonusPool;
        uint32 attemptCount;
        uint32 vetoedCount; // attempts up to this one are vetoed
        // slot 3: settlement
        uint96 etherPaid;
        uint96 bonusPaid;
        uint32 settledCount;
        uint32 resolvedAttempt;
    }

    /// @notice Longest time from opening to closing, and from closing to `resolveBy`.
    uint256 public constant MAX_DURATION = 90 days;
    /// @notice Shortest challenge period.
    uint256 public constant MIN_CHALLENGE_PERIOD = 1 hours;
    /// @notice Longest challenge period.
    uint256 public constant MAX_CHALLENGE_PERIOD = 14 days;
    /// @notice Least time to post scores, besides the challenge period.
    uint256 public constant MIN_SCORING_TIME = 1 days;
    /// @notice Most rounds this contract can have: ordinals and rounds are kept in 24 bits.
    uint256 public constant MAX_ROUNDS = type(uint24).max;
    /// @dev Most stakes a round: indices end below `NO_CUT`.
    uint256 private constant MAX_STAKES = 2 ** 32 - 1;

    /// @inheritdoc IStakingTournament
    INumeraire public immutable nmr;
    /// @inheritdoc IStakingTournament
    address public immutable treasury;

    /// @inheritdoc IStakingTournament
    uint256 public roundCount;
    mapping(uint256 roundId => Round) internal _rounds;
    /// @dev A round's stakes lie one after another, from the slot that the mapping hashes to.
    mapping(uint256 roundId => Stake[MAX_STAKES]) internal _stakes;
    /// @inheritdoc IStakingTournament
    mapping(uint256 roundId => mapping(address sponsor => uint256 amount)) public prizeContribution;
    /// @inheritdoc IStakingTournament
    mapping(uint256 roundId => mapping(address sponsor => uint256 amount)) public bonusContribution;

    constructor(INumeraire nmr_, address treasury_) {
        if (address(nmr_) == address(0) || treasury_ == address(0)) revert ZeroAddress();
        nmr = nmr_;
        treasury = treasury_;
    }

    /// @inheritdoc IStakingTournament
    function openRound(
        RoundTerms calldata terms,
        address sponsor
    ) external payable restricted nonReentrant returns (uint256 roundId) {
        _checkTerms(terms);
        if (sponsor == address(0)) revert ZeroAddress();
        if (roundCount == MAX_ROUNDS) revert TooManyRounds(MAX_ROUNDS);

        roundId = ++roundCount;
        Round storage round = _rounds[roundId];
        round.closesAt = terms.closesAt;
        round.minStake = terms.minStake;
        round.benchmark = uint24(terms.benchmark); // at most 20 bits
        round.minConsistency = terms.minConsistency;
        round.minConfidence = terms.minConfidence;
        round.challengePeriod = uint24(terms.challengePeriod); // at most 14 days
        round.resolveBy = terms.resolveBy;
        emit RoundOpened(roundId, terms);
        if (msg.value > 0) _fundPrize(roundId, sponsor);
    }

    /// @inheritdoc IStakingTournament
    function fundPrize(uint256 roundId) external payable nonReentrant {
        _requireStatus(roundId, RoundStatus.Open);
        if (msg.value == 0) revert ZeroAmount();
        _fundPrize(roundId, msg.sender);
    }

    /// @inheritdoc IStakingTournament
    function fundBonus(uint256 roundId, uint96 amount) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Open);
        if (amount == 0) revert ZeroAmount();

        _rounds[roundId].bonusPool += amount;
        bonusContribution[roundId][msg.sender] += amount;
        emit BonusFunded(roundId, msg.sender, amount);

        // NMR reverts on failure and calls nobody back.
        nmr.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStakingTournament
    function cancelRound(uint256 roundId) external restricted nonReentrant {
        _requireStatus(roundId, RoundStatus.Open);
        // Staking looks at this slot alone.
        _rounds[roundId].closesAt = uint40(block.timestamp);
        _rounds[roundId].ending = Ending.Voided;
        emit RoundCancelled(roundId);
    }

    /// @inheritdoc IStakingTournament
    function voidRound(uint256 roundId) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Closed);
        Round storage round = _rounds[roundId];
        uint256 deadline = _deadline(round);
        if (round.stakeCount > 0 && block.timestamp <= deadline) {
            revert DeadlineNotPassed(deadline, block.timestamp);
        }

        round.ending = Ending.Voided;
        emit RoundVoided(roundId);
    }

    /// @inheritdoc IStakingTournament
    function reclaimPrize(uint256 roundId) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Void);
        uint256 amount = prizeContribution[roundId][msg.sender];
        if (amount == 0) revert NothingToReclaim(roundId, msg.sender);

        delete prizeContribution[roundId][msg.sender];
        emit PrizeReclaimed(roundId, msg.sender, amount);

        _pay(msg.sender, amount);
    }

    /// @inheritdoc IStakingTournament
    function reclaimBonus(uint256 roundId) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Void);
        uint256 amount = bonusContribution[roundId][msg.sender];
        if (amount == 0) revert NothingToReclaim(roundId, msg.sender);

        delete bonusContribution[roundId][msg.sender];
        emit BonusReclaimed(roundId, msg.sender, amount);

        nmr.transfer(msg.sender, amount);
    }

    /// @inheritdoc IStakingTournament
    function sweepRemainder(uint256 roundId) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Resolved);
        Round storage round = _rounds[roundId];
        if (round.ending == Ending.Swept) revert RemainderAlreadySwept(roundId);
        if (round.settledCount != round.stakeCount) revert RoundNotSettled(round.settledCount, round.stakeCount);
        uint256 etherLeft = round.prizePool - round.etherPaid;
        uint256 bonusLeft = round.bonusPool - round.bonusPaid;

        round.ending = Ending.Swept;
        emit RemainderSwept(roundId, etherLeft, bonusLeft);

        nmr.transfer(treasury, bonusLeft);
        _pay(treasury, etherLeft);
    }

    /// @inheritdoc IStakingTournament
    function getRound(uint256 roundId) external view returns (RoundView memory) {
        Round storage round = _rounds[roundId];
        return
            RoundView({
                terms: RoundTerms({
                    closesAt: round.closesAt,
                    resolveBy: round.resolveBy,
                    challengePeriod: round.challengePeriod,
                    benchmark: round.benchmark,
                    minConsistency: round.minConsistency,
                    minStake: round.minStake,
                    minConfidence: round.minConfidence
                }),
                status: _status(round),
                stakeCount: round.stakeCount,
                totalStaked: round.totalStaked,
                prizePool: round.prizePool,
                bonusPool: round.bonusPool,
                settledCount: round.settledCount,
                attemptCount: round.attemptCount,
                resolvedAttempt: round.resolvedAttempt,
                deadline: uint40(_deadline(round)), // below the year 36,812
                ordinal: round.ordinal
            });
    }

    /// @inheritdoc IStakingTournament
    function roundStatus(uint256 roundId) external view returns (RoundStatus) {
        return _status(_rounds[roundId]);
    }

    /// @inheritdoc IStakingTournament
    function getStake(uint256 roundId, uint256 index) external view returns (Stake memory) {
        _requireStake(roundId, index);
        return _stakes[roundId][index];
    }

    /// @inheritdoc IStakingTournament
    function getStakes(uint256 roundId, uint256 from, uint256 to) external view returns (Stake[] memory stakes) {
        _requireRange(roundId, from, to);
        stakes = new Stake[](to - from);
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i] = _stakes[roundId][from + i];
        }
    }

    function _fundPrize(uint256 roundId, address sponsor) private {
        _rounds[roundId].prizePool += msg.value.toUint96();
        prizeContribution[roundId][sponsor] += msg.value;
        emit PrizeFunded(roundId, sponsor, msg.value);
    }

    function _checkTerms(RoundTerms calldata terms) private view {
        uint256 closesAt = terms.closesAt;
        uint256 period = terms.challengePeriod;
        uint256 latestClose = block.timestamp + MAX_DURATION;
        if (closesAt <= block.timestamp || closesAt > latestClose) {
            revert InvalidClosesAt(block.timestamp + 1, latestClose, closesAt);
        }
        if (period < MIN_CHALLENGE_PERIOD || period > MAX_CHALLENGE_PERIOD) {
            revert InvalidChallengePeriod(MIN_CHALLENGE_PERIOD, MAX_CHALLENGE_PERIOD, period);
        }
        uint256 earliest = closesAt + period + MIN_SCORING_TIME;
        uint256 latest = closesAt + MAX_DURATION;
        if (terms.resolveBy < earliest || terms.resolveBy > latest) {
            revert InvalidResolveBy(earliest, latest, terms.resolveBy);
        }
        if (terms.benchmark == 0 || terms.benchmark > ScoreSheet.MAX_LOGLOSS) {
            revert InvalidBenchmark(ScoreSheet.MAX_LOGLOSS, terms.benchmark);
        }
        if (terms.minConsistency > 100) revert InvalidMinConsistency(terms.minConsistency);
        if (terms.minStake == 0) revert InvalidMinStake();
    }

    function _status(Round storage round) internal view returns (RoundStatus) {
        Ending ending = round.ending;
        if (ending == Ending.Voided) return RoundStatus.Void;
        if (ending != Ending.Pending) return RoundStatus.Resolved;
        if (round.closesAt == 0) return RoundStatus.None;
        return block.timestamp < round.closesAt ? RoundStatus.Open : RoundStatus.Closed;
    }

    /// @dev Last second in which the round can be finalised.
    function _deadline(Round storage round) internal view returns (uint256) {
        return uint256(round.resolveBy) + round.extension;
    }

    function _requireStatus(uint256 roundId, RoundStatus expected) internal view {
        RoundStatus actual = _status(_rounds[roundId]);
        if (actual != expected) revert UnexpectedRoundStatus(roundId, expected, actual);
    }

    function _requireStake(uint256 roundId, uint256 index) internal view {
        uint256 stakeCount = _rounds[roundId].stakeCount;
        if (index >= stakeCount) revert StakeNotFound(roundId, index, stakeCount);
    }

    function _requireRange(uint256 roundId, uint256 from, uint256 to) internal view {
        uint256 stakeCount = _rounds[roundId].stakeCount;
        if (from > to || to > stakeCount) revert InvalidRange(from, to, stakeCount);
    }
}
