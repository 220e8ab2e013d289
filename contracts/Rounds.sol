// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {EtherPayments} from "./EtherPayments.sol";
import {INumeraire} from "./interfaces/INumeraire.sol";
import {IStakingTournament} from "./interfaces/IStakingTournament.sol";
import {ScoreSheet} from "./libraries/ScoreSheet.sol";
import {StakeWord} from "./libraries/StakeWord.sol";

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

    /// @dev What staking touches, in one slot.
    struct Staking {
        uint40 closesAt;
        uint32 stakeCount;
        uint96 totalStaked;
        uint88 minStake;
    }

    /// @dev How a round is resolved and how it ended, in one slot.
    struct Resolution {
        uint24 benchmark;
        uint8 minConsistency;
        uint96 minConfidence;
        uint24 challengePeriod;
        uint40 resolveBy;
        uint24 ordinal;
        uint32 resolvedAttempt;
        Ending ending;
    }

    /// @dev What there is to win and how many attempts there were, in one slot; attempts up to `vetoedCount` are vetoed.
    struct Pools {
        uint96 prizePool;
        uint96 bonusPool;
        uint32 attemptCount;
        uint32 vetoedCount;
    }

    /// @dev What is settled, and what vetoes did, in one slot; `extension` is at most 3 × 15 days.
    struct Settlement {
        uint96 etherPaid;
        uint96 bonusPaid;
        uint32 settledCount;
        uint24 extension;
        uint8 vetoCount;
    }

    struct Round {
        Staking staking;
        Resolution resolution;
        Pools pools;
        Settlement settlement;
    }

    /// @dev Where a round's stakes begin.
    struct Stakes {
        StakeWord first;
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

    /// @inheritdoc IStakingTournament
    INumeraire public immutable nmr;
    /// @inheritdoc IStakingTournament
    address public immutable treasury;

    /// @inheritdoc IStakingTournament
    uint256 public roundCount;
    mapping(uint256 roundId => Round) internal _rounds;
    /// @dev The first stake of a round; the others follow it slot by slot, so that a pass over them needs no hash a stake.
    mapping(uint256 roundId => Stakes) private _stakes;
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
        if (sponsor == address(this)) revert InvalidSponsor(sponsor);
        if (roundCount == MAX_ROUNDS) revert TooManyRounds(MAX_ROUNDS);

        roundId = ++roundCount;
        Round storage round = _rounds[roundId];
        round.staking.closesAt = terms.closesAt;
        round.staking.minStake = terms.minStake;
        round.resolution.benchmark = uint24(terms.benchmark); // at most 20 bits
        round.resolution.minConsistency = terms.minConsistency;
        round.resolution.minConfidence = terms.minConfidence;
        round.resolution.challengePeriod = uint24(terms.challengePeriod); // at most 14 days
        round.resolution.resolveBy = terms.resolveBy;
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

        Pools storage pools = _rounds[roundId].pools;
        pools.bonusPool = (uint256(pools.bonusPool) + amount).toUint96();
        bonusContribution[roundId][msg.sender] += amount;
        emit BonusFunded(roundId, msg.sender, amount);

        // NMR reverts on failure and calls nobody back.
        nmr.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStakingTournament
    function cancelRound(uint256 roundId) external restricted nonReentrant {
        _requireStatus(roundId, RoundStatus.Open);
        // Staking looks at this slot alone.
        _rounds[roundId].staking.closesAt = uint40(block.timestamp);
        _rounds[roundId].resolution.ending = Ending.Voided;
        emit RoundCancelled(roundId);
    }

    /// @inheritdoc IStakingTournament
    function voidRound(uint256 roundId) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Closed);
        Round storage round = _rounds[roundId];
        uint256 deadline = _deadline(round);
        if (round.staking.stakeCount > 0 && block.timestamp <= deadline) {
            revert DeadlineNotPassed(deadline, block.timestamp);
        }

        round.resolution.ending = Ending.Voided;
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
        if (round.resolution.ending == Ending.Swept) revert RemainderAlreadySwept(roundId);
        if (round.settlement.settledCount != round.staking.stakeCount)
            revert RoundNotSettled(round.settlement.settledCount, round.staking.stakeCount);
        uint256 etherLeft = round.pools.prizePool - round.settlement.etherPaid;
        uint256 bonusLeft = round.pools.bonusPool - round.settlement.bonusPaid;

        round.resolution.ending = Ending.Swept;
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
                    closesAt: round.staking.closesAt,
                    resolveBy: round.resolution.resolveBy,
                    challengePeriod: round.resolution.challengePeriod,
                    benchmark: round.resolution.benchmark,
                    minConsistency: round.resolution.minConsistency,
                    minStake: round.staking.minStake,
                    minConfidence: round.resolution.minConfidence
                }),
                status: _status(round),
                stakeCount: round.staking.stakeCount,
                totalStaked: round.staking.totalStaked,
                prizePool: round.pools.prizePool,
                bonusPool: round.pools.bonusPool,
                settledCount: round.settlement.settledCount,
                attemptCount: round.pools.attemptCount,
                resolvedAttempt: round.resolution.resolvedAttempt,
                deadline: uint40(_deadline(round)), // below the year 36,812
                ordinal: round.resolution.ordinal
            });
    }

    /// @inheritdoc IStakingTournament
    function roundStatus(uint256 roundId) external view returns (RoundStatus) {
        return _status(_rounds[roundId]);
    }

    /// @inheritdoc IStakingTournament
    function getStake(uint256 roundId, uint256 index) external view returns (Stake memory) {
        _requireStake(roundId, index);
        return _unpack(_loadStake(_stakesOf(roundId), index));
    }

    /// @inheritdoc IStakingTournament
    function getStakes(uint256 roundId, uint256 from, uint256 to) external view returns (Stake[] memory stakes) {
        _requireRange(roundId, from, to);
        uint256 firstSlot = _stakesOf(roundId);
        stakes = new Stake[](to - from);
        for (uint256 i = 0; i < stakes.length; ++i) {
            stakes[i] = _unpack(_loadStake(firstSlot, from + i));
        }
    }

    /// @dev A stake as read from outside; every field is as wide as its bits.
    function _unpack(StakeWord placed) private pure returns (Stake memory) {
        return Stake(uint40(placed.modelId()), uint96(placed.amount()), uint96(placed.confidence()));
    }

    function _fundPrize(uint256 roundId, address sponsor) private {
        Pools storage pools = _rounds[roundId].pools;
        pools.prizePool = (pools.prizePool + msg.value).toUint96();
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

    /// @dev Writes what staking touches in one go; field by field the slot would be written twice.
    function _storeStaking(uint256 roundId, Staking memory staking) internal {
        Staking storage slot = _rounds[roundId].staking;
        // The fields in the order of the struct: 40, 32, 96 and 88 bits.
        assembly ("memory-safe") {
            let packed := or(mload(staking), shl(40, mload(add(staking, 0x20))))
            packed := or(packed, shl(72, mload(add(staking, 0x40))))
            sstore(slot.slot, or(packed, shl(168, mload(add(staking, 0x60)))))
        }
    }

    /// @dev Storage slot of a round's first stake.
    function _stakesOf(uint256 roundId) internal view returns (uint256 firstSlot) {
        Stakes storage stakes = _stakes[roundId];
        assembly ("memory-safe") {
            firstSlot := stakes.slot
        }
    }

    /// @dev The stake at a place below 2^32; zero where there is none.
    function _loadStake(uint256 firstSlot, uint256 index) internal view returns (StakeWord placed) {
        assembly ("memory-safe") {
            placed := sload(add(firstSlot, index))
        }
    }

    /// @dev Writes the stake at a place below 2^32.
    function _storeStake(uint256 firstSlot, uint256 index, StakeWord placed) internal {
        assembly ("memory-safe") {
            sstore(add(firstSlot, index), placed)
        }
    }

    function _status(Round storage round) internal view returns (RoundStatus) {
        Ending ending = round.resolution.ending;
        if (ending == Ending.Voided) return RoundStatus.Void;
        if (ending != Ending.Pending) return RoundStatus.Resolved;
        uint256 closesAt = round.staking.closesAt;
        if (closesAt == 0) return RoundStatus.None;
        return block.timestamp < closesAt ? RoundStatus.Open : RoundStatus.Closed;
    }

    /// @dev Last second in which the round can be finalised.
    function _deadline(Round storage round) internal view returns (uint256) {
        return uint256(round.resolution.resolveBy) + round.settlement.extension;
    }

    function _requireStatus(uint256 roundId, RoundStatus expected) internal view {
        RoundStatus actual = _status(_rounds[roundId]);
        if (actual != expected) revert UnexpectedRoundStatus(roundId, expected, actual);
    }

    function _requireStake(uint256 roundId, uint256 index) internal view {
        uint256 stakeCount = _rounds[roundId].staking.stakeCount;
        if (index >= stakeCount) revert StakeNotFound(roundId, index, stakeCount);
    }

    function _requireRange(uint256 roundId, uint256 from, uint256 to) internal view {
        uint256 stakeCount = _rounds[roundId].staking.stakeCount;
        if (from > to || to > stakeCount) revert InvalidRange(from, to, stakeCount);
    }
}
