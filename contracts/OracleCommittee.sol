// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {IOracleCommittee} from "./interfaces/IOracleCommittee.sol";

/// @title Oracle committee
/// @notice m-of-n agreement on 32-byte report hashes.
contract OracleCommittee is IOracleCommittee, AccessManaged {
    /// @notice Most members at a time.
    uint256 public constant MAX_MEMBERS = 32;
    /// @notice Memberships one committee can ever have: the bits of a word.
    uint256 public constant MAX_MEMBERSHIPS = 256;

    /// @inheritdoc IOracleCommittee
    uint256 public quorum;
    /// @dev One bit for each membership that lasts.
    uint256 private _active;
    /// @dev Memberships ever begun: the ordinal of the next one.
    uint256 private _memberships;
    address[] private _members;
    /// @dev The bit of a current member; zero for everybody else.
    mapping(address member => uint256 bit) private _bitOf;
    mapping(bytes32 reportHash => uint256 bits) private _approvals;

    /// @param authority AccessManager that says who may change the committee.
    /// @param initialMembers First members, at most 32, all different.
    /// @param initialQuorum Approvals a report needs.
    constructor(address authority, address[] memory initialMembers, uint256 initialQuorum) AccessManaged(authority) {
        for (uint256 i = 0; i < initialMembers.length; ++i) {
            uint256 ordinal = _join(initialMembers[i]);
            emit MemberAdded(initialMembers[i], ordinal, initialQuorum);
        }
        _setQuorum(initialQuorum);
    }

    /// @inheritdoc IOracleCommittee
    function approve(bytes32 reportHash) external {
        uint256 bit = _requireMember(msg.sender);
        uint256 bits = _approvals[reportHash];
        if (bits & bit != 0) revert AlreadyApproved(reportHash, msg.sender);
        _approvals[reportHash] = bits | bit;
        emit ReportApproved(reportHash, msg.sender);
    }

    /// @inheritdoc IOracleCommittee
    function revokeApproval(bytes32 reportHash) external {
        uint256 bit = _requireMember(msg.sender);
        uint256 bits = _approvals[reportHash];
        if (bits & bit == 0) revert ApprovalNotFound(reportHash, msg.sender);
        _approvals[reportHash] = bits & ~bit;
        emit ApprovalRevoked(reportHash, msg.sender);
    }

    /// @inheritdoc IOracleCommittee
    function addMember(address member, uint256 newQuorum) external restricted {
        uint256 ordinal = _join(member);
        _setQuorum(newQuorum);
        emit MemberAdded(member, ordinal, newQuorum);
    }

    /// @inheritdoc IOracleCommittee
    function removeMember(address member, uint256 newQuorum) external restricted {
        uint256 bit = _requireMember(member);
        _active &= ~bit;
        delete _bitOf[member];
        uint256 last = _members.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (_members[i] == member) {
                _members[i] = _members[last];
                break;
            }
        }
        _members.pop();
        _setQuorum(newQuorum);
        emit MemberRemoved(member, LibBit.ffs(bit), newQuorum);
    }

    /// @inheritdoc IOracleCommittee
    function setQuorum(uint256 newQuorum) external restricted {
        _setQuorum(newQuorum);
        emit QuorumChanged(newQuorum);
    }

    /// @inheritdoc IOracleCommittee
    function isMember(address account) external view returns (bool) {
        return _bitOf[account] != 0;
    }

    /// @inheritdoc IOracleCommittee
    function approvals(bytes32 reportHash) public view returns (uint256) {
        return LibBit.popCount(_approvals[reportHash] & _active);
    }

    /// @inheritdoc IOracleCommittee
    function hasApproved(bytes32 reportHash, address member) external view returns (bool) {
        return _approvals[reportHash] & _bitOf[member] != 0;
    }

    /// @inheritdoc IOracleCommittee
    function isApproved(bytes32 reportHash) external view returns (bool) {
        return approvals(reportHash) >= quorum;
    }

    /// @inheritdoc IOracleCommittee
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @dev Begins a membership on a bit that was never used.
    function _join(address member) private returns (uint256 ordinal) {
        if (member == address(0)) revert ZeroMember();
        if (_bitOf[member] != 0) revert AlreadyMember(member);
        if (_members.length == MAX_MEMBERS) revert TooManyMembers(MAX_MEMBERS, MAX_MEMBERS + 1);
        ordinal = _memberships;
        if (ordinal == MAX_MEMBERSHIPS) revert MembershipsExhausted(MAX_MEMBERSHIPS);
        _memberships = ordinal + 1;
        _active |= 1 << ordinal;
        _bitOf[member] = 1 << ordinal;
        _members.push(member);
    }

    /// @dev A strict majority, so that two quorums always share a member.
    function _setQuorum(uint256 newQuorum) private {
        uint256 count = _members.length;
        if (newQuorum > count || newQuorum <= count / 2) revert InvalidQuorum(newQuorum, count);
        quorum = newQuorum;
    }

    function _requireMember(address account) private view returns (uint256 bit) {
        bit = _bitOf[account];
        if (bit == 0) revert NotMember(account);
    }
}
