// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";

import {INumeraire} from "./INumeraire.sol";

/// @title Bounty grants
/// @notice NMR for contributions to the codebase: bounties that anybody funds, that a named reviewer awards, and whose
/// awards are paid at once or vest.
/// @dev NMR is in wei, times are in Unix seconds. Nobody has a role here: an issuer posts and may cancel with notice, a
/// reviewer alone decides who is paid, funders take back their share of what was not awarded.
/// Warning: funders and contributors trust the reviewer, who may be the issuer or a contributor as well and can award
/// any submission to any account.
interface IBountyGrants is IERC1363Receiver {
    /// @notice Where a bounty stands.
    /// @dev None: never posted. Open: takes submissions until its deadline. Review: the deadline is over and the
    /// reviewer still has time for what was submitted. Overdue: waits to be expired. Awarded: nothing is left to award.
    /// Cancelled, Expired: closed; funders take back their shares.
    enum BountyStatus {
        None,
        Open,
        Review,
        Overdue,
        Awarded,
        Cancelled,
        Expired
    }

    /// @notice Where a submission stands; only a pending one can be awarded or rejected.
    enum SubmissionStatus {
        None,
        Pending,
        Awarded,
        Rejected
    }

    /// @notice A bounty as read from outside.
    /// @param issuer Account that posted it.
    /// @param reviewer Account that awards and rejects.
    /// @param termsHash Hash of the terms.
    /// @param postedAt When it was posted.
    /// @param deadline Last second to submit.
    /// @param status Where it stands.
    /// @param funded NMR ever put in, in wei.
    /// @param unawarded NMR neither awarded nor taken back, in wei.
    /// @param remainder NMR that was unawarded when the bounty was closed, in wei; zero before.
    /// @param submissionCount Submissions ever made; the newest has this number.
    /// @param pendingCount Submissions neither awarded nor rejected.
    /// @param cancellableFrom First second in which the announced cancellation is possible; zero without one.
    struct BountyView {
        address issuer;
        address reviewer;
        bytes32 termsHash;
        uint40 postedAt;
        uint40 deadline;
        BountyStatus status;
        uint96 funded;
        uint96 unawarded;
        uint96 remainder;
        uint64 submissionCount;
        uint64 pendingCount;
        uint40 cancellableFrom;
    }

    /// @notice Work submitted for a bounty.
    /// @param submitter Account that submitted it.
    /// @param submittedAt When.
    /// @param status Where it stands.
    /// @param contentHash Hash of the work.
    struct Submission {
        address submitter;
        uint40 submittedAt;
        SubmissionStatus status;
        bytes32 contentHash;
    }

    /// @notice An award that vests, in two storage slots.
    /// @param payee Account that is paid.
    /// @param amount NMR awarded, in wei.
    /// @param released NMR paid so far, in wei.
    /// @param startsAt When vesting began.
    /// @param duration Seconds until all is vested.
    /// @param bountyId Bounty it was awarded from.
    struct Grant {
        address payee;
        uint96 amount;
        uint96 released;
        uint40 startsAt;
        uint32 duration;
        uint88 bountyId;
    }

    /// @notice What a reviewer signs instead of calling {award}: EIP-712 type `AwardApproval`.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty.
    /// @param payees Accounts to pay, at most 16, all different.
    /// @param amounts NMR for each of them, in wei.
    /// @param vestingSeconds Seconds over which the awards vest; zero pays at once.
    /// @param nonce Any number the reviewer has not used yet.
    /// @param deadline Last second in which the approval can be redeemed.
    struct AwardApproval {
        uint256 bountyId;
        uint256 submissionId;
        address[] payees;
        uint96[] amounts;
        uint32 vestingSeconds;
        uint256 nonce;
        uint256 deadline;
    }

    /// @notice A bounty was posted.
    /// @param bountyId Number of the bounty, from 1.
    /// @param issuer Account that posted it.
    /// @param reviewer Account that awards and rejects.
    /// @param termsHash Hash of the terms.
    /// @param termsURI Where the terms can be found.
    /// @param deadline Last second to submit.
    event BountyPosted(
        uint256 indexed bountyId,
        address indexed issuer,
        address indexed reviewer,
        bytes32 termsHash,
        string termsURI,
        uint256 deadline
    );

