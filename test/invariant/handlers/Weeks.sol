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
        for (uint160 i = 1; i <= 3; ++i) members.push(address(0x2000 + i));
        for (uint160 i = 1; i <= EARNERS; ++i) earners.push(address(0x1000 + i));
        nmr = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, 1_500_000e18)));
        committee = IOracleCommittee(Artifact.deploy("OracleCommittee", abi.encode(manager, members, 2)));
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

    /// @dev Adds to what the live week says, and shares all of it out; two members approve.
    function propose(uint256 seed, uint256 added) external now_ {
        added %= _budget + 1;
        uint256[EARNERS] memory earned = _earned();
        earned[seed % EARNERS] += added / 3;
        earned[(seed / EARNERS) % EARNERS] += added - added / 3;
        uint256 proposalId = _propose(members[1], _lastWeek + 1, earned, added);
        if (proposalId != 0) _approve(proposalId);
    }

    /// @dev A quorum that promises what it has not, takes from one for another, or moves a week up.
    function capture(uint256 seed, uint256 amount) external now_ {
        uint256[EARNERS] memory earned = _earned();
        uint256 earner = seed % EARNERS;
        earned[earner] = (seed / 4) % 4 == 0 ? amount % 1_000e18 : earned[earner] + (amount % 20e18);
        uint256 week = (seed / 16) % 4 == 0 ? _lastWeek + ((seed / 64) % 3) : _lastWeek + 1;
        uint256 proposalId = _propose(members[0], week, earned, (seed / 4) % 4 == 1 ? amount % (2 * BUDGET) : 0);
        if (proposalId != 0 && (seed / 256) % 2 == 0) _approve(proposalId);
    }

    function activate(uint256 seed) external now_ {
        if (_plans.length > 0) _activate(1 + (seed % _plans.length));
    }

    /// @dev Weeks as they should go.
    function conclude() external now_ {
        if (_plans.length == 0) return;
        clock += 2 days;
        VM.warp(clock);
        _activate(_plans.length);
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

    /// @dev An honest member leaves and comes back; its approvals do not.
    function reseat() external now_ {
        if (committee.isMember(members[2])) committee.removeMember(members[2], 2);
        else committee.addMember(members[2], 2);
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

    /// @return proposalId The proposal; zero if it was refused.
    function _propose(
        address member,
        uint256 week,
        uint256[EARNERS] memory earned,
        uint256 added
    ) private returns (uint256 proposalId) {
        if (_plans.length == MAX_PROPOSALS + _lastWeek) return 0;
        (bytes32 root, ) = _tree(earned);
        bool due = week == _lastWeek + 1 && clock >= START + week * 7 days && added <= _budget;
        VM.prank(member);
        try rewards.proposeWeek(uint40(week), root, uint96(added), "evidence", "") returns (uint256 id) {
            proposalId = id;
        } catch {
            if (due) ++broken[3];
            return 0;
        }
        if (!due) ++broken[3];
        _plans.push(Plan(earned, added, week, clock, false));
    }

    function _approve(uint256 proposalId) private {
        bytes32 hash = rewards.reportHash(proposalId);
        for (uint256 i = 0; i < 3; ++i) {
            if (!committee.isMember(members[i])) continue;
            VM.prank(members[i]);
            committee.approve(hash);
        }
    }

    /// @dev Books an activation, and notes one that the rules forbid or one that is due and refused.
    function _activate(uint256 proposalId) private {
        Plan storage plan = _plans[proposalId - 1];
        bool due = !plan.vetoed && plan.week == _lastWeek + 1 && plan.added <= _budget;
        due = due && clock >= plan.proposedAt + 2 days && clock <= plan.proposedAt + 14 days;
        due = due && committee.approvals(rewards.reportHash(proposalId)) >= 2;
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
}
