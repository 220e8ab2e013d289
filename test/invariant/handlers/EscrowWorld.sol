// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IComputeEscrow} from "../../../contracts/interfaces/IComputeEscrow.sol";
import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {Artifact} from "../Artifact.sol";
import {VM} from "../Vm.sol";

/// @title Escrow world
/// @notice Two providers of computing power with three users each, and what every channel should hold.
abstract contract EscrowWorld {
    uint256 internal constant USERS = 3;
    uint256 internal constant PROVIDERS = 2;
    uint256 internal constant LIFETIME = 3 days;
    address internal constant STRANGER = address(0x5000);

    /// @dev A channel by the rules, in wei and Unix seconds.
    struct Mirror {
        uint256 deposited;
        uint256 balance;
        uint256 claimed;
        uint256 refunded;
        uint256 withdrawn;
        uint256 reserved;
        uint256 reservedUntil;
        uint256 pending;
        uint256 maturesAt;
        uint256 highest; // highest cumulative of a voucher signed by whoever may
    }

    /// @dev The session key of a user with a provider.
    struct Key {
        uint256 limit;
        uint256 until;
    }

    INumeraire public nmr;
    IComputeEscrow public escrow;
    uint256 public clock = 1_800_000_000;
    uint256 public donated;
    address[] public users;
    /// @notice Calls that broke a promise, by its number.
    mapping(uint256 number => uint256 count) public broken;
    mapping(uint256 providerId => mapping(uint256 user => Mirror)) internal _mirrors;
    mapping(uint256 providerId => mapping(uint256 user => Key)) internal _keys;

    constructor() {
        VM.warp(clock);
        address manager = Artifact.deploy("AccessManager", abi.encode(address(this)));
        nmr = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, 1_500_000e18)));
        escrow = IComputeEscrow(Artifact.deploy("ComputeEscrow", abi.encode(nmr)));
        for (uint256 id = 1; id <= PROVIDERS; ++id) {
            VM.prank(owners(id));
            escrow.registerProvider("", payouts(id), delays(id));
        }
        for (uint256 user = 0; user < USERS; ++user) {
            users.push(VM.addr(_userKey(user)));
            nmr.mint(users[user], 10_000);
            VM.prank(users[user]);
            nmr.approve(address(escrow), type(uint256).max);
        }
    }

    /// @dev Every action starts here: the runner does not keep the time between calls.
    modifier now_() {
        VM.warp(clock);
        _;
    }

    function pass(uint256 time) external {
        clock += time % 2 days;
    }

    function owners(uint256 providerId) public pure returns (address) {
        return address(uint160(0x1000 + providerId));
    }

    function payouts(uint256 providerId) public pure returns (address) {
        return address(uint160(0x2000 + providerId));
    }

    function delays(uint256 providerId) public pure returns (uint40) {
        return providerId == 1 ? 1 hours : 1 days;
    }

    function mirrorOf(uint256 providerId, uint256 user) external view returns (Mirror memory) {
        return _mirrors[providerId][user];
    }

    /// @dev A channel by the rules as of now.
    function _fresh(uint256 providerId, uint256 user) internal returns (Mirror storage mirror) {
        mirror = _mirrors[providerId][user];
        if (clock > mirror.reservedUntil) mirror.reserved = 0;
        if (clock > mirror.maturesAt + LIFETIME) mirror.pending = 0;
        if (mirror.reserved == 0) mirror.reservedUntil = 0;
        if (mirror.pending == 0) mirror.maturesAt = 0;
    }

    function _pick(uint256 seed) internal pure returns (uint256 providerId, uint256 user) {
        return (1 + (seed % PROVIDERS), (seed / PROVIDERS) % USERS);
    }

    function _userKey(uint256 user) internal pure returns (uint256) {
        return 0xa11ce + user;
    }

    function _sessionKey(uint256 user) internal pure returns (uint256) {
        return 0xb0b00 + user;
    }

    /// @dev A signature by the definition of EIP-712.
    function _sign(uint256 key, IComputeEscrow.UsageVoucher memory voucher) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ComputeEscrow"),
                keccak256("1"),
                block.chainid,
                escrow
            )
        );
        bytes32 content = keccak256(
            abi.encode(
                keccak256(
                    "UsageVoucher(uint256 providerId,address user,uint96 cumulative,bytes32 usageRoot,uint40 validUntil)"
                ),
                voucher
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, keccak256(abi.encodePacked(hex"1901", domain, content)));
        return abi.encodePacked(r, s, v);
    }
}