    /// @notice Somebody put NMR into a bounty.
    /// @param bountyId Number of the bounty.
    /// @param funder Account the contribution is recorded for.
    /// @param amount NMR added, in wei.
    event BountyFunded(uint256 indexed bountyId, address indexed funder, uint256 amount);

    /// @notice Work was submitted.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty, from 1.
    /// @param submitter Account that submitted it.
    /// @param contentHash Hash of the work.
    /// @param uri Where the work can be found.
    event WorkSubmitted(
        uint256 indexed bountyId,
        uint256 indexed submissionId,
        address indexed submitter,
        bytes32 contentHash,
        string uri
    );

    /// @notice A submission won.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty.
    /// @param payees Accounts that are paid.
    /// @param amounts NMR for each of them, in wei.
    /// @param vestingSeconds Seconds over which the awards vest; zero when they were paid at once.
    /// @param firstGrantId Grant of the first payee, those of the others follow; zero when they were paid at once.
    event SubmissionAwarded(
        uint256 indexed bountyId,
        uint256 indexed submissionId,
        address[] payees,
        uint96[] amounts,
        uint256 vestingSeconds,
        uint256 firstGrantId
    );

    /// @notice A submission was rejected.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty.
    /// @param reason Why, in the reviewer's words.
    event SubmissionRejected(uint256 indexed bountyId, uint256 indexed submissionId, string reason);

    /// @notice A reviewer's nonce was used by an award, or taken back by the reviewer.
    /// @param reviewer Account whose nonce it is.
    /// @param nonce Number no approval can use any more.
    event NonceUsed(address indexed reviewer, uint256 indexed nonce);

    /// @notice A grant paid what had vested.
    /// @param grantId Number of the grant.
    /// @param payee Account that was paid.
    /// @param amount NMR paid, in wei.
    event GrantReleased(uint256 indexed grantId, address indexed payee, uint256 amount);

    /// @notice A bounty takes submissions for longer.
    /// @param bountyId Number of the bounty.
    /// @param deadline Last second to submit from now on.
    event DeadlineExtended(uint256 indexed bountyId, uint256 deadline);

    /// @notice An issuer gave notice of cancelling a bounty.
    /// @param bountyId Number of the bounty.
    /// @param cancellableFrom First second in which it can be cancelled.
    /// @param cancellableUntil Last second before the notice lapses.
    event CancelAnnounced(uint256 indexed bountyId, uint256 cancellableFrom, uint256 cancellableUntil);

    /// @notice The issuer cancelled a bounty.
    /// @param bountyId Number of the bounty.
    /// @param remainder NMR that funders take back, in wei.
    event BountyCancelled(uint256 indexed bountyId, uint256 remainder);

    /// @notice A bounty expired.
    /// @param bountyId Number of the bounty.
    /// @param remainder NMR that funders take back, in wei.
    event BountyExpired(uint256 indexed bountyId, uint256 remainder);

    /// @notice A funder took a share of the remainder back.
    /// @param bountyId Number of the bounty.
    /// @param funder Account that had contributed.
    /// @param amount NMR given back, in wei.
    event ContributionReclaimed(uint256 indexed bountyId, address indexed funder, uint256 amount);

    /// @notice An address that must be given is zero.
    error ZeroAddress();

    /// @notice An amount that must be given is zero.
    error ZeroAmount();

    /// @notice A hash of terms or of work is missing.
    error ZeroHash();

    /// @notice The deadline is outside its bounds.
    /// @param minimum First second allowed.
    /// @param maximum Last second allowed.
    /// @param actual Second that was given.
    error InvalidDeadline(uint256 minimum, uint256 maximum, uint256 actual);

    /// @notice The call needs an open bounty.
    /// @param bountyId Number of the bounty.
    /// @param actual Status the bounty has.
    error BountyNotOpen(uint256 bountyId, BountyStatus actual);

    /// @notice The reviewer has no say over the bounty now: it is neither Open nor in Review.
    /// @param bountyId Number of the bounty.
    /// @param actual Status the bounty has.
    error BountyNotReviewable(uint256 bountyId, BountyStatus actual);

    /// @notice The bounty is not Overdue, so it does not expire.
    /// @param bountyId Number of the bounty.
    /// @param actual Status the bounty has.
    error BountyNotOverdue(uint256 bountyId, BountyStatus actual);

    /// @notice The bounty is neither Cancelled nor Expired, so nothing goes back.
    /// @param bountyId Number of the bounty.
    /// @param actual Status the bounty has.
    error BountyNotClosed(uint256 bountyId, BountyStatus actual);

