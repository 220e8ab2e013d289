// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Mint} from "../handlers/Mint.sol";
import {VM} from "../Vm.sol";

/// @title Minters
/// @notice The runner fuzzes only contracts that the test's own file defines.
contract Minters is Mint {}

/// @title Numeraire invariants
/// @notice N1 to N3, after any sequence of mints, burns and years.
contract NumeraireInvariants {
    uint256 private constant MAX_MINTED = 21_000_000e18;
    uint256 private constant WEEKLY_EMISSION = 96_153_846_153_846_153_846_153;

    Minters private _mint;

    function setUp() external {
        _mint = new Minters();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_mint);
    }

    function invariant_N1_neverMoreThanTheCap() external view {
        VM.assertLe(_mint.minted(), MAX_MINTED, "N1: ever minted <= 21,000,000e18");
        VM.assertEq(_mint.NMR().totalMinted(), _mint.minted(), "N1: totalMinted = ever minted");
    }

    function invariant_N2_neverMoreThanTheEmission() external view {
        VM.assertLe(
            _mint.minted(),
            _mint.INITIAL_ALLOWANCE() + (WEEKLY_EMISSION * _mint.elapsed()) / 7 days,
            "N2: ever minted <= initial + emission * elapsed"
        );
    }

    function invariant_N3_supplyIsMintedLessBurned() external view {
        VM.assertEq(
            _mint.NMR().totalSupply(),
            _mint.minted() - _mint.burned(),
            "N3: totalSupply = ever minted - ever burned"
        );
        VM.assertEq(_mint.NMR().totalBurned(), _mint.burned(), "N3: totalBurned = ever burned");
    }
}
