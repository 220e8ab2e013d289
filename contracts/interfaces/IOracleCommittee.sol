// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Oracle committee
/// @notice m-of-n agreement on 32-byte report hashes.
/// @dev Each membership owns a bit that is never used again, so an account that is removed, or removed and added
/// again, inherits no approval. An approval counts only while the membership that gave it lasts.
interface IOracleCommittee {
    /// @notice A member agreed with a report.
    /// @param reportHash Hash of the report.
    /// @param member Member that approved.
    event ReportApproved(bytes32 indexed reportHash, address indexed member);

    /// @notice A member took an approval back.
    /// @param reportHash Hash of the report.
    /// @param member Member that no longer approves.
    event ApprovalRevoked(bytes32 indexed reportHash, address indexed member);

    /// @notice An account joined the committee.
    /// @param member Account that joined.
    /// @param ordinal Bit that stands for this membership, 0–255.
    /// @param quorum Approvals a report needs from now on.
    event MemberAdded(address indexed member, uint256 ordinal, uint256 quorum);

    /// @notice A member left the committee; every approval it gave stops counting.
    /// @param member Account that left.
    /// @param ordinal Bit that stood for this membership.
    /// @param quorum Approvals a report needs from now on.
    event MemberRemoved(address indexed member, uint256 ordinal, uint256 quorum);

    /// @notice The quorum changed while the members stayed.
    /// @param quorum Approvals a report needs from now on.
    event QuorumChanged(uint256 quorum);

    /// @notice The account is no member.
    /// @param account Account that was given.
    error NotMember(address account);

    /// @notice The account is a member already.
    /// @param account Account that was given.
    error AlreadyMember(address account);

    /// @notice The zero address cannot be a member.
    error ZeroMember();

    /// @notice The committee would have more members than allowed.
    /// @param maximum Most members at a time.
    /// @param members Members it would have.
    error TooManyMembers(uint256 maximum, uint256 members);

    /// @notice Every membership bit has been used; a new committee is needed to add members.
    /// @param maximum Memberships one committee can ever have.
    error MembershipsExhausted(uint256 maximum);

    /// @notice A quorum must be a strict majority of the members and at most all of them.
    /// @param quorum Quorum that was given.
    /// @param members Members it would apply to.
    error InvalidQuorum(uint256 quorum, uint256 members);

    /// @notice The member approved this report before.
    /// @param reportHash Hash of the report.
    /// @param member Member that called.
    error AlreadyApproved(bytes32 reportHash, address member);

    /// @notice The member has no approval of this report to take back.
    /// @param reportHash Hash of the report.
    /// @param member Member that called.
    error ApprovalNotFound(bytes32 reportHash, address member);

    /// @notice Agrees with a report.
    /// @dev Emits {ReportApproved}. Requirements: the caller is a member and has not approved this report.
    /// @param reportHash Hash of the report.
    function approve(bytes32 reportHash) external;

    /// @notice Takes the caller's approval of a report back.
    /// @dev Emits {ApprovalRevoked}. Requirements: the caller is a member whose approval of this report stands.
    /// @param reportHash Hash of the report.
    function revokeApproval(bytes32 reportHash) external;

    /// @notice Adds a member and sets the quorum.
    /// @dev Emits {MemberAdded}. Requirements: the caller holds the committee admin role.
    /// @param member Account that joins.
    /// @param newQuorum Approvals a report needs from now on; 2 × quorum > members ≥ quorum.
    function addMember(address member, uint256 newQuorum) external;

    /// @notice Removes a member, with every approval it gave, and sets the quorum.
    /// @dev Emits {MemberRemoved}. Requirements: the caller holds the committee admin role.
    /// @param member Account that leaves.
    /// @param newQuorum Approvals a report needs from now on; 2 × quorum > members ≥ quorum.
    function removeMember(address member, uint256 newQuorum) external;

    /// @notice Changes the quorum.
    /// @dev Emits {QuorumChanged}. Requirements: the caller holds the committee admin role.
    /// Warning: a lower quorum applies to reports that were approved before.
    /// @param newQuorum Approvals a report needs from now on; 2 × quorum > members ≥ quorum.
    function setQuorum(uint256 newQuorum) external;

    /// @notice Whether an account is a member now.
    /// @param account Account to look up.
    /// @return True for a member.
    function isMember(address account) external view returns (bool);

    /// @notice How many current members approve a report.
    /// @param reportHash Hash of the report.
    /// @return Number of approvals that count.
    function approvals(bytes32 reportHash) external view returns (uint256);

    /// @notice Whether one member's approval of a report counts.
    /// @param reportHash Hash of the report.
    /// @param member Member to look up.
    /// @return True when the account is a member and approved during this membership.
    function hasApproved(bytes32 reportHash, address member) external view returns (bool);

    /// @notice Whether a report has its quorum.
    /// @param reportHash Hash of the report.
    /// @return True when {approvals} is at least {quorum}.
    function isApproved(bytes32 reportHash) external view returns (bool);

    /// @notice The members, in no particular order.
    /// @return Accounts, at most 32.
    function members() external view returns (address[] memory);

    /// @notice Approvals a report needs.
    /// @return Number of members.
    function quorum() external view returns (uint256);
}