    /// @notice The bounty has had its first award and takes no more NMR.
    /// @param bountyId Number of the bounty.
    error FundingClosed(uint256 bountyId);

    /// @notice Only the issuer may do this.
    /// @param issuer Account that posted the bounty.
    /// @param caller Account that called.
    error NotIssuer(address issuer, address caller);

    /// @notice Only the reviewer may do this.
    /// @param reviewer Account that reviews the bounty.
    /// @param caller Account that called.
    error NotReviewer(address reviewer, address caller);

    /// @notice The account submitted this work for this bounty before.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the earlier submission.
    error AlreadySubmitted(uint256 bountyId, uint256 submissionId);

    /// @notice The submission does not exist, or the reviewer has decided on it.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number that was given.
    /// @param actual Status the submission has.
    error SubmissionNotPending(uint256 bountyId, uint256 submissionId, SubmissionStatus actual);

    /// @notice An award has no payee, too many, or another number of amounts.
    /// @param maximum Most payees of an award.
    /// @param payees Payees that were given.
    /// @param amounts Amounts that were given.
    error InvalidSplit(uint256 maximum, uint256 payees, uint256 amounts);

    /// @notice The account cannot be paid: it is zero, or this contract.
    /// @param payee Account that was given.
    error InvalidPayee(address payee);

    /// @notice An account is named twice in one award.
    /// @param payee Account that was given.
    error DuplicatePayee(address payee);

    /// @notice An award vests over too long a time.
    /// @param maximum Longest time, in seconds.
    /// @param actual Time that was given, in seconds.
    error InvalidVesting(uint256 maximum, uint256 actual);

    /// @notice An award is more than what is left.
    /// @param unawarded NMR that is left, in wei.
    /// @param requested NMR that was to be awarded, in wei.
    error AwardAboveUnawarded(uint256 unawarded, uint256 requested);

    /// @notice The approval of an award has expired.
    /// @param deadline Last second in which it could be redeemed.
    /// @param actual Second of the call.
    error ApprovalExpired(uint256 deadline, uint256 actual);

    /// @notice An approval with this nonce was redeemed, or the reviewer took it back.
    /// @param reviewer Account whose nonce it is.
    /// @param nonce Number that was given.
    error NonceAlreadyUsed(address reviewer, uint256 nonce);

    /// @notice The signature is not the reviewer's, or is for another award.
    /// @param reviewer Account that has to sign.
    error InvalidApproval(address reviewer);

    /// @notice There is no such grant.
    /// @param grantId Number that was given.
    error GrantNotFound(uint256 grantId);

    /// @notice Nothing has vested since the grant last paid.
    /// @param grantId Number of the grant.
    error NothingVested(uint256 grantId);

    /// @notice No submission is pending, so the bounty can be cancelled without notice.
    /// @param bountyId Number of the bounty.
    error NoticeNotNeeded(uint256 bountyId);

    /// @notice A notice runs or stands already.
    /// @param cancellableFrom First second in which the bounty can be cancelled.
    /// @param cancellableUntil Last second before the notice lapses.
    error NoticeAlreadyGiven(uint256 cancellableFrom, uint256 cancellableUntil);

    /// @notice A submission is pending and there is no notice, or it lapsed.
    /// @param bountyId Number of the bounty.
    error NoticeNotGiven(uint256 bountyId);

    /// @notice The notice is still running.
    /// @param cancellableFrom First second in which the bounty can be cancelled.
    /// @param actual Second of the call.
    error NoticeRunning(uint256 cancellableFrom, uint256 actual);

    /// @notice The caller has nothing to take back.
    /// @param bountyId Number of the bounty.
    /// @param funder Account that called.
    error NothingToReclaim(uint256 bountyId, address funder);

    /// @notice Only NMR may call back with a transfer.
    /// @param caller Account that called.
    error NotNumeraire(address caller);

    /// @notice Only the holder of the tokens may spend them by a transfer.
    /// @param operator Account that made the transfer.
    /// @param from Account the tokens came from.
    error OperatorNotSender(address operator, address from);

    /// @notice The data of a transfer is neither a bounty to fund nor one to post.
    /// @param minimum Least length of `abi.encode(termsHash, termsURI, deadline, reviewer)`, in bytes.
    /// @param actual Length that was given, in bytes.
    error InvalidTransferData(uint256 minimum, uint256 actual);

