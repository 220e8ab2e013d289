// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";

import {IEtherPayments} from "./IEtherPayments.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {INumeraire} from "./INumeraire.sol";
import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title Staking tournament
/// @notice Rounds in which data scientists stake NMR on their models: those that perform are paid ether, the NMR of
/// those that do not is destroyed.
/// @dev NMR and ether are in wei, times in Unix seconds, log-loss in millionths. Confidence is the NMR (wei) risked to
/// win one ether. The oracle posts measurements; the contract computes every consequence.
interface IStakingTournament is IModelRegistry, IEtherPayments, IERC1363Receiver {
    /// @notice Where a round stands.
    /// @dev None: never opened. Open: takes stakes. Closed: waits for scores. Resolved: settles by scores.
    /// Void: settles by giving everything back.
    enum RoundStatus {
        None,
        Open,
        Closed,
        Resolved,
        Void
    }

    /// @notice What is fixed when a round opens.
    /// @param closesAt When staking ends; that of a cancelled round is when it was cancelled.
    /// @param resolveBy Last second in which the round can be finalised, before any veto.
    /// @param challengePeriod Seconds between the last score and finalisation.
    /// @param benchmark Log-loss a model must stay below, in millionths (693147 = ln 2).
    /// @param minConsistency Consistency a model must reach, in per cent.
    /// @param minStake Least NMR a stake, in wei.
    /// @param minConfidence Confidence below which a stake is returned without being judged, in wei of NMR an ether.
    struct RoundTerms {
        uint40 closesAt;
        uint40 resolveBy;
        uint32 challengePeriod;
        uint32 benchmark;
        uint8 minConsistency;
        uint88 minStake;
        uint96 minConfidence;
    }

    /// @notice A round as read from outside.
    /// @param terms What was fixed when the round opened.
    /// @param status Where the round stands.
    /// @param stakeCount Stakes in the round.
    /// @param totalStaked NMR staked in the round, in wei, settled or not.
    /// @param prizePool Ether for the models that perform, in wei, spent or not.
    /// @param bonusPool NMR for the models with a reputation, in wei, spent or not.
    /// @param settledCount Stakes that are settled.
    /// @param attemptCount Scoring attempts begun; the newest has this number.
    /// @param resolvedAttempt Attempt that resolved the round; 0 for none.
    /// @param deadline Last second in which the round can be finalised.
    /// @param ordinal Place in the order of resolution, from 1; 0 until resolved.
    struct RoundView {
        RoundTerms terms;
        RoundStatus status;
        uint32 stakeCount;
        uint96 totalStaked;
        uint96 prizePool;
        uint96 bonusPool;
        uint32 settledCount;
        uint32 attemptCount;
        uint32 resolvedAttempt;
        uint40 deadline;
        uint24 ordinal;
    }

    /// @notice A stake, in one storage slot.
    /// @param modelId Model that is staked on.
    /// @param amount NMR staked, in wei; zero once settled.
    /// @param confidence NMR risked to win one ether, in wei.
    struct Stake {
        uint40 modelId;
        uint96 amount;
        uint96 confidence;
    }

    /// @notice One committee member's scores for a round.
    /// @param proposer Member that posts the scores.
    /// @param cut Index of the stake whose payout empties the prize pool; `NO_CUT` when none does.
    /// @param scoredCount Scores posted so far.
    /// @param above Ether due to performing stakes before the cut, in wei.
    /// @param burned NMR of failed stakes before the cut, in wei.
    /// @param cutPayout Ether due to the cut, in wei; zero until complete or without a cut.
    /// @param scoresDigest Running hash of the chunks: digest' = keccak256(abi.encode(digest, keccak256(chunk))), from zero.
    /// @param evidenceHash Hash of what the scores were computed from.
    /// @param completedAt When the last score arrived; 0 until then.
    /// @param vetoed Whether the guardian vetoed the attempt.
    struct Attempt {
        address proposer;
        uint32 cut;
        uint32 scoredCount;
        uint96 above;
        uint96 burned;
        uint96 cutPayout;
        bytes32 scoresDigest;
        bytes32 evidenceHash;
        uint40 completedAt;
        bool vetoed;
    }

