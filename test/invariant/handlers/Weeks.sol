// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {IOracleCommittee} from "../../../contracts/interfaces/IOracleCommittee.sol";
import {IWeeklyRewards} from "../../../contracts/interfaces/IWeeklyRewards.sol";
import {Artifact} from "../Artifact.sol";
import {VM} from "../Vm.sol";

/// @title Weeks
/// @notice The committee, honest, lying and captured, the guardian, the admin, other minters and time; and what they
/// remember of every proposal.
abstract contract Weeks {
    uint256 public constant EARNERS = 4;
    uint256 internal constant BUDGET = 100e18;
    uint256 private constant MEMBERS = 3;
    uint256 private constant QUORUM = 2;
    /// @dev More would fill the run with proposals.
    uint256 private constant MAX_PROPOSALS = 12;

    /// @dev A proposal as it was meant.
    struct Plan {
        uint256[EARNERS] earned;
        uint256 added;
        uint256 week;
        uint256 proposedAt;
        bool vetoed;
    }

    /// @dev Who is a member and has approved what, by our own ledger.
    struct Approvals {
        /// The membership that each member is in, numbered from 1; zero while it is none.
        uint256[MEMBERS] current;
        /// Memberships ever begun.
        uint256 begun;
        /// Approvals that were not taken back, by the membership they were given in.
        mapping(uint256 proposalId => mapping(uint256 membership => bool)) given;
    }

    INumeraire public nmr;
    IOracleCommittee public committee;
    IWeeklyRewards public rewards;

    address[] public earners;
    /// @dev The first member lies; the other two are a quorum.
    address[] public members;
    address internal constant GUARDIAN = address(0x6001);
    address internal constant STRANGER = address(0x8001);

    uint256 private constant START = 1_800_000_000;
    uint256 public clock = START;
    uint256 private _budget = BUDGET;
    Plan[] internal _plans;
    Approvals private _ledger;
    /// @dev The proposal whose root is live, from 1; zero before the first week.
    uint256 internal _live;
    uint256 private _lastWeek;
    /// @notice NMR that was minted for the weeks, in wei.
    uint256 public minted;
    /// @notice What was claimed of each account, as its payments add up, in wei.
    mapping(address earner => uint256) public paid;
    /// @notice NMR that others sent, in wei.
    uint256 public donated;
    /// @notice Promises found broken while acting, one count an invariant.
    mapping(uint256 invariantNumber => uint256) public broken;

    constructor() {
        VM.warp(START);
        IAccessManager manager = IAccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        for (uint160 i = 1; i <= MEMBERS; ++i) members.push(address(0x2000 + i));
        for (uint256 i = 0; i < MEMBERS; ++i) _ledger.current[i] = ++_ledger.begun;
        for (uint160 i = 1; i <= EARNERS; ++i) earners.push(address(0x1000 + i));
        nmr = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, 1_500_000e18)));
        committee = IOracleCommittee(Artifact.deploy("OracleCommittee", abi.encode(manager, members, QUORUM)));
        rewards = IWeeklyRewards(Artifact.deploy("WeeklyRewards", abi.encode(manager, nmr, committee, BUDGET)));
        bytes4[] memory guarded = new bytes4[](1);
        guarded[0] = rewards.vetoWeek.selector;
        manager.setTargetFunctionRole(address(rewards), guarded, 1);
        manager.grantRole(1, GUARDIAN, 0);
        guarded[0] = nmr.mint.selector;
        manager.setTargetFunctionRole(address(nmr), guarded, 2);
        manager.grantRole(2, address(rewards), 0);
        manager.grantRole(2, address(this), 0);
        nmr.mint(address(this), 10_000e18);
    }

    /// @dev Every action starts here: the runner does not keep the time between calls. Notes it when what an account
    /// has claimed falls.
    modifier now_() {
        VM.warp(clock);
        uint256[EARNERS] memory before;
        for (uint256 i = 0; i < EARNERS; ++i) before[i] = rewards.claimed(earners[i]);
        _;
        for (uint256 i = 0; i < EARNERS; ++i) {
            if (rewards.claimed(earners[i]) < before[i]) ++broken[2];
        }
    }

    function pass(uint256 time) external {
        clock += time % 10 days;
    }

    /// @dev Adds to what the live week says, and shares all of it out; all members approve, or some, or none yet.
    function propose(uint256 seed, uint256 added) external now_ {
        added %= _budget + 1;
        uint256[EARNERS] memory earned = _earned();
        earned[seed % EARNERS] += added / 3;
        earned[(seed / EARNERS) % EARNERS] += added - added / 3;
        uint256 proposalId = _propose(_ledger.current[1] != 0 ? 1 : 2, _lastWeek + 1, earned, added);
        uint256 willing = (seed / 16) % 2 == 0 ? 7 : (seed / 32) % 8;
        for (uint256 i = 0; i < MEMBERS; ++i) {
            if ((willing >> i) % 2 == 1) _approve(i, proposalId);
        }
    }

    /// @dev A quorum, or the member that lies alone, that promises what it has not, takes from one for another, or moves a
    /// week up.
    function capture(uint256 seed, uint256 amount) external now_ {
        uint256[EARNERS] memory earned = _earned();
        uint256 earner = seed % EARNERS;
        earned[earner] = (seed / 4) % 4 == 0 ? amount % 1_000e18 : earned[earner] + (amount % 20e18);
        uint256 week = (seed / 16) % 4 == 0 ? _lastWeek + ((seed / 64) % 3) : _lastWeek + 1;
        uint256 proposalId = _propose(0, week, earned, (seed / 4) % 4 == 1 ? amount % (2 * BUDGET) : 0);
        if ((seed / 256) % 2 == 0) _approveByAll(proposalId);
        else _approve(0, proposalId);
    }

    /// @dev One member approves a proposal, mostly the newest, or takes its approval back.
    function reconsider(uint256 seed) external now_ {
        if (_plans.length == 0) return;
        uint256 i = seed % MEMBERS;
        uint256 proposalId = (seed / 4) % 4 == 0 ? 1 + ((seed / 16) % _plans.length) : _plans.length;
        if (!_ledger.given[proposalId][_ledger.current[i]]) return _approve(i, proposalId);
        bytes32 hash = rewards.reportHash(proposalId);
        VM.prank(members[i]);
        committee.revokeApproval(hash);
        delete _ledger.given[proposalId][_ledger.current[i]];
    }

    function activate(uint256 seed) external now_ {
        if (_plans.length > 0) _activate(1 + (seed % _plans.length));
    }

    /// @dev Weeks as they should go; half of the time with whatever approvals there are.
    function conclude(uint256 seed) external now_ {
        if (_plans.length == 0) return;
        uint256 proposalId = _plans.length;
        if (seed % 2 == 0) _approveByAll(proposalId);
        clock += 2 days;
        VM.warp(clock);
        _activate(proposalId);
    }

    function veto(uint256 seed) external now_ {
        if (seed % 4 != 0) return;
        VM.prank(GUARDIAN);
        rewards.vetoWeek("");
        for (uint256 i = 0; i < _plans.length; ++i) _plans[i].vetoed = true;
    }

    function setBudget(uint256 seed) external now_ {
        _budget = seed % 3 == 0 ? seed % BUDGET : BUDGET;
        rewards.setWeeklyBudget(_budget);
    }

    /// @dev A member leaves, or the one that left comes back; its approvals do not.
    function reseat(uint256 seed) external now_ {
        for (uint256 i = 0; i < MEMBERS; ++i) {
            if (_ledger.current[i] != 0) continue;
            committee.addMember(members[i], QUORUM);
            _ledger.current[i] = ++_ledger.begun;
            return;
        }
        delete _ledger.current[seed % MEMBERS];
        committee.removeMember(members[seed % MEMBERS], QUORUM);
    }

    function donate(uint256 seed) external now_ {
        uint256 amount = seed % 10e18;
        nmr.transfer(address(rewards), amount);
        donated += amount;
    }

    /// @return root Root of a tree of four leaves.
    /// @return leaves Its leaves, in the order of the earners.
    function _tree(
        uint256[EARNERS] memory earned
    ) internal view returns (bytes32 root, bytes32[EARNERS] memory leaves) {
        for (uint256 i = 0; i < EARNERS; ++i) {
            leaves[i] = keccak256(bytes.concat(keccak256(abi.encode(earners[i], earned[i]))));
        }
        root = Hashes.commutativeKeccak256(
            Hashes.commutativeKeccak256(leaves[0], leaves[1]),
            Hashes.commutativeKeccak256(leaves[2], leaves[3])
        );
    }

    /// @dev What each account has ever earned by the live week.
    function _earned() internal view returns (uint256[EARNERS] memory earned) {
        if (_live != 0) earned = _plans[_live - 1].earned;
    }

    /// @param member Which member proposes; a former one is refused.
    /// @return proposalId The proposal; zero if it was refused.
    function _propose(
        uint256 member,
        uint256 week,
        uint256[EARNERS] memory earned,
        uint256 added
    ) private returns (uint256 proposalId) {
        if (_plans.length == MAX_PROPOSALS + _lastWeek) return 0;
        (bytes32 root, ) = _tree(earned);
        bool due = week == _lastWeek + 1 && clock >= START + week * 7 days && added <= _budget;
        due = due && _ledger.current[member] != 0;
        VM.prank(members[member]);
        try rewards.proposeWeek(uint40(week), root, uint96(added), "evidence", "") returns (uint256 id) {
            proposalId = id;
        } catch {
            if (due) ++broken[3];
            return 0;
        }
        if (!due) ++broken[3];
        _plans.push(Plan(earned, added, week, clock, false));
    }

    function _approveByAll(uint256 proposalId) private {
        for (uint256 i = 0; i < MEMBERS; ++i) _approve(i, proposalId);
    }

    /// @dev Does nothing when there is no such proposal or member, or it has approved.
    function _approve(uint256 member, uint256 proposalId) private {
        uint256 membership = _ledger.current[member];
        if (proposalId == 0 || membership == 0 || _ledger.given[proposalId][membership]) return;
        bytes32 hash = rewards.reportHash(proposalId);
        VM.prank(members[member]);
        committee.approve(hash);
        _ledger.given[proposalId][membership] = true;
    }

    /// @dev Books an activation, and notes one that the rules forbid or one that is due and refused.
    function _activate(uint256 proposalId) private {
        Plan storage plan = _plans[proposalId - 1];
        bool due = !plan.vetoed && plan.week == _lastWeek + 1 && plan.added <= _budget;
        due = due && clock >= plan.proposedAt + 2 days && clock <= plan.proposedAt + 14 days;
        due = due && _approvals(proposalId) >= QUORUM;
        VM.prank(STRANGER);
        try rewards.activateWeek(proposalId) {
            if (!due) ++broken[3];
            _live = proposalId;
            _lastWeek = plan.week;
            minted += plan.added;
        } catch {
            if (due) ++broken[3];
        }
    }

    /// @dev Approvals of those who have been members ever since, by our own ledger.
    function _approvals(uint256 proposalId) private view returns (uint256 count) {
        for (uint256 i = 0; i < MEMBERS; ++i) {
            if (_ledger.given[proposalId][_ledger.current[i]]) ++count;
        }
    }
}