    // ---- funding

    /// @notice Posts a bounty and puts the first NMR in.
    /// @dev Emits {BountyPosted} and {BountyFunded}. The terms never change. Requirements: the caller approved the NMR;
    /// the deadline lies after now and at most `MAX_DURATION` ahead; no hash, amount or reviewer is zero.
    /// @param termsHash Hash of the terms.
    /// @param termsURI Where the terms can be found.
    /// @param amount NMR to put in, in wei.
    /// @param deadline Last second to submit.
    /// @param reviewer Account that awards and rejects: a person, or a wallet with ERC-1271 signatures.
    /// @return bountyId Number of the bounty, from 1.
    function post(
        bytes32 termsHash,
        string calldata termsURI,
        uint96 amount,
        uint40 deadline,
        address reviewer
    ) external returns (uint256 bountyId);

    /// @notice {post}, with the approval of the NMR by an ERC-2612 signature.
    /// @dev Emits {BountyPosted} and {BountyFunded}. A permit that somebody else used first does no harm.
    /// @param termsHash Hash of the terms.
    /// @param termsURI Where the terms can be found.
    /// @param amount NMR to put in, in wei.
    /// @param deadline Last second to submit.
    /// @param reviewer Account that awards and rejects.
    /// @param permitDeadline Last second in which the signature is valid.
    /// @param v Recovery byte of the signature.
    /// @param r First half of the signature.
    /// @param s Second half of the signature.
    /// @return bountyId Number of the bounty, from 1.
    function postWithPermit(
        bytes32 termsHash,
        string calldata termsURI,
        uint96 amount,
        uint40 deadline,
        address reviewer,
        uint256 permitDeadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 bountyId);

    /// @notice Puts more NMR into a bounty.
    /// @dev Emits {BountyFunded}. Requirements: the bounty is Open and nothing was awarded yet, so that who comes later
    /// does not pay for an earlier award; the caller approved the NMR.
    /// @param bountyId Number of the bounty.
    /// @param amount NMR to add, in wei; above zero.
    function fund(uint256 bountyId, uint96 amount) external;

    // ---- contributing

    /// @notice Submits work.
    /// @dev Emits {WorkSubmitted}. Requirements: the bounty is Open; the caller has not submitted the same work for it.
    /// Others may submit the same work: which submission wins is the reviewer's to say.
    /// Warning: a submission made while a notice of cancelling stands does not stop the cancellation.
    /// @param bountyId Number of the bounty.
    /// @param contentHash Hash of the work; not zero.
    /// @param uri Where the work can be found.
    /// @return submissionId Number of the submission in the bounty, from 1.
    function submit(uint256 bountyId, bytes32 contentHash, string calldata uri) external returns (uint256 submissionId);

    /// @notice Pays what a grant has vested; anybody may call.
    /// @dev Emits {GrantReleased}. Requirements: something has vested since the last time.
    /// @param grantId Number of the grant.
    function release(uint256 grantId) external;

    // ---- reviewing

    /// @notice Awards NMR for a submission, once.
    /// @dev Emits {SubmissionAwarded}. Requirements: the caller is the reviewer; the bounty is Open or in Review; the
    /// submission is pending; 1 to 16 different payees, each with an amount above zero; the sum is at most what is
    /// unawarded; vesting takes at most `MAX_VESTING`.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty.
    /// @param payees Accounts to pay.
    /// @param amounts NMR for each of them, in wei.
    /// @param vestingSeconds Seconds over which the awards vest; zero pays at once.
    function award(
        uint256 bountyId,
        uint256 submissionId,
        address[] calldata payees,
        uint96[] calldata amounts,
        uint32 vestingSeconds
    ) external;

    /// @notice {award} by the reviewer's EIP-712 signature; anybody may call.
    /// @dev Emits {NonceUsed} and {SubmissionAwarded}. Requirements: those of {award}; the approval has not expired; its
    /// nonce is unused; the signature is the reviewer's, by ERC-1271 if the reviewer is a contract.
    /// @param approval What the reviewer signed.
    /// @param signature The reviewer's signature.
    function awardBySig(AwardApproval calldata approval, bytes calldata signature) external;

    /// @notice Makes every approval of the caller with this nonce worthless.
    /// @dev Emits {NonceUsed}. Requirements: the nonce is unused.
    /// @param nonce Number the caller signed, or might have.
    function revokeApproval(uint256 nonce) external;

