// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {VestingGrants} from "./VestingGrants.sol";
import {IBountyGrants} from "./interfaces/IBountyGrants.sol";

/// @title Bounties
/// @notice The calendar and the money of bounties: posting, funding, extending and closing them, and giving back what
/// was not awarded.
abstract contract Bounties is VestingGrants {
    using SafeCast for uint256;

    /// @dev How a bounty was closed, if it was.
    enum Ending {
        Pending,
        Cancelled,
        Expired
    }

    /// @dev Sums are the contract's own account of NMR put in and out, never its balance.
    struct Bounty {
        address issuer;
        uint40 postedAt;
        uint40 deadline;
        // second slot
        address reviewer;
        uint96 funded;
        // third slot
        uint96 unawarded;
        uint96 remainder;
        uint40 cancellableFrom;
        Ending ending;
        // fourth slot
        uint64 submissionCount;
        uint64 pendingCount;
        // fifth slot
        bytes32 termsHash;
    }

    /// @notice Longest time from posting to the deadline, however often it is extended.
    uint256 public constant MAX_DURATION = 2 * 365 days;
    /// @notice Time after the deadline in which the reviewer can still award what was submitted.
    uint256 public constant REVIEW_PERIOD = 14 days;
    /// @notice Time from announcing a cancellation to cancelling, while a submission is pending.
    uint256 public constant NOTICE_PERIOD = 7 days;
    /// @notice Time after the notice in which the bounty can be cancelled; then the notice lapses.
    uint256 public constant CANCEL_WINDOW = 7 days;
    /// @dev Length of `abi.encode(bountyId)`: a transfer with such data funds.
    uint256 private constant FUND_DATA_LENGTH = 32;
    /// @dev Length of `abi.encode(termsHash, "", deadline, reviewer)`: a transfer with such data, or more, posts.
    uint256 private constant MIN_POST_DATA_LENGTH = 160;

    /// @inheritdoc IBountyGrants
    uint256 public bountyCount;
    mapping(uint256 bountyId => Bounty) internal _bounties;
    /// @inheritdoc IBountyGrants
    mapping(uint256 bountyId => mapping(address funder => uint256 amount)) public contributions;

    /// @inheritdoc IBountyGrants
    function post(
        bytes32 termsHash,
        string calldata termsURI,
        uint96 amount,
        uint40 deadline,
        address reviewer
    ) public nonReentrant returns (uint256 bountyId) {
        bountyId = _post(msg.sender, termsHash, termsURI, amount, deadline, reviewer);

        // NMR reverts on failure and calls nobody back.
        nmr.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IBountyGrants
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
    ) external returns (uint256 bountyId) {
        // Whoever saw the signature may have used it first; then the allowance is there already.
        try nmr.permit(msg.sender, address(this), amount, permitDeadline, v, r, s) {} catch {}
        return post(termsHash, termsURI, amount, deadline, reviewer);
    }

    /// @inheritdoc IBountyGrants
    function fund(uint256 bountyId, uint96 amount) external nonReentrant {
        _fund(bountyId, msg.sender, amount);

        // NMR reverts on failure and calls nobody back.
        nmr.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IERC1363Receiver
    /// @dev Spends NMR that `nmr.transferAndCall(bounties, amount, data)` just moved here: data of
    /// `abi.encode(bountyId)` funds, of `abi.encode(termsHash, termsURI, deadline, reviewer)` posts. The holder itself
    /// must have made the transfer: somebody with an allowance must not choose the bounty.
    function onTransferReceived(
        address operator,
        address from,
        uint256 value,
        bytes calldata data
    ) external nonReentrant returns (bytes4) {
        if (msg.sender != address(nmr)) revert NotNumeraire(msg.sender);
        if (operator != from) revert OperatorNotSender(operator, from);
        uint96 amount = value.toUint96();

        if (data.length == FUND_DATA_LENGTH) {
            _fund(abi.decode(data, (uint256)), from, amount);
        } else {
            if (data.length < MIN_POST_DATA_LENGTH) revert InvalidTransferData(MIN_POST_DATA_LENGTH, data.length);
            (bytes32 termsHash, string memory termsURI, uint256 deadline, address reviewer) = abi.decode(
                data,
                (bytes32, string, uint256, address)
            );
            _post(from, termsHash, termsURI, amount, deadline, reviewer);
        }
        return IERC1363Receiver.onTransferReceived.selector;
    }

    /// @inheritdoc IBountyGrants
    function extend(uint256 bountyId, uint40 newDeadline) external nonReentrant {
        Bounty storage bounty = _requireOpen(bountyId);
        _requireIssuer(bounty);
        uint256 latest = bounty.postedAt + MAX_DURATION;
        if (newDeadline <= bounty.deadline || newDeadline > latest) {
            revert InvalidDeadline(uint256(bounty.deadline) + 1, latest, newDeadline);
        }

        bounty.deadline = newDeadline;
        emit DeadlineExtended(bountyId, newDeadline);
    }

    /// @inheritdoc IBountyGrants
    function announceCancel(uint256 bountyId) external nonReentrant {
        Bounty storage bounty = _requireOpen(bountyId);
        _requireIssuer(bounty);
        if (bounty.pendingCount == 0) revert NoticeNotNeeded(bountyId);
        uint256 until = bounty.cancellableFrom + CANCEL_WINDOW;
        if (block.timestamp <= until) revert NoticeAlreadyGiven(bounty.cancellableFrom, until);

        uint256 from = block.timestamp + NOTICE_PERIOD;
        bounty.cancellableFrom = uint40(from); // below the year 36,812
        emit CancelAnnounced(bountyId, from, from + CANCEL_WINDOW);
    }

    /// @inheritdoc IBountyGrants
    function cancel(uint256 bountyId) external nonReentrant {
        Bounty storage bounty = _requireOpen(bountyId);
        _requireIssuer(bounty);
        if (bounty.pendingCount > 0) {
            uint256 from = bounty.cancellableFrom;
            // Without a notice `from` is zero, as long past as one that lapsed.
            if (block.timestamp > from + CANCEL_WINDOW) revert NoticeNotGiven(bountyId);
            if (block.timestamp < from) revert NoticeRunning(from, block.timestamp);
        }

        _close(bounty, Ending.Cancelled);
        emit BountyCancelled(bountyId, bounty.remainder);
    }

    /// @inheritdoc IBountyGrants
    function expire(uint256 bountyId) external nonReentrant {
        Bounty storage bounty = _bounties[bountyId];
        BountyStatus status = _status(bounty);
        if (status != BountyStatus.Overdue) revert BountyNotOverdue(bountyId, status);

        _close(bounty, Ending.Expired);
        emit BountyExpired(bountyId, bounty.remainder);
    }

    /// @inheritdoc IBountyGrants
    function reclaim(uint256 bountyId) external nonReentrant {
        Bounty storage bounty = _bounties[bountyId];
        if (bounty.ending == Ending.Pending) revert BountyNotClosed(bountyId, _status(bounty));
        uint256 contribution = contributions[bountyId][msg.sender];
        if (contribution == 0) revert NothingToReclaim(bountyId, msg.sender);

        delete contributions[bountyId][msg.sender];
        // Rounded down, so that all shares together are at most the remainder.
        uint256 amount = (contribution * bounty.remainder) / bounty.funded;
        bounty.unawarded -= uint96(amount); // at most the remainder
        emit ContributionReclaimed(bountyId, msg.sender, amount);

        nmr.transfer(msg.sender, amount);
    }

    /// @inheritdoc IBountyGrants
    function getBounty(uint256 bountyId) external view returns (BountyView memory) {
        Bounty storage bounty = _bounties[bountyId];
        return
            BountyView({
                issuer: bounty.issuer,
                reviewer: bounty.reviewer,
                termsHash: bounty.termsHash,
                postedAt: bounty.postedAt,
                deadline: bounty.deadline,
                status: _status(bounty),
                funded: bounty.funded,
                unawarded: bounty.unawarded,
                remainder: bounty.remainder,
                submissionCount: bounty.submissionCount,
                pendingCount: bounty.pendingCount,
                cancellableFrom: bounty.cancellableFrom
            });
    }

    /// @dev Effects of posting; the NMR is the caller's to move.
    function _post(
        address issuer,
        bytes32 termsHash,
        string memory termsURI,
        uint96 amount,
        uint256 deadline,
        address reviewer
    ) private returns (uint256 bountyId) {
        if (termsHash == 0) revert ZeroHash();
        if (reviewer == address(0)) revert ZeroAddress();
        uint256 latest = block.timestamp + MAX_DURATION;
        if (deadline <= block.timestamp || deadline > latest) {
            revert InvalidDeadline(block.timestamp + 1, latest, deadline);
        }
        if (amount == 0) revert ZeroAmount();

        bountyId = ++bountyCount;
        Bounty storage bounty = _bounties[bountyId];
        bounty.issuer = issuer;
        bounty.postedAt = uint40(block.timestamp); // below the year 36,812
        bounty.deadline = uint40(deadline); // at most two years ahead
        bounty.reviewer = reviewer;
        bounty.termsHash = termsHash;
        emit BountyPosted(bountyId, issuer, reviewer, termsHash, termsURI, deadline);
        _deposit(bounty, bountyId, issuer, amount);
    }

    /// @dev Effects of funding; the NMR is the caller's to move.
    function _fund(uint256 bountyId, address funder, uint96 amount) private {
        Bounty storage bounty = _requireOpen(bountyId);
        // Who comes after an award would pay for it with a share of the refund.
        if (bounty.unawarded != bounty.funded) revert FundingClosed(bountyId);
        if (amount == 0) revert ZeroAmount();
        _deposit(bounty, bountyId, funder, amount);
    }

    /// @dev Nothing is awarded yet, so `funded` and `unawarded` are the same.
    function _deposit(Bounty storage bounty, uint256 bountyId, address funder, uint96 amount) private {
        uint96 funded = (uint256(bounty.funded) + amount).toUint96();
        (bounty.funded, bounty.unawarded) = (funded, funded);
        contributions[bountyId][funder] += amount;
        emit BountyFunded(bountyId, funder, amount);
    }

    /// @dev Fixes what funders share; their shares are computed from this, whoever comes first.
    function _close(Bounty storage bounty, Ending ending) private {
        bounty.remainder = bounty.unawarded;
        bounty.ending = ending;
    }

    function _status(Bounty storage bounty) internal view returns (BountyStatus) {
        Ending ending = bounty.ending;
        if (ending == Ending.Cancelled) return BountyStatus.Cancelled;
        if (ending == Ending.Expired) return BountyStatus.Expired;
        uint256 deadline = bounty.deadline;
        if (deadline == 0) return BountyStatus.None;
        if (bounty.unawarded == 0) return BountyStatus.Awarded;
        if (block.timestamp <= deadline) return BountyStatus.Open;
        // Everything pending was submitted in time.
        bool inReview = bounty.pendingCount > 0 && block.timestamp <= deadline + REVIEW_PERIOD;
        return inReview ? BountyStatus.Review : BountyStatus.Overdue;
    }

    function _requireOpen(uint256 bountyId) internal view returns (Bounty storage bounty) {
        bounty = _bounties[bountyId];
        BountyStatus status = _status(bounty);
        if (status != BountyStatus.Open) revert BountyNotOpen(bountyId, status);
    }

    function _requireIssuer(Bounty storage bounty) private view {
        if (msg.sender != bounty.issuer) revert NotIssuer(bounty.issuer, msg.sender);
    }
}
