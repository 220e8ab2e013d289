/** Most bytes that bodies of requests may take at a time. */
export interface UploadLimits {
  /** In all. */
  total: number;
  /** From one user. */
  user: number;
}

/** Counts the bodies that are being received or worked on: what they take of the provider's memory. */
export class Uploads {
  readonly #users = new Map<string, number>();
  #total = 0;

  constructor(private readonly limits: UploadLimits) {}

  /**
   * Makes room for a body.
   * @returns What gives it back, once; undefined where there is none now.
   */
  take(user: string, bytes: number): (() => void) | undefined {
    if (this.#total + bytes > this.limits.total || this.#of(user) + bytes > this.limits.user) return undefined;
    this.#add(user, bytes);
    return () => {
      this.#add(user, -bytes);
    };
  }

  #of(user: string): number {
    return this.#users.get(user) ?? 0;
  }

  #add(user: string, bytes: number): void {
    this.#total += bytes;
    const mine = this.#of(user) + bytes;
    if (mine === 0) this.#users.delete(user);
    else this.#users.set(user, mine);
  }
}