    /// @notice Turns a submission down for good.
    /// @dev Emits {SubmissionRejected}. Requirements: the caller is the reviewer; the bounty is Open or in Review; the
    /// submission is pending.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty.
    /// @param reason Why, for the record.
    function reject(uint256 bountyId, uint256 submissionId, string calldata reason) external;

    // ---- closing

    /// @notice Moves the deadline to a later second.
    /// @dev Emits {DeadlineExtended}. Requirements: the caller is the issuer; the bounty is Open; the deadline is later
    /// than the present one and at most `MAX_DURATION` after posting, so that funders know how long they may wait.
    /// @param bountyId Number of the bounty.
    /// @param newDeadline Last second to submit from now on.
    function extend(uint256 bountyId, uint40 newDeadline) external;

    /// @notice Gives notice of cancelling a bounty for which submissions are pending.
    /// @dev Emits {CancelAnnounced}. Requirements: the caller is the issuer; the bounty is Open; a submission is pending;
    /// no earlier notice runs or stands.
    /// @param bountyId Number of the bounty.
    function announceCancel(uint256 bountyId) external;

    /// @notice Closes a bounty; what was awarded stays awarded.
    /// @dev Emits {BountyCancelled}. Requirements: the caller is the issuer; the bounty is Open; no submission is pending,
    /// or `NOTICE_PERIOD` has passed since the announcement and at most `CANCEL_WINDOW` since then.
    /// @param bountyId Number of the bounty.
    function cancel(uint256 bountyId) external;

    /// @notice Closes a bounty whose time is over; anybody may call.
    /// @dev Emits {BountyExpired}. Requirements: the bounty is Overdue: its deadline has passed and no submission is
    /// pending, or `REVIEW_PERIOD` has passed as well.
    /// @param bountyId Number of the bounty.
    function expire(uint256 bountyId) external;

    /// @notice Gives the caller its share of a closed bounty: contribution × remainder / funded, rounded down.
    /// @dev Emits {ContributionReclaimed}. The share does not depend on who comes first. Requirements: the bounty is
    /// Cancelled or Expired; the caller contributed and has not come before.
    /// @param bountyId Number of the bounty.
    function reclaim(uint256 bountyId) external;

    // ---- views

    /// @notice The token of the bounties.
    /// @return Address of NMR.
    function nmr() external view returns (INumeraire);

    /// @notice How many bounties were posted; the newest has this number.
    /// @return Number of bounties.
    function bountyCount() external view returns (uint256);

    /// @notice How many grants vest or have vested; the newest has this number.
    /// @return Number of grants.
    function grantCount() external view returns (uint256);

    /// @notice A bounty.
    /// @param bountyId Number of the bounty.
    /// @return The bounty; all zero when there is none.
    function getBounty(uint256 bountyId) external view returns (BountyView memory);

    /// @notice A submission.
    /// @param bountyId Number of the bounty.
    /// @param submissionId Number of the submission in the bounty.
    /// @return The submission; all zero when there is none.
    function getSubmission(uint256 bountyId, uint256 submissionId) external view returns (Submission memory);

    /// @notice A grant.
    /// @dev Reverts with {GrantNotFound} when there is none.
    /// @param grantId Number of the grant.
    /// @return The grant.
    function getGrant(uint256 grantId) external view returns (Grant memory);

    /// @notice What a grant would pay now: amount × elapsed / duration, rounded down, less what was paid.
    /// @dev Reverts with {GrantNotFound} when there is none.
    /// @param grantId Number of the grant.
    /// @return NMR, in wei.
    function releasable(uint256 grantId) external view returns (uint256);

    /// @notice What a funder put into a bounty and has not taken a share of.
    /// @param bountyId Number of the bounty.
    /// @param funder Account that contributed.
    /// @return NMR, in wei.
    function contributions(uint256 bountyId, address funder) external view returns (uint256);

    /// @notice Whether a nonce of a reviewer was used or taken back.
    /// @param reviewer Account whose nonce it is.
    /// @param nonce Number to look up.
    /// @return True when no approval can use it any more.
    function isNonceUsed(address reviewer, uint256 nonce) external view returns (bool);

    /// @notice The EIP-712 hash that the reviewer signs.
    /// @param approval What is approved.
    /// @return Hash of domain and approval.
    function approvalHash(AwardApproval calldata approval) external view returns (bytes32);
}