    /// @notice What the oracle measured for a stake.
    /// @param scored Whether it could be measured; if not, the stake is returned.
    /// @param concordant Whether the predictions are distributed alike on validation, test and live data.
    /// @param original Whether the predictions differ from every model submitted earlier.
    /// @param consistency Per cent of validation eras better than chance, 0–100.
    /// @param logloss Live log-loss, in millionths.
    struct Score {
        bool scored;
        bool concordant;
        bool original;
        uint8 consistency;
        uint32 logloss;
    }

    /// @notice What settling a stake does.
    /// @param returned NMR of the stake that goes back, in wei, without the bonus.
    /// @param burned NMR of the stake that was destroyed, in wei.
    /// @param etherPaid Ether paid, in wei.
    /// @param bonus NMR paid from the bonus pool, in wei.
    struct Outcome {
        uint96 returned;
        uint96 burned;
        uint96 etherPaid;
        uint96 bonus;
    }

    /// @notice A round opened.
    /// @param roundId Number of the round, from 1.
    /// @param terms What is fixed for the round.
    event RoundOpened(uint256 indexed roundId, RoundTerms terms);

    /// @notice Somebody added to the prize pool.
    /// @param roundId Number of the round.
    /// @param sponsor Account the contribution is recorded for.
    /// @param amount Ether added, in wei.
    event PrizeFunded(uint256 indexed roundId, address indexed sponsor, uint256 amount);

    /// @notice Somebody added to the bonus pool.
    /// @param roundId Number of the round.
    /// @param sponsor Account the contribution is recorded for.
    /// @param amount NMR added, in wei.
    event BonusFunded(uint256 indexed roundId, address indexed sponsor, uint256 amount);

    /// @notice The guardian cancelled an open round; it is Void.
    /// @param roundId Number of the round.
    event RoundCancelled(uint256 indexed roundId);

    /// @notice A round that could not be resolved is Void.
    /// @param roundId Number of the round.
    event RoundVoided(uint256 indexed roundId);

    /// @notice A stake was placed.
    /// @param roundId Number of the round.
    /// @param modelId Model that is staked on.
    /// @param owner Account that owns the model.
    /// @param index Place of the stake in the round, from 0.
    /// @param amount NMR staked, in wei.
    /// @param confidence NMR risked to win one ether, in wei.
    /// @param predictionsHash Commitment to the predictions.
    event StakePlaced(
        uint256 indexed roundId,
        uint256 indexed modelId,
        address indexed owner,
        uint256 index,
        uint256 amount,
        uint256 confidence,
        bytes32 predictionsHash
    );

    /// @notice A stake rose in amount, in confidence or in both.
    /// @param roundId Number of the round.
    /// @param modelId Model that is staked on.
    /// @param index Place of the stake in the round.
    /// @param amount NMR staked now, in wei.
    /// @param confidence NMR risked to win one ether now, in wei.
    event StakeRaised(
        uint256 indexed roundId,
        uint256 indexed modelId,
        uint256 index,
        uint256 amount,
        uint256 confidence
    );

    /// @notice The commitment to a stake's predictions was replaced.
    /// @param roundId Number of the round.
    /// @param modelId Model that is staked on.
    /// @param index Place of the stake in the round.
    /// @param predictionsHash New commitment.
    event PredictionsCommitted(
        uint256 indexed roundId,
        uint256 indexed modelId,
        uint256 index,
        bytes32 predictionsHash
    );

    /// @notice A committee member began to post scores.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt, from 1.
    /// @param proposer Member that posts the scores.
    /// @param cut Index of the stake whose payout empties the prize pool; `NO_CUT` when none does.
    /// @param evidenceHash Hash of what the scores were computed from.
    /// @param evidenceURI Where that can be found.
    event ScoringBegun(
        uint256 indexed roundId,
        uint256 indexed attemptId,
        address indexed proposer,
        uint256 cut,
        bytes32 evidenceHash,
        string evidenceURI
    );

