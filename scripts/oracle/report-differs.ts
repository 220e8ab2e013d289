import { NumeraireError } from "../../sdk/numeraire-error.js";
import { plural } from "../terminal/plural.js";
import { describeDifference, type Difference } from "./verify/check.js";

/** Differences beyond this are for verify --json. */
const MOST_LISTED = 20;

/**
 * An attempt was compared in full and is not what the member measured. Of all that ends an approval with exit code 2
 * this alone says something of the attempt.
 */
export class ReportDiffers extends NumeraireError {
  /** The first difference, in one line. */
  readonly detail: string;

  /**
   * @param name Round and attempt.
   * @param differences At least one.
   */
  constructor(name: string, scoreFile: string, differences: readonly Difference[]) {
    const listed = differences.slice(0, MOST_LISTED).map(describeDifference);
    const more = differences.length - listed.length;
    super(
      [
        `${name}: found ${plural(differences.length, "difference")} from ${scoreFile}, expected none; nothing was approved:`,
        ...listed.map((line) => `  ${line}`),
        ...(more > 0 ? [`  ... and ${more} more`] : []),
      ].join("\n"),
      {
        hint: "Measure again and ask the proposer. If the attempt is wrong, tell the guardian, who can veto it; another attempt can be approved with --attempt.",
        exitCode: 2,
      },
    );
    this.detail = listed[0] ?? "";
  }
}
