/** One change of a contract that some test should notice. */
export interface Mutant {
  /** Says what changes where; stays the same while the code around it moves. */
  id: string;
  /** Source file, from the root of the project. */
  file: string;
  line: number;
  /** Function, modifier or constant it is in. */
  within: string;
  operator: string;
  before: string;
  after: string;
  /** Bytes of the file that it replaces, the end exclusive. */
  start: number;
  end: number;
  /**
   * How it can be built: an expression or a statement can be switched at run time, so that one build holds many mutants;
   * what is fixed when compiling needs a build of its own.
   */
  form: "expression" | "statement" | "alone";
}

export type Outcome = "killed" | "survived" | "timed out" | "did not compile";

/** What the tests said of a mutant. */
export interface Verdict extends Pick<Mutant, "id" | "file" | "line" | "within" | "operator" | "before" | "after"> {
  outcome: Outcome;
  /** The test that failed and how, or what the compiler said. */
  evidence: string;
  seconds: number;
  /** Commit that was tested, where it is known. */
  commit?: string;
}
