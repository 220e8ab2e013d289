// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";

import {INumeraire} from "./INumeraire.sol";

/// @title Compute escrow
/// @notice Users deposit NMR with a provider of computing power, who is paid by cumulative vouchers that they sign; what
/// is not used comes back.
/// @dev NMR is in wei, times in Unix seconds. A channel is one user's balance with one provider; nothing moves between
/// channels. There is no owner and no pause: no third party stands between a user and a provider.
interface IComputeEscrow is IERC1363Receiver {
    /// @notice A provider of computing power.
    /// @param owner Account that sets prices and refunds.
    /// @param withdrawDelay Seconds between the start of a withdrawal and its payment; also how long a revoked signer
    /// goes on.
    /// @param payout Account that is paid for vouchers.
    /// @param uri Where the provider's service is found.
    struct ComputeProvider {
        address owner;
        uint40 withdrawDelay;
        address payout;
        string uri;
    }

    /// @notice One user's account with one provider, as of now.
    /// @dev deposited = balance + claimed + refunded + withdrawn. A reservation that ran out and a withdrawal that lapsed
    /// read as zero.
    /// @param balance NMR in the channel, in wei.
    /// @param claimed NMR the provider was paid by vouchers, in wei; it only rises.
    /// @param reserved Part of the balance that cannot be withdrawn, in wei.
    /// @param reservedUntil Last second of the reservation; 0 without one.
    /// @param pending Part of the balance that is being withdrawn, in wei.
    /// @param maturesAt When the withdrawal can be paid; 0 without one.
    /// @param deposited NMR ever deposited, in wei.
    /// @param refunded NMR the provider gave back, in wei.
    /// @param withdrawn NMR the user took back, in wei.
    struct Channel {
        uint96 balance;
        uint96 claimed;
        uint96 reserved;
        uint40 reservedUntil;
        uint96 pending;
        uint40 maturesAt;
        uint256 deposited;
        uint128 refunded;
        uint128 withdrawn;
    }

    /// @notice A session key of a user with a provider.
    /// @param limit Highest `cumulative` the key may sign, in wei.
    /// @param until Last second in which what it signed is paid; 0 for a key never authorised.
    struct SessionKey {
        uint96 limit;
        uint40 until;
    }

    /// @notice A user's promise to pay; EIP-712 `UsageVoucher`.
    /// @dev It needs no nonce: `cumulative` counts from the first voucher on, and what was claimed never falls.
    /// @param providerId Provider that may be paid.
    /// @param user Account whose channel pays.
    /// @param cumulative NMR the provider has earned in this channel so far, in wei.
    /// @param usageRoot Merkle root of the metering lines that the amount is for.
    /// @param validUntil Last second in which the voucher is paid.
    struct UsageVoucher {
        uint256 providerId;
        address user;
        uint96 cumulative;
        bytes32 usageRoot;
        uint40 validUntil;
    }

    /// @notice A provider registered.
    /// @param providerId Number of the provider, from 1.
    /// @param owner Account that sets prices and refunds.
    /// @param payout Account that is paid for vouchers.
    /// @param withdrawDelay Seconds between the start of a withdrawal and its payment.
    /// @param uri Where the provider's service is found.
    event ProviderRegistered(
        uint256 indexed providerId,
        address indexed owner,
        address indexed payout,
        uint40 withdrawDelay,
        string uri
    );

    /// @notice A provider changed its price list.
    /// @param providerId Number of the provider.
    /// @param unit What is sold, e.g. "cpu-second".
    /// @param price NMR a unit, in wei; zero when it is no longer sold.
    event PriceChanged(uint256 indexed providerId, bytes32 indexed unit, uint96 price);

    /// @notice A user put NMR into a channel.
    /// @param providerId Number of the provider.
    /// @param user Account that deposited.
    /// @param amount NMR deposited, in wei.
    event Deposited(uint256 indexed providerId, address indexed user, uint96 amount);