    /// @notice A chunk of scores was stored.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @param firstIndex Index of the first stake scored by the chunk.
    /// @param pointer Account whose code is a zero byte followed by `packed`.
    /// @param packed Score words of 4 bytes each, big-endian, in index order.
    event ScoresPosted(
        uint256 indexed roundId,
        uint256 indexed attemptId,
        uint256 firstIndex,
        address pointer,
        bytes packed
    );

    /// @notice Every score of an attempt is on chain and its cut is proved; the challenge period began.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @param reportHash Hash the committee has to approve.
    /// @param above Ether due to performing stakes before the cut, in wei.
    /// @param burned NMR of failed stakes before the cut, in wei.
    event ScoringCompleted(
        uint256 indexed roundId,
        uint256 indexed attemptId,
        bytes32 indexed reportHash,
        uint256 above,
        uint256 burned
    );

    /// @notice The guardian vetoed every attempt begun so far.
    /// @param roundId Number of the round.
    /// @param attemptCount Newest attempt that is vetoed.
    /// @param deadline Last second in which the round can be finalised from now on.
    /// @param reason Why, in the guardian's words.
    event AttemptsVetoed(uint256 indexed roundId, uint256 attemptCount, uint256 deadline, string reason);

    /// @notice A round was resolved and its failed stakes destroyed.
    /// @param roundId Number of the round.
    /// @param attemptId Attempt that resolved it.
    /// @param ordinal Place in the order of resolution, from 1.
    /// @param burned NMR destroyed, in wei.
    event RoundResolved(uint256 indexed roundId, uint256 indexed attemptId, uint256 ordinal, uint256 burned);

    /// @notice A stake was settled.
    /// @param roundId Number of the round.
    /// @param modelId Model that was staked on.
    /// @param payee Account that was paid.
    /// @param index Place of the stake in the round.
    /// @param returned NMR of the stake that went back (or into the next round, when restaked), in wei.
    /// @param burned NMR of the stake that was destroyed, in wei.
    /// @param etherPaid Ether paid, in wei.
    /// @param bonus NMR paid from the bonus pool, in wei.
    /// @param qualified Whether the round counts for the model's reputation.
    event StakeSettled(
        uint256 indexed roundId,
        uint256 indexed modelId,
        address indexed payee,
        uint256 index,
        uint256 returned,
        uint256 burned,
        uint256 etherPaid,
        uint256 bonus,
        bool qualified
    );

    /// @notice A sponsor of a void round took the ether back.
    /// @param roundId Number of the round.
    /// @param sponsor Account that had contributed.
    /// @param amount Ether given back, in wei.
    event PrizeReclaimed(uint256 indexed roundId, address indexed sponsor, uint256 amount);

    /// @notice A sponsor of a void round took the NMR back.
    /// @param roundId Number of the round.
    /// @param sponsor Account that had contributed.
    /// @param amount NMR given back, in wei.
    event BonusReclaimed(uint256 indexed roundId, address indexed sponsor, uint256 amount);

    /// @notice What was left of a resolved round's pools went to the treasury.
    /// @param roundId Number of the round.
    /// @param etherAmount Ether left, in wei.
    /// @param bonusAmount NMR left, in wei.
    event RemainderSwept(uint256 indexed roundId, uint256 etherAmount, uint256 bonusAmount);

    /// @notice An amount that must be given is zero.
    error ZeroAmount();

    /// @notice The account could never take a contribution back.
    /// @param sponsor Account that was named.
    error InvalidSponsor(address sponsor);

    /// @notice A commitment to predictions is missing.
    error ZeroPredictionsHash();

    /// @notice No more rounds can be opened.
    /// @param maximum Most rounds this contract can have.
    error TooManyRounds(uint256 maximum);

