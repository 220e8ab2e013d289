// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Rounds} from "./Rounds.sol";
import {IOracleCommittee} from "./interfaces/IOracleCommittee.sol";
import {IStakingTournament} from "./interfaces/IStakingTournament.sol";
import {Auction} from "./libraries/Auction.sol";
import {ScoreSheet} from "./libraries/ScoreSheet.sol";
import {StakeWord} from "./libraries/StakeWord.sol";

/// @title Scoring
/// @notice From a closed round to a resolved one: committee members post scores, the contract proves the cut, the
/// guardian may veto, anybody finalises.
abstract contract Scoring is Rounds {
    /// @dev One committee member's scores. All sums belong to the attempt; a new one starts from zero.
    struct AttemptState {
        // slot 0
        address proposer;
        uint32 cut;
        uint32 scoredCount;
        bool cutPerforms;
        // slot 1
        uint96 above;
        uint96 burned;
        uint40 completedAt;
        // slots 2 to 4
        bytes32 scoresDigest;
        bytes32 evidenceHash;
        mapping(uint256 chunk => address pointer) pointers;
    }

    /// @notice Scores in every chunk but the last.
    uint256 public constant CHUNK = ScoreSheet.CHUNK;
    /// @notice Cut of a round whose prize pool is not emptied.
    uint32 public constant NO_CUT = Auction.NO_CUT;
    /// @notice Vetoes the guardian has a round.
    uint256 public constant MAX_VETOES = 3;

    /// @inheritdoc IStakingTournament
    IOracleCommittee public immutable committee;

    /// @inheritdoc IStakingTournament
    uint256 public resolvedCount;
    mapping(uint256 roundId => mapping(uint256 attemptId => AttemptState)) internal _attempts;

    constructor(IOracleCommittee committee_) {
        if (address(committee_) == address(0)) revert ZeroAddress();
        committee = committee_;
    }

    /// @inheritdoc IStakingTournament
    function beginScoring(
        uint256 roundId,
        uint32 cut,
        bytes32 evidenceHash,
        string calldata evidenceURI
    ) external nonReentrant returns (uint256 attemptId) {
        _requireStatus(roundId, RoundStatus.Closed);
        if (!committee.isMember(msg.sender)) revert NotCommitteeMember(msg.sender);
        Round storage round = _rounds[roundId];
        if (round.staking.stakeCount == 0) revert StakeNotFound(roundId, 0, 0);
        if (cut != NO_CUT && (cut >= round.staking.stakeCount || round.pools.prizePool == 0)) {
            revert InvalidCut(cut, round.pools.prizePool, 0, 0);
        }

        attemptId = ++round.pools.attemptCount;
        AttemptState storage attempt = _attempts[roundId][attemptId];
        attempt.proposer = msg.sender;
        attempt.cut = cut;
        attempt.evidenceHash = evidenceHash;
        emit ScoringBegun(roundId, attemptId, msg.sender, cut, evidenceHash, evidenceURI);
    }

    /// @inheritdoc IStakingTournament
    function postScores(uint256 roundId, uint256 attemptId, bytes calldata packed) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Closed);
        Round storage round = _rounds[roundId];
        AttemptState storage attempt = _requireLiveAttempt(roundId, attemptId);
        if (msg.sender != attempt.proposer) revert NotProposer(attempt.proposer, msg.sender);
        uint256 first = attempt.scoredCount;
        uint256 left = round.staking.stakeCount - first;
        if (left == 0) revert AttemptComplete(roundId, attemptId);
        uint256 count = Math.min(CHUNK, left);
        if (packed.length != count * ScoreSheet.WORD) revert InvalidChunk(count * ScoreSheet.WORD, packed.length);

        Auction.Rules memory rules = _rules(roundId, round.resolution, round.pools.prizePool, attempt.cut);
        Auction.Tally memory sums = Auction.Tally(attempt.above, attempt.burned, attempt.cutPerforms);
        Auction.tally(rules, sums, packed, first, _stakesOf(roundId) + first);
        // More is due before the cut than there is; it can only get worse.
        if (sums.above >= rules.prizePool && sums.above > 0) {
            revert InvalidCut(attempt.cut, rules.prizePool, sums.above, 0);
        }
        address pointer = ScoreSheet.store(packed);

        attempt.scoredCount = uint32(first + count); // at most stakeCount
        attempt.cutPerforms = sums.cutPerforms;
        attempt.above = uint96(sums.above); // below the prize pool
        attempt.burned = uint96(sums.burned); // part of totalStaked
        attempt.scoresDigest = keccak256(abi.encode(attempt.scoresDigest, keccak256(packed)));
        attempt.pointers[first / CHUNK] = pointer;
        emit ScoresPosted(roundId, attemptId, first, pointer, packed);
        if (count == left) _complete(roundId, attemptId, rules, sums);
    }

    /// @inheritdoc IStakingTournament
    function finalize(uint256 roundId, uint256 attemptId) external nonReentrant {
        _requireStatus(roundId, RoundStatus.Closed);
        Round storage round = _rounds[roundId];
        AttemptState storage attempt = _requireLiveAttempt(roundId, attemptId);
        uint256 completedAt = attempt.completedAt;
        if (completedAt == 0)
            revert AttemptIncomplete(roundId, attemptId, attempt.scoredCount, round.staking.stakeCount);
        uint256 challengeEnds = completedAt + round.resolution.challengePeriod;
        if (block.timestamp < challengeEnds) revert ChallengePeriodRunning(challengeEnds, block.timestamp);
        uint256 deadline = _deadline(round);
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
        bytes32 hash = _reportHash(roundId, attemptId, attempt);
        if (!committee.isApproved(hash)) revert ReportNotApproved(hash);

        uint256 ordinal = ++resolvedCount;
        uint256 burned = attempt.burned;
        round.resolution.ordinal = uint24(ordinal); // at most one a round
        round.resolution.ending = Ending.Resolved;
        round.resolution.resolvedAttempt = uint32(attemptId); // an attempt of this round
        emit RoundResolved(roundId, attemptId, ordinal, burned);

        if (burned > 0) nmr.burn(burned);
    }

    /// @inheritdoc IStakingTournament
    function veto(uint256 roundId, string calldata reason) external restricted nonReentrant {
        _requireStatus(roundId, RoundStatus.Closed);
        Round storage round = _rounds[roundId];
        uint256 deadline = _deadline(round);
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
        if (round.settlement.vetoCount == MAX_VETOES) revert TooManyVetoes(MAX_VETOES);

        uint256 moved = Math.max(deadline, block.timestamp + round.resolution.challengePeriod + MIN_SCORING_TIME);
        ++round.settlement.vetoCount;
        round.pools.vetoedCount = round.pools.attemptCount;
        round.settlement.extension = uint24(moved - round.resolution.resolveBy); // at most 15 days more a veto
        emit AttemptsVetoed(roundId, round.pools.attemptCount, moved, reason);
    }

    /// @inheritdoc IStakingTournament
    function getAttempt(uint256 roundId, uint256 attemptId) external view returns (Attempt memory) {
        AttemptState storage attempt = _requireAttempt(roundId, attemptId);
        return
            Attempt({
                proposer: attempt.proposer,
                cut: attempt.cut,
                scoredCount: attempt.scoredCount,
                above: attempt.above,
                burned: attempt.burned,
                cutPayout: attempt.completedAt == 0 || attempt.cut == NO_CUT
                    ? 0
                    : _rounds[roundId].pools.prizePool - attempt.above,
                scoresDigest: attempt.scoresDigest,
                evidenceHash: attempt.evidenceHash,
                completedAt: attempt.completedAt,
                vetoed: attemptId <= _rounds[roundId].pools.vetoedCount
            });
    }

    /// @inheritdoc IStakingTournament
    function getChunks(uint256 roundId, uint256 attemptId) external view returns (address[] memory pointers) {
        AttemptState storage attempt = _requireAttempt(roundId, attemptId);
        pointers = new address[](Math.ceilDiv(attempt.scoredCount, CHUNK));
        for (uint256 i = 0; i < pointers.length; ++i) {
            pointers[i] = attempt.pointers[i];
        }
    }

    /// @inheritdoc IStakingTournament
    function reportHash(uint256 roundId, uint256 attemptId) external view returns (bytes32) {
        return _reportHash(roundId, attemptId, _requireAttempt(roundId, attemptId));
    }

    /// @inheritdoc IStakingTournament
    function scoreOf(uint256 roundId, uint256 index) external view returns (Score memory) {
        _requireStatus(roundId, RoundStatus.Resolved);
        _requireStake(roundId, index);
        AttemptState storage attempt = _attempts[roundId][_rounds[roundId].resolution.resolvedAttempt];
        return ScoreSheet.decode(ScoreSheet.wordAt(ScoreSheet.read(attempt.pointers, index, index + 1), 0));
    }

    /// @dev Starts the challenge period of an attempt whose every score is posted, if its cut is the right one.
    function _complete(
        uint256 roundId,
        uint256 attemptId,
        Auction.Rules memory rules,
        Auction.Tally memory sums
    ) private {
        Round storage round = _rounds[roundId];
        AttemptState storage attempt = _attempts[roundId][attemptId];
        uint256 challengeEnds = block.timestamp + round.resolution.challengePeriod;
        uint256 deadline = _deadline(round);
        if (challengeEnds > deadline) revert DeadlinePassed(deadline, challengeEnds);
        uint32 cut = attempt.cut;
        if (cut != NO_CUT) {
            StakeWord last = _loadStake(_stakesOf(roundId), cut);
            uint256 due = sums.cutPerforms ? Auction.payout(last.amount(), last.confidence()) : 0;
            if (sums.above + due < rules.prizePool) revert InvalidCut(cut, rules.prizePool, sums.above, due);
        }

        attempt.completedAt = uint40(block.timestamp);
        emit ScoringCompleted(roundId, attemptId, _reportHash(roundId, attemptId, attempt), sums.above, sums.burned);
    }

    /// @dev What decides about the stakes of a round, by an attempt's cut.
    function _rules(
        uint256 roundId,
        Resolution memory resolution,
        uint256 prizePool,
        uint32 cut
    ) internal view returns (Auction.Rules memory) {
        return
            Auction.Rules({
                prizePool: prizePool,
                benchmark: resolution.benchmark,
                eligibleFrom: ScoreSheet.ELIGIBLE + resolution.minConsistency,
                minConfidence: resolution.minConfidence,
                cut: cut,
                cutRank: cut == NO_CUT ? 0 : Auction.rank(_loadStake(_stakesOf(roundId), cut).confidence(), cut)
            });
    }

    /// @dev Ether due to the cut of a resolved round: what those above it leave.
    function _cutPayout(uint256 roundId) internal view returns (uint256) {
        Round storage round = _rounds[roundId];
        return round.pools.prizePool - _attempts[roundId][round.resolution.resolvedAttempt].above;
    }

    function _reportHash(
        uint256 roundId,
        uint256 attemptId,
        AttemptState storage attempt
    ) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    block.chainid,
                    this,
                    roundId,
                    attemptId,
                    attempt.cut,
                    attempt.scoresDigest,
                    attempt.evidenceHash
                )
            );
    }

    function _requireAttempt(uint256 roundId, uint256 attemptId) private view returns (AttemptState storage attempt) {
        attempt = _attempts[roundId][attemptId];
        if (attempt.proposer == address(0)) revert AttemptNotFound(roundId, attemptId);
    }

    function _requireLiveAttempt(uint256 roundId, uint256 attemptId) private view returns (AttemptState storage) {
        if (attemptId <= _rounds[roundId].pools.vetoedCount) {
            _requireAttempt(roundId, attemptId);
            revert AttemptVetoed(roundId, attemptId);
        }
        return _requireAttempt(roundId, attemptId);
    }
}