    /// @notice A user authorised a session key, or raised what it may do.
    /// @param providerId Number of the provider.
    /// @param user Account the key signs for.
    /// @param signer The key.
    /// @param limit Highest `cumulative` the key may sign, in wei.
    /// @param until Last second in which what it signed is paid.
    event SignerAuthorized(
        uint256 indexed providerId,
        address indexed user,
        address indexed signer,
        uint96 limit,
        uint40 until
    );

    /// @notice A user revoked a session key.
    /// @param providerId Number of the provider.
    /// @param user Account the key signed for.
    /// @param signer The key.
    /// @param until Last second in which what it signed is paid.
    event SignerRevoked(uint256 indexed providerId, address indexed user, address indexed signer, uint40 until);

    /// @notice A voucher was paid, in part when the balance was short.
    /// @param providerId Number of the provider.
    /// @param user Account whose channel paid.
    /// @param amount NMR paid to the provider's payout account, in wei.
    /// @param claimed NMR paid by vouchers of this channel so far, in wei.
    /// @param cumulative What the voucher promises, in wei; above `claimed` when the balance was short.
    /// @param usageRoot Merkle root of the metering lines.
    event VoucherRedeemed(
        uint256 indexed providerId,
        address indexed user,
        uint96 amount,
        uint96 claimed,
        uint96 cumulative,
        bytes32 usageRoot
    );

    /// @notice A batch went on without a voucher that could not be paid.
    /// @param providerId Number of the provider.
    /// @param user Account whose channel was to pay.
    /// @param cumulative What the voucher promises, in wei.
    /// @param reason Error that {redeem} would have failed with, encoded.
    event VoucherSkipped(uint256 indexed providerId, address indexed user, uint96 cumulative, bytes reason);

    /// @notice A user locked a part of its balance against withdrawal.
    /// @param providerId Number of the provider.
    /// @param user Account that reserved.
    /// @param amount NMR that is reserved now, in wei.
    /// @param until Last second of the reservation.
    event Reserved(uint256 indexed providerId, address indexed user, uint96 amount, uint40 until);

    /// @notice A user began to withdraw.
    /// @param providerId Number of the provider.
    /// @param user Account that withdraws.
    /// @param amount NMR to withdraw, in wei; vouchers that are redeemed first may leave less.
    /// @param maturesAt When it can be paid.
    event WithdrawalStarted(uint256 indexed providerId, address indexed user, uint96 amount, uint40 maturesAt);

    /// @notice A user gave a withdrawal up.
    /// @param providerId Number of the provider.
    /// @param user Account that stays.
    /// @param amount NMR that is not withdrawn, in wei.
    event WithdrawalCancelled(uint256 indexed providerId, address indexed user, uint96 amount);

    /// @notice A user took NMR back.
    /// @param providerId Number of the provider.
    /// @param user Account that was paid.
    /// @param amount NMR withdrawn, in wei.
    event Withdrawn(uint256 indexed providerId, address indexed user, uint96 amount);

    /// @notice A provider gave NMR of a channel back to its user.
    /// @param providerId Number of the provider.
    /// @param user Account that was paid.
    /// @param amount NMR given back, in wei.
    event Refunded(uint256 indexed providerId, address indexed user, uint96 amount);

    /// @notice No such provider is registered.
    /// @param providerId Number that was given.
    error ProviderNotFound(uint256 providerId);

    /// @notice The account owns a provider already.
    /// @param account Account that called.
    /// @param providerId Provider that it owns.
    error AlreadyProvider(address account, uint256 providerId);

    /// @notice The account owns no provider.
    /// @param account Account that called.
    error NotProvider(address account);

    /// @notice The caller does not own the provider.
    /// @param providerId Number of the provider.
    /// @param owner Account that owns it.
    /// @param caller Account that called.
    error NotProviderOwner(uint256 providerId, address owner, address caller);

    /// @notice The account can receive no payments.
    /// @param payout Account that was given.
    error InvalidPayout(address payout);

    /// @notice The delay is out of bounds.
    /// @param minimum Least delay, in seconds.
    /// @param maximum Greatest delay, in seconds.
    /// @param delay Delay that was given, in seconds.
    error InvalidWithdrawDelay(uint256 minimum, uint256 maximum, uint256 delay);