    /// @notice A time or duration is outside its bounds.
    /// @param minimum Least value allowed.
    /// @param maximum Greatest value allowed.
    /// @param actual Value that was given.
    error InvalidClosesAt(uint256 minimum, uint256 maximum, uint256 actual);

    /// @notice The time to resolve is outside its bounds.
    /// @param minimum Least value allowed.
    /// @param maximum Greatest value allowed.
    /// @param actual Value that was given.
    error InvalidResolveBy(uint256 minimum, uint256 maximum, uint256 actual);

    /// @notice The challenge period is outside its bounds.
    /// @param minimum Least value allowed, in seconds.
    /// @param maximum Greatest value allowed, in seconds.
    /// @param actual Value that was given, in seconds.
    error InvalidChallengePeriod(uint256 minimum, uint256 maximum, uint256 actual);

    /// @notice The benchmark is outside its bounds.
    /// @param maximum Greatest value allowed, in millionths.
    /// @param actual Value that was given, in millionths.
    error InvalidBenchmark(uint256 maximum, uint256 actual);

    /// @notice The least consistency is above 100 per cent.
    /// @param actual Value that was given, in per cent.
    error InvalidMinConsistency(uint256 actual);

    /// @notice The least stake is zero.
    error InvalidMinStake();

    /// @notice The call needs a round in another status.
    /// @param roundId Number of the round.
    /// @param expected Status the call needs.
    /// @param actual Status the round has.
    error UnexpectedRoundStatus(uint256 roundId, RoundStatus expected, RoundStatus actual);

    /// @notice The round is neither Resolved nor Void, so nothing can be settled.
    /// @param roundId Number of the round.
    /// @param actual Status the round has.
    error RoundNotSettleable(uint256 roundId, RoundStatus actual);

    /// @notice The stake is below the round's least stake.
    /// @param minimum Least stake, in wei.
    /// @param actual Stake that was given, in wei.
    error StakeTooSmall(uint256 minimum, uint256 actual);

    /// @notice A confidence must be above zero.
    error ZeroConfidence();

    /// @notice A model enters rounds in increasing order, once each.
    /// @param modelId Number of the model.
    /// @param lastStakedRound Newest round the model has a stake in.
    /// @param roundId Round that was given.
    error ModelAlreadyStaked(uint256 modelId, uint256 lastStakedRound, uint256 roundId);

    /// @notice A confidence may only rise.
    /// @param current Confidence of the stake, in wei.
    /// @param proposed Confidence that was given, in wei.
    error ConfidenceLowered(uint256 current, uint256 proposed);

    /// @notice Neither amount nor confidence would rise.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    error NothingRaised(uint256 roundId, uint256 index);

    /// @notice The round has no stake at this place.
    /// @param roundId Number of the round.
    /// @param index Place that was given.
    /// @param stakeCount Stakes in the round.
    error StakeNotFound(uint256 roundId, uint256 index, uint256 stakeCount);

    /// @notice The range does not lie within the round's stakes.
    /// @param from First place that was given.
    /// @param to Place after the last that was given.
    /// @param stakeCount Stakes in the round.
    error InvalidRange(uint256 from, uint256 to, uint256 stakeCount);

    /// @notice Only NMR may call back with a transfer.
    /// @param caller Account that called.
    error NotNumeraire(address caller);

    /// @notice Only the holder of the tokens may stake them by a transfer.
    /// @param operator Account that made the transfer.
    /// @param from Account the tokens came from.
    error OperatorNotSender(address operator, address from);

    /// @notice The data of a transfer is no encoded stake.
    /// @param expected Length of `abi.encode(roundId, modelId, confidence, predictionsHash)`, in bytes.
    /// @param actual Length that was given, in bytes.
    error InvalidStakeData(uint256 expected, uint256 actual);

    /// @notice Only committee members may post scores.
    /// @param caller Account that called.
    error NotCommitteeMember(address caller);

