// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBountyGrants} from "../../../contracts/interfaces/IBountyGrants.sol";
import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {ReviewerWallet} from "../../../contracts/mocks/ReviewerWallet.sol";
import {Artifact} from "../Artifact.sol";
import {VM} from "../Vm.sol";

/// @title Patronage
/// @notice The bounties, the people around them, and the mirror: what each bounty and grant should be, from what was
/// done, without asking the contract.
abstract contract Patronage {
    /// @dev What one bounty should be, in wei.
    struct Mirror {
        uint256 funded;
        uint256 awarded;
        uint256 refunded;
        uint256 remainder; // once closed
        bool closed;
    }

    /// @dev What one grant should be.
    struct Vested {
        address payee;
        uint256 amount;
        uint256 released;
        uint256 startsAt;
        uint256 duration;
    }

    uint256 internal constant MAX_BOUNTIES = 6;
    address internal constant STRANGER = address(0x8002);
    /// @dev Reviews every second bounty; a smart wallet reviews the others.
    address internal constant REVIEWER = address(0x9001);

    INumeraire public nmr;
    IBountyGrants public bounties;
    ReviewerWallet internal _wallet;
    address[] public funders;
    address[] public contributors;

    uint256 public clock = 1_800_000_000;
    mapping(uint256 bountyId => Mirror) internal _mirrors;
    mapping(uint256 bountyId => mapping(address funder => uint256)) internal _given;
    Vested[] internal _grants;
    /// @notice NMR sent to the contract that belongs to no bounty, in wei.
    uint256 public donated;
    /// @notice Promises found broken while acting, one count an invariant.
    mapping(uint256 invariantNumber => uint256) public broken;

    constructor() {
        VM.warp(clock);
        address manager = Artifact.deploy("AccessManager", abi.encode(address(this)));
        nmr = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, 1_500_000e18)));
        bounties = IBountyGrants(Artifact.deploy("BountyGrants", abi.encode(nmr)));
        _wallet = ReviewerWallet(Artifact.deploy("ReviewerWallet", ""));
        for (uint160 i = 1; i <= 3; ++i) {
            funders.push(address(0x3000 + i));
            contributors.push(address(0x4000 + i));
            nmr.mint(funders[i - 1], 1_000e18);
            VM.prank(funders[i - 1]);
            nmr.approve(address(bounties), type(uint256).max);
        }
    }

    /// @dev Every action starts here: the runner does not keep the time between calls.
    modifier now_() {
        VM.warp(clock);
        _;
    }

    function mirrorOf(uint256 bountyId) external view returns (Mirror memory) {
        return _mirrors[bountyId];
    }

    /// @return due NMR of bounties that is neither awarded nor given back, and of grants that is not paid, in wei.
    function nmrDue() external view returns (uint256 due) {
        for (uint256 id = 1; id <= bounties.bountyCount(); ++id) due += unawarded(id);
        for (uint256 i = 0; i < _grants.length; ++i) due += _grants[i].amount - _grants[i].released;
    }

    function unawarded(uint256 bountyId) public view returns (uint256) {
        Mirror storage mirror = _mirrors[bountyId];
        return mirror.funded - mirror.awarded - mirror.refunded;
    }

    /// @dev A bounty with the status, looked for from a random one on; zero if there is none.
    function _bountyWith(IBountyGrants.BountyStatus status, uint256 seed) internal view returns (uint256) {
        uint256 count = bounties.bountyCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 bountyId = 1 + (((seed % count) + i) % count);
            if (bounties.getBounty(bountyId).status == status) return bountyId;
        }
        return 0;
    }

    function _anyBounty(uint256 seed) internal view returns (uint256) {
        uint256 count = bounties.bountyCount();
        return count == 0 ? 0 : 1 + (seed % count);
    }

    /// @dev A pending submission, looked for from a random one on; zero if there is none.
    function _pending(uint256 bountyId, uint256 seed) internal view returns (uint256) {
        uint256 count = bounties.getBounty(bountyId).submissionCount;
        for (uint256 i = 0; i < count; ++i) {
            uint256 submissionId = 1 + (((seed % count) + i) % count);
            IBountyGrants.Submission memory submission = bounties.getSubmission(bountyId, submissionId);
            if (submission.status == IBountyGrants.SubmissionStatus.Pending) return submissionId;
        }
        return 0;
    }
}
