// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC1363} from "@openzeppelin/contracts/token/ERC20/extensions/ERC1363.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {INumeraire} from "./interfaces/INumeraire.sol";

/// @title Numeraire (NMR)
/// @notice A capped ERC-20 with a linear weekly emission and real burning.
contract Numeraire is INumeraire, ERC1363, ERC20Burnable, ERC20Permit, AccessManaged {
    /// @inheritdoc INumeraire
    uint256 public constant MAX_MINTED = 21_000_000e18;
    /// @inheritdoc INumeraire
    uint256 public constant WEEKLY_EMISSION = 96_153_846_153_846_153_846_153; // floor(5,000,000e18 / 52)
    /// @inheritdoc INumeraire
    uint256 public immutable INITIAL_ALLOWANCE;
    /// @inheritdoc INumeraire
    uint256 public immutable DEPLOYED_AT;

    /// @inheritdoc INumeraire
    uint256 public totalMinted;

    /// @param authority AccessManager that says who may mint.
    /// @param initialAllowance NMR that may be minted at once, in wei.
    constructor(
        address authority,
        uint256 initialAllowance
    ) ERC20("Numeraire", "NMR") ERC20Permit("Numeraire") AccessManaged(authority) {
        if (initialAllowance > MAX_MINTED) revert MintAboveAllowance(initialAllowance, MAX_MINTED);
        INITIAL_ALLOWANCE = initialAllowance;
        DEPLOYED_AT = block.timestamp;
    }

    /// @inheritdoc INumeraire
    function mint(address to, uint256 amount) external restricted {
        uint256 available = mintable();
        if (amount > available) revert MintAboveAllowance(amount, available);
        totalMinted += amount;
        _mint(to, amount);
    }

    /// @inheritdoc INumeraire
    function mintable() public view returns (uint256) {
        uint256 emitted = (WEEKLY_EMISSION * (block.timestamp - DEPLOYED_AT)) / 7 days;
        return Math.min(INITIAL_ALLOWANCE + emitted, MAX_MINTED) - totalMinted;
    }

    /// @inheritdoc INumeraire
    function totalBurned() external view returns (uint256) {
        return totalMinted - totalSupply();
    }

    /// @inheritdoc INumeraire
    function burn(uint256 amount) public override(INumeraire, ERC20Burnable) {
        super.burn(amount);
    }

    /// @inheritdoc INumeraire
    function burnFrom(address account, uint256 amount) public override(INumeraire, ERC20Burnable) {
        super.burnFrom(account, amount);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, ERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
