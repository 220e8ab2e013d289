// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Bounties} from "./Bounties.sol";
import {VestingGrants} from "./VestingGrants.sol";
import {IBountyGrants} from "./interfaces/IBountyGrants.sol";
import {INumeraire} from "./interfaces/INumeraire.sol";

/// @title Bounty grants
/// @notice NMR for contributions to the codebase: bounties that anybody funds, that a named reviewer awards, and whose
/// awards are paid at once or vest.
contract BountyGrants is Bounties, EIP712 {
    /// @notice Most payees of one award.
    uint256 public constant MAX_PAYEES = 16;
    /// @notice EIP-712 type of what a reviewer signs.
    bytes32 public constant APPROVAL_TYPEHASH = keccak256(
        "AwardApproval(uint256 bountyId,uint256 submissionId,address[] payees,uint96[] amounts,uint32 vestingSeconds,uint256 nonce,uint256 deadline)"
    );

    mapping(uint256 bountyId => mapping(uint256 submissionId => Submission)) private _submissions;
    /// @dev The submission of the same work by the same account for the same bounty.
    mapping(bytes32 key => uint256 submissionId) private _submitted;
    /// @inheritdoc IBountyGrants
    mapping(address reviewer => mapping(uint256 nonce => bool)) public isNonceUsed;

    /// @param nmr_ Token of the bounties.
    constructor(INumeraire nmr_) VestingGrants(nmr_) EIP712("Numeraire Bounty Grants", "1") {}

    /// @inheritdoc IBountyGrants
    function submit(
        uint256 bountyId,
        bytes32 contentHash,
        string calldata uri
    ) external nonReentrant returns (uint256 submissionId) {
        Bounty storage bounty = _requireOpen(bountyId);
        if (contentHash == 0) revert ZeroHash();
        // By submitter as well: nobody blocks an author by submitting the author's work first.
        bytes32 key = keccak256(abi.encode(bountyId, msg.sender, contentHash));
        if (_submitted[key] != 0) revert AlreadySubmitted(bountyId, _submitted[key]);

        submissionId = ++bounty.submissionCount;
        ++bounty.pendingCount;
        _submitted[key] = submissionId;
        _submissions[bountyId][submissionId] = Submission({
            submitter: msg.sender,
            submittedAt: uint40(block.timestamp), // below the year 36,812
            status: SubmissionStatus.Pending,
            contentHash: contentHash
        });
        emit WorkSubmitted(bountyId, submissionId, msg.sender, contentHash, uri);
    }

    /// @inheritdoc IBountyGrants
    function award(
        uint256 bountyId,
        uint256 submissionId,
        address[] calldata payees,
        uint96[] calldata amounts,
        uint32 vestingSeconds
    ) external nonReentrant {
        _requireReviewer(_requireReviewable(bountyId));
        _award(bountyId, submissionId, payees, amounts, vestingSeconds);
    }

    /// @inheritdoc IBountyGrants
    function awardBySig(AwardApproval calldata approval, bytes calldata signature) external nonReentrant {
        address reviewer = _requireReviewable(approval.bountyId).reviewer;
        if (block.timestamp > approval.deadline) revert ApprovalExpired(approval.deadline, block.timestamp);
        _useNonce(reviewer, approval.nonce);
        // A contract is asked by a static call: it cannot act while it answers.
        if (!SignatureChecker.isValidSignatureNowCalldata(reviewer, approvalHash(approval), signature)) {
            revert InvalidApproval(reviewer);
        }
        _award(approval.bountyId, approval.submissionId, approval.payees, approval.amounts, approval.vestingSeconds);
    }

    /// @inheritdoc IBountyGrants
    function revokeApproval(uint256 nonce) external nonReentrant {
        _useNonce(msg.sender, nonce);
    }

    /// @inheritdoc IBountyGrants
    function reject(uint256 bountyId, uint256 submissionId, string calldata reason) external nonReentrant {
        Bounty storage bounty = _requireReviewable(bountyId);
        _requireReviewer(bounty);

        _decide(bounty, bountyId, submissionId, SubmissionStatus.Rejected);
        emit SubmissionRejected(bountyId, submissionId, reason);
    }

    /// @inheritdoc IBountyGrants
    function getSubmission(uint256 bountyId, uint256 submissionId) external view returns (Submission memory) {
        return _submissions[bountyId][submissionId];
    }

    /// @inheritdoc IBountyGrants
    function approvalHash(AwardApproval calldata approval) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        APPROVAL_TYPEHASH,
                        approval.bountyId,
                        approval.submissionId,
                        // EIP-712 hashes an array as its elements, 32 bytes each.
                        keccak256(abi.encodePacked(approval.payees)),
                        keccak256(abi.encodePacked(approval.amounts)),
                        approval.vestingSeconds,
                        approval.nonce,
                        approval.deadline
                    )
                )
            );
    }

    /// @dev Awards a submission of a bounty that is Open or in Review, in the name of its reviewer.
    function _award(
        uint256 bountyId,
        uint256 submissionId,
        address[] calldata payees,
        uint96[] calldata amounts,
        uint32 vestingSeconds
    ) private {
        Bounty storage bounty = _bounties[bountyId];
        if (vestingSeconds > MAX_VESTING) revert InvalidVesting(MAX_VESTING, vestingSeconds);
        uint256 total = _sumOf(payees, amounts);
        if (total > bounty.unawarded) revert AwardAboveUnawarded(bounty.unawarded, total);

        _decide(bounty, bountyId, submissionId, SubmissionStatus.Awarded);
        bounty.unawarded -= uint96(total); // at most unawarded
        uint256 firstGrantId = vestingSeconds == 0 ? 0 : _vest(bountyId, payees, amounts, vestingSeconds);
        emit SubmissionAwarded(bountyId, submissionId, payees, amounts, vestingSeconds, firstGrantId);

        if (vestingSeconds > 0) return;
        // NMR reverts on failure and calls nobody back.
        for (uint256 i = 0; i < payees.length; ++i) nmr.transfer(payees[i], amounts[i]);
    }

    /// @dev Takes a submission out of those that are pending, for good.
    function _decide(Bounty storage bounty, uint256 bountyId, uint256 submissionId, SubmissionStatus decision) private {
        Submission storage submission = _submissions[bountyId][submissionId];
        if (submission.status != SubmissionStatus.Pending) {
            revert SubmissionNotPending(bountyId, submissionId, submission.status);
        }
        submission.status = decision;
        --bounty.pendingCount;
    }

    function _useNonce(address reviewer, uint256 nonce) private {
        if (isNonceUsed[reviewer][nonce]) revert NonceAlreadyUsed(reviewer, nonce);
        isNonceUsed[reviewer][nonce] = true;
        emit NonceUsed(reviewer, nonce);
    }

    /// @dev Checks a split and adds it up; 16 amounts of 96 bits cannot overflow.
    function _sumOf(address[] calldata payees, uint96[] calldata amounts) private view returns (uint256 total) {
        uint256 count = payees.length;
        if (count == 0 || count > MAX_PAYEES || count != amounts.length) {
            revert InvalidSplit(MAX_PAYEES, count, amounts.length);
        }
        for (uint256 i = 0; i < count; ++i) {
            address payee = payees[i];
            if (payee == address(0) || payee == address(this)) revert InvalidPayee(payee);
            if (amounts[i] == 0) revert ZeroAmount();
            for (uint256 j = 0; j < i; ++j) {
                if (payees[j] == payee) revert DuplicatePayee(payee);
            }
            total += amounts[i];
        }
    }

    function _requireReviewable(uint256 bountyId) private view returns (Bounty storage bounty) {
        bounty = _bounties[bountyId];
        BountyStatus status = _status(bounty);
        if (status != BountyStatus.Open && status != BountyStatus.Review) revert BountyNotReviewable(bountyId, status);
    }

    function _requireReviewer(Bounty storage bounty) private view {
        if (msg.sender != bounty.reviewer) revert NotReviewer(bounty.reviewer, msg.sender);
    }
}