    /// @notice The token cannot be the zero address.
    error ZeroAddress();

    /// @notice An amount of zero does nothing.
    error ZeroAmount();

    /// @notice Only NMR may call this.
    /// @param caller Account that called.
    error NotNumeraire(address caller);

    /// @notice The holder of the NMR did not make the transfer itself.
    /// @param operator Account that made it.
    /// @param from Account the NMR came from.
    error OperatorNotSender(address operator, address from);

    /// @notice The transfer's data is no provider's number.
    /// @param expected Bytes expected.
    /// @param actual Bytes given.
    error InvalidDepositData(uint256 expected, uint256 actual);

    /// @notice The account cannot be a session key: zero, or the user itself.
    /// @param signer Account that was given.
    error InvalidSigner(address signer);

    /// @notice A time that must lie ahead does not, or lies too far ahead.
    /// @param earliest Earliest that is accepted.
    /// @param latest Latest that is accepted.
    /// @param time Time that was given.
    error InvalidTime(uint256 earliest, uint256 latest, uint256 time);

    /// @notice Neither an amount nor a time that others rely on may fall.
    /// @param amount Amount so far, in wei.
    /// @param until Time so far.
    /// @param newAmount Amount that was given, in wei.
    /// @param newUntil Time that was given.
    error MayOnlyRise(uint256 amount, uint256 until, uint256 newAmount, uint256 newUntil);

    /// @notice The account is no session key of the user with the provider, or no longer.
    /// @param providerId Number of the provider.
    /// @param user Account the key would sign for.
    /// @param signer Account in question.
    /// @param until Last second in which it was one; 0 for never.
    error SignerNotAuthorized(uint256 providerId, address user, address signer, uint256 until);

    /// @notice The session key may not sign that much.
    /// @param signer The key.
    /// @param limit Highest `cumulative` it may sign, in wei.
    /// @param cumulative What it signed, in wei.
    error SignerLimitExceeded(address signer, uint256 limit, uint256 cumulative);

    /// @notice Neither the user nor a session key of the user signed this voucher.
    /// @param user Account whose channel would pay.
    /// @param recovered Account that signed something; zero when the signature is malformed.
    error InvalidSignature(address user, address recovered);

    /// @notice The voucher's time is over.
    /// @param validUntil Last second in which it was paid.
    /// @param time Time of the call.
    error VoucherExpired(uint256 validUntil, uint256 time);

    /// @notice The voucher promises no more than was paid.
    /// @param claimed NMR paid by vouchers of this channel so far, in wei.
    /// @param cumulative What the voucher promises, in wei.
    error NothingToClaim(uint256 claimed, uint256 cumulative);

    /// @notice The channel is empty.
    /// @param providerId Number of the provider.
    /// @param user Account whose channel it is.
    error ChannelEmpty(uint256 providerId, address user);

    /// @notice A batch needs a signature for each voucher, and at least one.
    /// @param vouchers Vouchers given.
    /// @param signatures Signatures given.
    error InvalidBatch(uint256 vouchers, uint256 signatures);

    /// @notice The vouchers of a batch must be for one provider.
    /// @param expected Provider of the first.
    /// @param actual Provider of another.
    error MixedProviders(uint256 expected, uint256 actual);

    /// @notice The transaction has too little gas to ask a wallet about a signature.
    /// @param required Gas that must be left.
    /// @param available Gas that is left.
    error InsufficientGas(uint256 required, uint256 available);

    /// @notice The channel has less.
    /// @param available NMR that the call could use, in wei.
    /// @param amount NMR asked for, in wei.
    error InsufficientBalance(uint256 available, uint256 amount);

    /// @notice A withdrawal is on its way already.
    /// @param amount NMR that is being withdrawn, in wei.
    /// @param maturesAt When it can be paid.
    error WithdrawalPending(uint256 amount, uint256 maturesAt);

    /// @notice Nothing is being withdrawn, or it lapsed.
    /// @param providerId Number of the provider.
    /// @param user Account in question.
    error NoWithdrawal(uint256 providerId, address user);

