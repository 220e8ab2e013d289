// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC6372Utils} from "@openzeppelin/contracts/utils/ERC6372Utils.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

import {INumeraire} from "./interfaces/INumeraire.sol";
import {INumeraireVotes} from "./interfaces/INumeraireVotes.sol";

/// @title Voting Numeraire (vNMR)
/// @notice NMR locked up one for one to vote with, so that the token itself stays free of checkpoints.
contract NumeraireVotes is INumeraireVotes, ERC20Permit, ERC20Votes, ERC20Wrapper {
    /// @inheritdoc INumeraireVotes
    INumeraire public immutable nmr;

    /// @param nmr_ Token that is locked up.
    constructor(INumeraire nmr_) ERC20("Voting Numeraire", "vNMR") ERC20Permit("Voting Numeraire") ERC20Wrapper(nmr_) {
        if (address(nmr_) == address(0)) revert ZeroAddress();
        nmr = nmr_;
    }

    /// @inheritdoc INumeraireVotes
    function depositFor(address account, uint256 value) public override(INumeraireVotes, ERC20Wrapper) returns (bool) {
        return super.depositFor(account, value);
    }

    /// @inheritdoc INumeraireVotes
    function withdrawTo(address account, uint256 value) public override(INumeraireVotes, ERC20Wrapper) returns (bool) {
        return super.withdrawTo(account, value);
    }

    /// @inheritdoc IERC6372
    /// @dev Seconds, as everywhere in the suite: block numbers mean another thing on each rollup.
    function clock() public view override(IERC6372, Votes) returns (uint48) {
        return Time.timestamp();
    }

    /// @inheritdoc IERC6372
    function CLOCK_MODE() public view override(IERC6372, Votes) returns (string memory) {
        return ERC6372Utils.timestampClockMode(clock);
    }

    /// @notice Decimals of NMR.
    /// @return Always 18.
    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @dev Votes move with the tokens.
    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
