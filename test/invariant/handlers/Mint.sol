// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {Artifact} from "../Artifact.sol";
import {VM} from "../Vm.sol";

/// @title Mint
/// @notice Years of minting and burning, of all that is allowed and of more.
abstract contract Mint {
    uint256 public constant INITIAL_ALLOWANCE = 1_500_000e18;
    uint256 private constant START = 1_800_000_000;

    INumeraire public immutable NMR;
    uint256 public clock = START;
    /// @notice What was minted and burned, as those who did it remember, in wei.
    uint256 public minted;
    uint256 public burned;

    constructor() {
        VM.warp(START);
        address manager = Artifact.deploy("AccessManager", abi.encode(address(this)));
        NMR = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, INITIAL_ALLOWANCE)));
    }

    modifier now_() {
        VM.warp(clock);
        _;
    }

    function pass(uint256 time) external {
        clock += time % 200 days;
    }

    function mint(uint256 amount) external now_ {
        _mint(amount % (NMR.mintable() + 1));
    }

    function mintAll() external now_ {
        _mint(NMR.mintable());
    }

    /// @dev A wei too much, or far too much.
    function mintMore(uint256 amount) external now_ {
        uint256 requested = NMR.mintable() + 1 + (amount % 30_000_000e18);
        try NMR.mint(address(this), requested) {
            minted += requested;
        } catch {}
    }

    function burn(uint256 amount) external now_ {
        amount %= NMR.balanceOf(address(this)) + 1;
        NMR.burn(amount);
        burned += amount;
    }

    function burnFrom(uint256 amount) external now_ {
        amount %= NMR.balanceOf(address(this)) + 1;
        NMR.approve(address(this), amount);
        NMR.burnFrom(address(this), amount);
        burned += amount;
    }

    /// @notice Seconds since the token was deployed.
    function elapsed() external view returns (uint256) {
        return clock - START;
    }

    function _mint(uint256 amount) private {
        NMR.mint(address(this), amount);
        minted += amount;
    }
}
