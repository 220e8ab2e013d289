/** What to do about a contract's refusal; errors that only a faulty program can cause share the default. */
const hints: Readonly<Record<string, string>> = {
  AccessManagedUnauthorized: "The account lacks the role for this call: send it from the account that holds it.",
  AccessManagedRequiredDelay: "The role has an execution delay: schedule the call through the AccessManager first.",
  AlreadyApproved: "Nothing to do: this member has approved the report.",
  AttemptComplete: "Nothing to post: every score of the attempt is on chain.",
  AttemptIncomplete: "Run apply again to post the scores that are missing.",
  AttemptNotFound: "Look the attempts of the round up with status --round.",
  AttemptVetoed: "The guardian vetoed it: find out why, plan again, and apply to begin another attempt.",
  ChallengePeriodRunning: "Wait until the challenge period is over, then finalize.",
  DeadlineNotPassed: "The round can still be resolved; it can be voided only after its deadline.",
  DeadlinePassed: "It is too late to resolve the round: void it, and every stake goes back.",
  ECDSAInvalidSignature: "Sign again: the signature does not belong to this message.",
  ERC20InsufficientAllowance: "Approve the tournament to take the NMR, or stake by transferAndCall.",
  ERC20InsufficientBalance: "The account holds too little NMR.",
  ERC2612ExpiredSignature: "The permit has expired: sign another with a later deadline.",
  ERC2612InvalidSigner: "The permit was signed by another account than the owner of the NMR.",
  InsufficientGas: "Send the transaction with a higher gas limit, or settle fewer stakes at once.",
  InvalidChunk: "Scores go up in chunks of 2,048 from where the attempt stands: run apply to continue it.",
  InvalidCut: "The cut does not follow from scores and stakes: plan again.",
  InvalidScore: "A score word is malformed: plan again from the score file.",
  ModelAlreadyStaked: "A model enters rounds in increasing order, once each: raise the stake it has instead.",
  ModelNotFound: "Register the model first.",
  NotCommitteeMember: "Only committee members may post scores: use a member's account.",
  NotMember: "Only committee members may do this: use a member's account.",
  NotModelOwner: "Call from the account that owns the model.",
  NotPayee: "Call from the account that is paid for the model.",
  NotProposer: "Continue the attempt from the account that began it, or begin another.",
  NothingOwed: "Nothing to do: the account is owed no ether.",
  ReportNotApproved: "More committee members must verify and approve the report first.",
  RoundNotSettleable: "A round can be settled once it is resolved or void: finalize it first.",
  RoundNotSettled: "Settle every stake of the round first.",
  StakeAlreadySettled: "Nothing to do: the stake is settled.",
  StakeTooSmall: "Stake at least the round's minimum.",
  TooManyVetoes: "The round's vetoes are used up.",
  UnexpectedRoundStatus: "Look at where the round stands with status --round.",
};

/** What the caller can do about the contract error of this name. */
export function hintFor(name: string): string {
  return hints[name] ?? "Look the error up in the contract's interface; its arguments say what was expected and found.";
}