    /// @notice Only the member that began an attempt may add to it.
    /// @param proposer Member that began it.
    /// @param caller Account that called.
    error NotProposer(address proposer, address caller);

    /// @notice The round has no such attempt.
    /// @param roundId Number of the round.
    /// @param attemptId Number that was given.
    error AttemptNotFound(uint256 roundId, uint256 attemptId);

    /// @notice The guardian vetoed the attempt.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    error AttemptVetoed(uint256 roundId, uint256 attemptId);

    /// @notice Every score of the attempt is posted already.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    error AttemptComplete(uint256 roundId, uint256 attemptId);

    /// @notice Scores of the attempt are still missing.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @param scoredCount Scores posted so far.
    /// @param stakeCount Scores needed.
    error AttemptIncomplete(uint256 roundId, uint256 attemptId, uint256 scoredCount, uint256 stakeCount);

    /// @notice A chunk has the wrong length.
    /// @param expected Length it must have, in bytes.
    /// @param actual Length that was given, in bytes.
    error InvalidChunk(uint256 expected, uint256 actual);

    /// @notice A score word has reserved bits set or a consistency above 100.
    /// @param index Place of the stake in the round.
    /// @param word Score word that was given.
    error InvalidScore(uint256 index, uint32 word);

    /// @notice The named cut is not the stake whose payout empties the prize pool.
    /// @param cut Index that was named.
    /// @param prizePool Ether to distribute, in wei.
    /// @param above Ether due before the cut, in wei.
    /// @param cutPayout Ether the cut could take, in wei; zero when it is ineligible, did not perform or was not reached.
    error InvalidCut(uint256 cut, uint256 prizePool, uint256 above, uint256 cutPayout);

    /// @notice The deadline is too near, or over.
    /// @param deadline Last second allowed.
    /// @param actual Second that was needed.
    error DeadlinePassed(uint256 deadline, uint256 actual);

    /// @notice The challenge period is still running.
    /// @param endsAt First second after it.
    /// @param actual Second of the call.
    error ChallengePeriodRunning(uint256 endsAt, uint256 actual);

    /// @notice The committee has not approved the report.
    /// @param reportHash Hash it has to approve.
    error ReportNotApproved(bytes32 reportHash);

    /// @notice The guardian has used every veto of the round.
    /// @param maximum Vetoes a round.
    error TooManyVetoes(uint256 maximum);

    /// @notice The round can still be resolved.
    /// @param deadline Last second in which that is so.
    /// @param actual Second of the call.
    error DeadlineNotPassed(uint256 deadline, uint256 actual);

    /// @notice The stake is settled already.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    error StakeAlreadySettled(uint256 roundId, uint256 index);

    /// @notice The caller has nothing to take back.
    /// @param roundId Number of the round.
    /// @param sponsor Account that called.
    error NothingToReclaim(uint256 roundId, address sponsor);

    /// @notice Stakes of the round are still to be settled.
    /// @param settledCount Stakes that are settled.
    /// @param stakeCount Stakes in the round.
    error RoundNotSettled(uint256 settledCount, uint256 stakeCount);

    /// @notice The remainder went to the treasury before.
    /// @param roundId Number of the round.
    error RemainderAlreadySwept(uint256 roundId);

    // ---- rounds

    /// @notice Opens a round and records the ether sent along as the sponsor's contribution to its prize pool.
    /// @dev Emits {RoundOpened} and, with ether, {PrizeFunded}. Rounds may overlap.
    /// Requirements: the caller holds the round manager role; closesAt within 90 days; challengePeriod between 1 hour
    /// and 14 days; resolveBy at least challengePeriod + 1 day and at most 90 days after closesAt; benchmark from 1 to
    /// 1,048,575; minConsistency at most 100; minStake above zero; the sponsor is neither zero nor the tournament.
    /// @param terms What is fixed for the round.
    /// @param sponsor Account the contribution is recorded for; named because the caller may be the AccessManager.
    /// @return roundId Number of the round, from 1.
    function openRound(RoundTerms calldata terms, address sponsor) external payable returns (uint256 roundId);