    /// @notice The withdrawal cannot be paid yet.
    /// @param maturesAt When it can be paid.
    /// @param time Time of the call.
    error WithdrawalNotMature(uint256 maturesAt, uint256 time);

    /// @notice Registers the caller as a provider of computing power; an account is one provider at most.
    /// @dev Emits {ProviderRegistered}. Requirements: the payout account is neither zero nor this contract; the delay is
    /// 1 hour to 30 days. Nothing of this can be changed later: users deposit on these terms.
    /// @param uri Where the provider's service is found.
    /// @param payout Account that is paid for vouchers.
    /// @param withdrawDelay Seconds between the start of a withdrawal and its payment.
    /// @return providerId Number of the provider, from 1.
    function registerProvider(
        string calldata uri,
        address payout,
        uint40 withdrawDelay
    ) external returns (uint256 providerId);

    /// @notice Changes the provider's public price list.
    /// @dev Emits {PriceChanged}. Requirements: the caller owns the provider.
    /// Warning: the list binds nobody on chain; users sign vouchers only for usage at a price they agreed to.
    /// @param providerId Number of the provider.
    /// @param unit What is sold, e.g. "cpu-second".
    /// @param price NMR a unit, in wei; zero takes it off the list.
    function setPrice(uint256 providerId, bytes32 unit, uint96 price) external;

    /// @notice Puts NMR of the caller into its channel with a provider.
    /// @dev Emits {Deposited}. Requirements: the provider exists; the amount is not zero; an allowance.
    /// `nmr.transferAndCall(escrow, amount, abi.encode(providerId))` does the same without an allowance.
    /// @param providerId Number of the provider.
    /// @param amount NMR to deposit, in wei.
    function deposit(uint256 providerId, uint96 amount) external;

