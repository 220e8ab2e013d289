// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IBountyGrants} from "../../../contracts/interfaces/IBountyGrants.sol";
import {INumeraire} from "../../../contracts/interfaces/INumeraire.sol";
import {Artifact} from "../Artifact.sol";
import {VM} from "../Vm.sol";

/// @title Bounty refunds
/// @notice The share of each of five funders, for any contributions, award and order.
contract BountyRefunds {
    uint256 private constant FUNDERS = 5;
    uint256 private constant MOST = 300_000e18;

    INumeraire private _nmr;
    IBountyGrants private _bounties;

    function setUp() external {
        address manager = Artifact.deploy("AccessManager", abi.encode(address(this)));
        _nmr = INumeraire(Artifact.deploy("Numeraire", abi.encode(manager, FUNDERS * MOST)));
        _bounties = IBountyGrants(Artifact.deploy("BountyGrants", abi.encode(_nmr)));
    }

    function testFuzz_B2_sharesAreProRata(uint256[5] memory given, uint256 awarded, uint256 first) external {
        uint256 funded = 0;
        for (uint256 i = 0; i < FUNDERS; ++i) {
            // Every magnitude, from a wei to all that could be minted.
            given[i] = 1 + ((given[i] >> (given[i] % 240)) % MOST);
            funded += given[i];
        }
        awarded %= funded;
        _play(given, awarded);

        uint256 refunded = 0;
        for (uint256 i = 0; i < FUNDERS; ++i) {
            uint256 at = ((first % FUNDERS) + i) % FUNDERS;
            VM.prank(_funder(at));
            _bounties.reclaim(1);
            uint256 share = (given[at] * (funded - awarded)) / funded;
            VM.assertEq(_nmr.balanceOf(_funder(at)), share, "B2: share = contribution * unawarded / funded");
            refunded += share;
        }
        uint256 left = _nmr.balanceOf(address(_bounties));
        VM.assertEq(left, funded - awarded - refunded, "B2: NMR left = unawarded - shares");
        VM.assertEq(_bounties.getBounty(1).unawarded, left, "B2: unawarded = what is left");
        VM.assertLe(left, FUNDERS - 1, "B2: rounding < 1 wei a funder");
    }

    /// @dev Funds the bounty, awards from it unless that is nothing, and cancels it.
    function _play(uint256[5] memory given, uint256 awarded) private {
        for (uint256 i = 0; i < FUNDERS; ++i) {
            _nmr.mint(_funder(i), given[i]);
            bytes memory data =
                i == 0
                    ? abi.encode(bytes32("terms"), "", block.timestamp + 1 days, address(this))
                    : abi.encode(uint256(1));
            VM.prank(_funder(i));
            _nmr.transferAndCall(address(_bounties), given[i], data);
        }
        if (awarded > 0) {
            (address[] memory payees, uint96[] memory amounts) = (new address[](1), new uint96[](1));
            (payees[0], amounts[0]) = (address(0x4000), uint96(awarded));
            _bounties.submit(1, "work", "");
            _bounties.award(1, 1, payees, amounts, 0);
        }
        VM.prank(_funder(0));
        _bounties.cancel(1);
    }

    function _funder(uint256 index) private pure returns (address) {
        return address(uint160(0x3000 + index));
    }
}