    /// @notice Adds the ether sent along to a round's prize pool.
    /// @dev Emits {PrizeFunded}. Requirements: the round is Open. Only a void round gives contributions back.
    /// @param roundId Number of the round.
    function fundPrize(uint256 roundId) external payable;

    /// @notice Adds NMR of the caller to a round's bonus pool.
    /// @dev Emits {BonusFunded}. Requirements: the round is Open; the caller approved the NMR.
    /// @param roundId Number of the round.
    /// @param amount NMR to add, in wei.
    function fundBonus(uint256 roundId, uint96 amount) external;

    /// @notice Makes an open round Void.
    /// @dev Emits {RoundCancelled}. Requirements: the caller holds the guardian role; the round is Open.
    /// @param roundId Number of the round.
    function cancelRound(uint256 roundId) external;

    /// @notice Makes a round Void that was not resolved in time, or that closed without a stake.
    /// @dev Emits {RoundVoided}. Anybody may call. Requirements: the round is Closed and its deadline has passed or it
    /// has no stake.
    /// @param roundId Number of the round.
    function voidRound(uint256 roundId) external;

    // ---- staking

    /// @notice Stakes NMR on a model.
    /// @dev Emits {StakePlaced}. Requirements: the caller owns the model and approved the NMR; the round is Open and
    /// newer than every round the model has a stake in; amount is at least the round's minStake.
    /// Warning: a stake with a confidence below the round's minConfidence is taken, and returned unjudged.
    /// @param roundId Number of the round.
    /// @param modelId Model to stake on.
    /// @param amount NMR to stake, in wei.
    /// @param confidence NMR risked to win one ether, in wei; above zero.
    /// @param predictionsHash keccak256(abi.encode(chainid, tournament, roundId, modelId, salt, sha256(file))).
    function stake(
        uint256 roundId,
        uint256 modelId,
        uint96 amount,
        uint96 confidence,
        bytes32 predictionsHash
    ) external;