    /// @notice Puts NMR of the caller into its channel, approved by signature.
    /// @dev Emits {Deposited}. Requirements: as {deposit}. A permit that somebody used first does no harm if the
    /// allowance is there.
    /// @param providerId Number of the provider.
    /// @param amount NMR to deposit, in wei; also the permit's value.
    /// @param deadline Last second of the permit.
    /// @param v Recovery id of the permit's signature.
    /// @param r First half of the permit's signature.
    /// @param s Second half of the permit's signature.
    function depositWithPermit(
        uint256 providerId,
        uint96 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Lets a session key sign vouchers for the caller, up to a limit and a time.
    /// @dev Emits {SignerAuthorized}. Requirements: the provider exists; the key is neither zero nor the caller; `until`
    /// lies ahead. While the key is authorised neither limit nor time may fall and one must rise, because the provider
    /// extends credit on them: lowering goes through {revokeSigner}.
    /// @param providerId Number of the provider.
    /// @param signer The key.
    /// @param limit Highest `cumulative` the key may sign, in wei.
    /// @param until Last second in which what it signed is paid.
    function authorizeSigner(uint256 providerId, address signer, uint96 limit, uint40 until) external;

    /// @notice Revokes a session key of the caller, as of the withdraw delay from now.
    /// @dev Emits {SignerRevoked}. Requirements: the key is authorised. What it signed, or signs until then, can be
    /// redeemed until then.
    /// @param providerId Number of the provider.
    /// @param signer The key.
    function revokeSigner(uint256 providerId, address signer) external;

    /// @notice Locks a part of the caller's balance against withdrawal, so that a long job is covered.
    /// @dev Emits {Reserved}. Requirements: the amount is not zero and at most balance − pending; `until` lies ahead, by
    /// at most 30 days. While a reservation lasts neither amount nor time may fall and one must rise.
    /// Vouchers use it up first.
    /// @param providerId Number of the provider.
    /// @param amount NMR that is reserved from now on, in wei.
    /// @param until Last second of the reservation.
    function reserve(uint256 providerId, uint96 amount, uint40 until) external;

    /// @notice Begins to withdraw from the caller's channel.
    /// @dev Emits {WithdrawalStarted}. Requirements: no other withdrawal is on its way; the amount is not zero and at
    /// most balance − reserved. Vouchers may be paid out of it until {withdraw}.
    /// @param providerId Number of the provider.
    /// @param amount NMR to withdraw, in wei.
    function startWithdrawal(uint256 providerId, uint96 amount) external;

    /// @notice Gives a withdrawal up.
    /// @dev Emits {WithdrawalCancelled}. Requirements: one is on its way.
    /// @param providerId Number of the provider.
    function cancelWithdrawal(uint256 providerId) external;

    /// @notice Pays a withdrawal of the caller.
    /// @dev Emits {Withdrawn}. Requirements: one is on its way; the provider's delay has passed since it began, and not
    /// more than 3 days besides: a matured withdrawal lapses, so that it is no standing exit.
    /// @param providerId Number of the provider.
    function withdraw(uint256 providerId) external;

    /// @notice Gives NMR of a user's channel with the caller back at once.
    /// @dev Emits {Refunded}. Requirements: the caller is a provider; the amount is not zero and at most the balance.
    /// What is free goes first, then what is being withdrawn, then what is reserved.
    /// @param user Account to pay.
    /// @param amount NMR to give back, in wei.
    function refund(address user, uint96 amount) external;

    /// @notice Pays a provider what a voucher promises beyond what was paid; less when the balance is short.
    /// @dev Emits {VoucherRedeemed}. Anybody may call; the provider's payout account is paid. Requirements: the voucher
    /// has not expired; the user signed it (ECDSA or ERC-1271), or a session key within limit and time (ECDSA);
    /// something is unpaid and the channel is not empty. Uses the reservation first, then everything else, what is being
    /// withdrawn included. What is left unpaid can be redeemed after another deposit.
    /// @param voucher The promise.
    /// @param signature Signature of the user or a session key.
    /// @return paid NMR paid, in wei.
    function redeem(UsageVoucher calldata voucher, bytes calldata signature) external returns (uint256 paid);

    /// @notice Redeems vouchers for one provider and pays them together.
    /// @dev Emits {VoucherRedeemed} for each voucher that is paid, and {VoucherSkipped} for each that cannot be: no user
    /// can hold up the others' vouchers. Requirements: at least one voucher; as many signatures; one provider.
    /// @param vouchers The promises.
    /// @param signatures A signature for each.
    /// @return paid NMR paid, in wei.
    function redeemMany(UsageVoucher[] calldata vouchers, bytes[] calldata signatures) external returns (uint256 paid);

    /// @notice NMR a provider may extend credit on: the balance without what is being withdrawn.
    /// @param providerId Number of the provider.
    /// @param user Account whose channel it is.
    /// @return NMR, in wei.
    function available(uint256 providerId, address user) external view returns (uint256);

    /// @notice A provider.
    /// @param providerId Number of the provider.
    /// @return The provider; all zero when there is none.
    function getProvider(uint256 providerId) external view returns (ComputeProvider memory);

    /// @notice The provider that an account owns.
    /// @param owner Account in question.
    /// @return Number of the provider; 0 for none.
    function providerOf(address owner) external view returns (uint256);

    /// @notice How many providers are registered; the newest has this number.
    /// @return Number of providers.
    function providerCount() external view returns (uint256);

    /// @notice What a provider asks for a unit.
    /// @param providerId Number of the provider.
    /// @param unit What is sold, e.g. "cpu-second".
    /// @return NMR a unit, in wei; zero when it is not sold.
    function priceOf(uint256 providerId, bytes32 unit) external view returns (uint96);

    /// @notice A channel.
    /// @param providerId Number of the provider.
    /// @param user Account whose channel it is.
    /// @return The channel as of now; all zero when nothing was deposited.
    function getChannel(uint256 providerId, address user) external view returns (Channel memory);

    /// @notice A session key.
    /// @param providerId Number of the provider.
    /// @param user Account the key signs for.
    /// @param signer The key.
    /// @return What it may sign, also after its time.
    function getSigner(uint256 providerId, address user, address signer) external view returns (SessionKey memory);

    /// @notice Token that is deposited and paid.
    /// @return The NMR token.
    function nmr() external view returns (INumeraire);
}
