// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {IOracleCommittee} from "../../../contracts/interfaces/IOracleCommittee.sol";
import {IStakingTournament} from "../../../contracts/interfaces/IStakingTournament.sol";
import {Wallet} from "../../../contracts/mocks/Wallet.sol";
import {Artifact} from "../Artifact.sol";
import {Reference} from "../Reference.sol";
import {VM} from "../Vm.sol";

/// @title World
/// @notice The suite, the people around it, and the mirror: what the handlers know of every round from what they did,
/// without asking the contract.
abstract contract World {
    /// @dev What one round should be.
    struct Mirror {
        IStakingTournament.RoundTerms terms;
        Reference.Placed[] stakes;
        uint256 prize; // ether put in
        uint256 bonus; // NMR put in
        uint256 etherPaid; // to stakes
        uint256 bonusPaid; // to stakes
        uint256 returned; // NMR of stakes
        uint256 etherBack; // to sponsors or the treasury
        uint256 bonusBack; // to sponsors or the treasury
        uint256 destroyed; // by the reference, once resolved
        uint256 supplyDrop; // measured at the finalisation
        uint256 deadline; // resolveBy, or later by vetoes
        uint256 attempts;
        uint256 vetoedAttempts; // the first so many
        uint256 vetoes;
        uint256 ordinal; // among resolved rounds, from one on
        bool swept;
        bytes32 resolution; // scores and cut, once resolved
        uint32[] words; // once resolved
    }

    uint256 public constant MAX_ROUNDS = 5;
    uint256 public constant MODELS = 6;
    /// @dev Greatest log-loss that a score can say, in millionths.
    uint256 internal constant MAX_LOGLOSS = 2 ** 20 - 1;

    INumeraire public nmr;
    IOracleCommittee public committee;
    IStakingTournament public tournament;

    address[] public scientists;
    address[] public sponsors;
    /// @dev The first member lies; the other two are a quorum.
    address[] public members;
    address internal constant GUARDIAN = address(0x6001);
    address public constant TREASURY = address(0x7001);
    address internal constant STRANGER = address(0x8001);
    /// @dev Cold wallets that models are paid to, and that meet ether in bad ways.
    Wallet[] public wallets;

    uint256 public clock = 1_800_000_000;
    mapping(uint256 roundId => Mirror) internal _mirrors;
    /// @dev Scores of the attempts that the quorum approved.
    mapping(uint256 roundId => mapping(uint256 attemptId => uint32[] words)) internal _sheets;
    mapping(uint256 roundId => mapping(uint256 attemptId => uint256)) internal _completedAt;
    bool private _comparing;
    uint256 internal _resolvedRounds;
    /// @dev Ordinals of the rounds that a model qualified in, as they were settled.
    mapping(uint256 modelId => uint256[] ordinals) internal _recordOf;
    mapping(uint256 roundId => mapping(address sponsor => uint256)) internal _prizeOf;
    mapping(uint256 roundId => mapping(address sponsor => uint256)) internal _bonusOf;
    /// @notice NMR and ether given to the tournament that belong to no round, in wei.
    uint256 public donatedNmr;
    uint256 public donatedEther;
    /// @notice Promises found broken while acting, one count an invariant.
    mapping(uint256 invariantNumber => uint256) public broken;

    constructor() {
        VM.warp(clock);
        IAccessManager manager = IAccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        for (uint160 i = 1; i <= 3; ++i) {
            scientists.push(address(0x1000 + i));
            members.push(address(0x2000 + i));
        }
        for (uint160 i = 1; i <= 2; ++i) sponsors.push(address(0x3000 + i));
        nmr = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, 1_500_000e18)));
        committee = IOracleCommittee(Artifact.deploy("OracleCommittee", abi.encode(manager, members, 2)));
        tournament = IStakingTournament(
            Artifact.deploy("StakingTournament", abi.encode(manager, nmr, committee, TREASURY))
        );
        bytes4[] memory guarded = new bytes4[](2);
        (guarded[0], guarded[1]) = (tournament.cancelRound.selector, tournament.veto.selector);
        manager.setTargetFunctionRole(address(tournament), guarded, 1);
        manager.grantRole(1, GUARDIAN, 0);
        for (uint256 i = 0; i < scientists.length; ++i) _equip(scientists[i]);
        for (uint256 i = 0; i < sponsors.length; ++i) _equip(sponsors[i]);
        for (uint256 i = 0; i < MODELS; ++i) {
            VM.prank(scientists[i % scientists.length]);
            tournament.registerModel(bytes32(i));
        }
        for (uint256 i = 0; i < 2; ++i) wallets.push(Wallet(payable(Artifact.deploy("Wallet", ""))));
        for (uint256 i = 0; i < wallets.length; ++i) {
            VM.prank(scientists[i]);
            tournament.setPayee(1 + i, address(wallets[i]));
            wallets[i].react(Wallet.Reaction.Refuse, 0);
        }
        VM.deal(address(this), 1_000 ether);
    }

    /// @notice Has every other round compared around every call: a third of the time, for the one promise that needs it.
    function compareRounds() external {
        _comparing = true;
    }

    /// @dev Sets the time, and notes it when a call changed the money of a round that is not one of the two.
    modifier touching(uint256 roundId, uint256 otherRoundId) {
        uint256 count = _comparing ? tournament.roundCount() : 0;
        bytes32[] memory before = new bytes32[](count + 1);
        for (uint256 id = 1; id <= count; ++id) {
            if (id != roundId && id != otherRoundId) before[id] = _money(id);
        }
        _;
        for (uint256 id = 1; id <= count; ++id) {
            if (id != roundId && id != otherRoundId && before[id] != _money(id)) ++broken[6];
        }
    }

    /// @dev Every action starts here: the runner does not keep the time between calls.
    modifier now_() {
        VM.warp(clock);
        _;
    }

    function mirrorOf(uint256 roundId) external view returns (Mirror memory) {
        return _mirrors[roundId];
    }

    /// @dev Scores and cut of a resolved round as anybody reads them.
    function resolutionOf(uint256 roundId) public view returns (bytes32) {
        IStakingTournament.RoundView memory round = tournament.getRound(roundId);
        bytes memory sheet;
        for (uint256 i = 0; i < round.stakeCount; ++i) {
            sheet = abi.encode(sheet, tournament.scoreOf(roundId, i));
        }
        return
            keccak256(abi.encode(round.resolvedAttempt, tournament.getAttempt(roundId, round.resolvedAttempt), sheet));
    }

    /// @dev All that can be read of a round and is its own, except its status, which moves with time.
    function _money(uint256 roundId) private view returns (bytes32) {
        IStakingTournament.RoundView memory round = tournament.getRound(roundId);
        round.status = IStakingTournament.RoundStatus.None;
        return
            keccak256(
                abi.encode(
                    round,
                    tournament.getStakes(roundId, 0, round.stakeCount),
                    tournament.prizeContribution(roundId, sponsors[0]),
                    tournament.prizeContribution(roundId, sponsors[1]),
                    tournament.bonusContribution(roundId, sponsors[0]),
                    tournament.bonusContribution(roundId, sponsors[1])
                )
            );
    }

    /// @dev What the reference makes of a round's stakes by these scores.
    function _play(uint256 roundId, uint32[] memory words) internal view returns (Reference.Result memory) {
        Mirror storage mirror = _mirrors[roundId];
        return Reference.play(mirror.stakes, words, mirror.prize, mirror.terms);
    }

    /// @dev A round with the status, looked for from a random one on; zero if there is none.
    function _roundWith(IStakingTournament.RoundStatus status, uint256 seed) internal view returns (uint256) {
        uint256 count = tournament.roundCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 roundId = 1 + (((seed % count) + i) % count);
            if (tournament.roundStatus(roundId) == status) return roundId;
        }
        return 0;
    }

    /// @dev When the challenge period of an attempt ends that is complete now.
    function _challengeEnd(uint256 roundId) internal view returns (uint256) {
        return clock + _mirrors[roundId].terms.challengePeriod;
    }

    /// @dev Whether there is time left to score a closed round and to let the challenge period pass.
    function _hasTime(uint256 roundId) internal view returns (bool) {
        return _challengeEnd(roundId) <= _mirrors[roundId].deadline;
    }

    /// @dev Whether an attempt has to resolve its round if anybody asks now; if not, it must not.
    function _finalizable(uint256 roundId, uint256 attemptId) internal view returns (bool) {
        Mirror storage mirror = _mirrors[roundId];
        if (mirror.words.length > 0) return false;
        if (_sheets[roundId][attemptId].length == 0 || attemptId <= mirror.vetoedAttempts) return false;
        uint256 challengeEnds = _completedAt[roundId][attemptId] + mirror.terms.challengePeriod;
        return challengeEnds <= clock && clock <= mirror.deadline;
    }

    /// @dev What an account has, and what is owed to it, in wei.
    function _etherOf(address account) internal view returns (uint256) {
        return account.balance + tournament.owed(account);
    }

    function _ownerOf(uint256 modelId) internal view returns (address) {
        return tournament.getModel(modelId).owner;
    }

    function _equip(address account) private {
        nmr.mint(account, 1_000e18);
        VM.deal(account, 1_000 ether);
        VM.prank(account);
        nmr.approve(address(tournament), type(uint256).max);
    }
}