    /// @notice {stake}, with the approval of the NMR by an ERC-2612 signature.
    /// @dev Emits {StakePlaced}. A permit that somebody else used first does no harm.
    /// @param roundId Number of the round.
    /// @param modelId Model to stake on.
    /// @param amount NMR to stake, in wei.
    /// @param confidence NMR risked to win one ether, in wei; above zero.
    /// @param predictionsHash Commitment to the predictions, as in {stake}.
    /// @param deadline Last second in which the signature is valid.
    /// @param v Recovery byte of the signature.
    /// @param r First half of the signature.
    /// @param s Second half of the signature.
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
    ) external;

    /// @notice Raises the amount, the confidence or both of a stake; it keeps its place in the round.
    /// @dev Emits {StakeRaised}. Requirements: the caller owns the model and approved the NMR; the round is Open;
    /// neither falls and one rises. An early small stake keeps its place among equals.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    /// @param addedAmount NMR to add, in wei.
    /// @param newConfidence NMR risked to win one ether from now on, in wei.
    function raiseStake(uint256 roundId, uint256 index, uint96 addedAmount, uint96 newConfidence) external;

    /// @notice Replaces the commitment to a stake's predictions.
    /// @dev Emits {PredictionsCommitted}. Requirements: the caller owns the model; the round is Open. The last
    /// commitment counts.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    /// @param predictionsHash Commitment to the predictions, as in {stake}.
    function commitPredictions(uint256 roundId, uint256 index, bytes32 predictionsHash) external;

    // ---- resolution

    /// @notice Begins the caller's own attempt to score a round.
    /// @dev Emits {ScoringBegun}. Requirements: the caller is a committee member; the round is Closed and has a stake;
    /// the cut is a stake of the round or `NO_CUT`, and `NO_CUT` when the prize pool is empty.
    /// @param roundId Number of the round.
    /// @param cut Index of the stake whose payout empties the prize pool; `NO_CUT` when none does.
    /// @param evidenceHash Hash of what the scores are computed from.
    /// @param evidenceURI Where that can be found.
    /// @return attemptId Number of the attempt, from 1.
    function beginScoring(
        uint256 roundId,
        uint32 cut,
        bytes32 evidenceHash,
        string calldata evidenceURI
    ) external returns (uint256 attemptId);

    /// @notice Stores the next chunk of an attempt's scores and adds up their consequences.
    /// @dev Emits {ScoresPosted} and, with the last chunk, {ScoringCompleted}.
    /// Requirements: the caller began the attempt and it is not vetoed; the round is Closed; the chunk holds exactly
    /// `CHUNK` scores, or all that are left; with the last one the challenge period fits before the deadline and the
    /// cut is proved.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @param packed Score words of 4 bytes each, big-endian, in index order: bit 31 scored, 30 concordant, 29 original,
    /// 28–22 consistency in per cent, 21–20 zero, 19–0 log-loss in millionths.
    function postScores(uint256 roundId, uint256 attemptId, bytes calldata packed) external;

    /// @notice Resolves a round by a complete attempt: destroys the NMR of its failed stakes and opens settlement.
    /// @dev Emits {RoundResolved}. Anybody may call. Requirements: the round is Closed and its deadline has not passed;
    /// the attempt is complete, not vetoed and approved by the committee; its challenge period has passed.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    function finalize(uint256 roundId, uint256 attemptId) external;

    /// @notice Kills every attempt begun so far and moves the deadline so that another fits.
    /// @dev Emits {AttemptsVetoed}. Requirements: the caller holds the guardian role; the round is Closed and its
    /// deadline has not passed; at most `MAX_VETOES` a round.
    /// @param roundId Number of the round.
    /// @param reason Why, for the record.
    function veto(uint256 roundId, string calldata reason) external;

    // ---- settlement

    /// @notice Settles a range of stakes, paying each model's current payee; stakes already settled are skipped.
    /// @dev Emits {StakeSettled} a stake, and {PaymentOwed} where a recipient refused ether. Anybody may call.
    /// Requirements: the round is Resolved or Void; enough gas for every recipient's stipend.
    /// Warning: a bonus counts the reputation recorded by then: settle older rounds first, as the tools do.
    /// @param roundId Number of the round.
    /// @param from First place to settle.
    /// @param to Place after the last to settle.
    function settle(uint256 roundId, uint256 from, uint256 to) external;

    /// @notice Settles a stake and stakes the NMR it returns again; ether and bonus go to the payee.
    /// @dev Emits {StakeSettled} and {StakePlaced}, and {PaymentOwed} if the payee refused ether. Requirements: the
    /// caller owns the model; the stake is settleable and
    /// returns at least the new round's minStake; the new round takes the model's stake as in {stake}.
    /// @param fromRound Round of the stake.
    /// @param index Place of the stake in that round.
    /// @param toRound Round to stake in.
    /// @param confidence NMR risked to win one ether in the new round, in wei; above zero.
    /// @param predictionsHash Commitment to the predictions, as in {stake}.
    function restake(
        uint256 fromRound,
        uint256 index,
        uint256 toRound,
        uint96 confidence,
        bytes32 predictionsHash
    ) external;

    /// @notice Gives the caller's ether in a void round back.
    /// @dev Emits {PrizeReclaimed}, and {PaymentOwed} if the caller refused ether. Requirements: the round is Void and the caller contributed.
    /// @param roundId Number of the round.
    function reclaimPrize(uint256 roundId) external;

    /// @notice Gives the caller's NMR in a void round's bonus pool back.
    /// @dev Emits {BonusReclaimed}. Requirements: the round is Void and the caller contributed.
    /// @param roundId Number of the round.
    function reclaimBonus(uint256 roundId) external;

    /// @notice Sends what is left of a resolved round's pools to the treasury, once every stake is settled.
    /// @dev Emits {RemainderSwept}, and {PaymentOwed} if the treasury refused ether. Anybody may call, once. Requirements: the round is Resolved and wholly settled.
    /// @param roundId Number of the round.
    function sweepRemainder(uint256 roundId) external;

    // ---- views

    /// @notice The token that is staked.
    /// @return Address of NMR.
    function nmr() external view returns (INumeraire);

    /// @notice The committee that approves scores.
    /// @return Address of the committee.
    function committee() external view returns (IOracleCommittee);

    /// @notice The account that receives what is left of a resolved round's pools.
    /// @return Address of the treasury.
    function treasury() external view returns (address);

    /// @notice How many rounds were opened; the newest has this number.
    /// @return Number of rounds.
    function roundCount() external view returns (uint256);

    /// @notice How many rounds were resolved; the newest of them has this ordinal.
    /// @return Number of resolved rounds.
    function resolvedCount() external view returns (uint256);

    /// @notice A round.
    /// @param roundId Number of the round.
    /// @return The round; all zero when there is none.
    function getRound(uint256 roundId) external view returns (RoundView memory);

    /// @notice Where a round stands.
    /// @param roundId Number of the round.
    /// @return Status now.
    function roundStatus(uint256 roundId) external view returns (RoundStatus);

    /// @notice What a sponsor can take back from the prize pool if the round becomes void.
    /// @param roundId Number of the round.
    /// @param sponsor Account that contributed.
    /// @return Ether, in wei.
    function prizeContribution(uint256 roundId, address sponsor) external view returns (uint256);

    /// @notice What a sponsor can take back from the bonus pool if the round becomes void.
    /// @param roundId Number of the round.
    /// @param sponsor Account that contributed.
    /// @return NMR, in wei.
    function bonusContribution(uint256 roundId, address sponsor) external view returns (uint256);

    /// @notice A stake.
    /// @dev Reverts with {StakeNotFound} when the round has no such stake.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    /// @return The stake; its amount is zero once settled.
    function getStake(uint256 roundId, uint256 index) external view returns (Stake memory);

    /// @notice A range of stakes.
    /// @dev Reverts with {InvalidRange} when the range does not lie within the round.
    /// @param roundId Number of the round.
    /// @param from First place.
    /// @param to Place after the last.
    /// @return Stakes in order; amounts are zero once settled.
    function getStakes(uint256 roundId, uint256 from, uint256 to) external view returns (Stake[] memory);

    /// @notice A scoring attempt.
    /// @dev Reverts with {AttemptNotFound} when the round has no such attempt.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @return The attempt.
    function getAttempt(uint256 roundId, uint256 attemptId) external view returns (Attempt memory);

    /// @notice The accounts whose code holds an attempt's scores, `CHUNK` a chunk, behind one zero byte.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @return Pointers in order.
    function getChunks(uint256 roundId, uint256 attemptId) external view returns (address[] memory);

    /// @notice The hash that the committee approves:
    /// keccak256(abi.encode(chainid, this, roundId, attemptId, cut, scoresDigest, evidenceHash)).
    /// @dev Reverts with {AttemptNotFound} when the round has no such attempt. It changes until the attempt is complete.
    /// @param roundId Number of the round.
    /// @param attemptId Number of the attempt.
    /// @return Report hash.
    function reportHash(uint256 roundId, uint256 attemptId) external view returns (bytes32);

    /// @notice What the oracle measured for a stake of a resolved round.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    /// @return The score.
    function scoreOf(uint256 roundId, uint256 index) external view returns (Score memory);

    /// @notice What settling a stake would do now.
    /// @dev Requirements: the round is Resolved or Void; the stake is not settled.
    /// @param roundId Number of the round.
    /// @param index Place of the stake in the round.
    /// @return The outcome.
    function previewOutcome(uint256 roundId, uint256 index) external view returns (Outcome memory);
}
