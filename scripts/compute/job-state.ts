/** Queued: waits for a place. Paused: waits for a voucher. Stopped: by the provider, for the reason. */
export type JobState = "queued" | "running" | "paused" | "done" | "failed" | "stopped";

const ENDED: readonly JobState[] = ["done", "failed", "stopped"];

/** Whether a job runs no more, for whatever reason. */
export function hasEnded({ state }: { state: JobState }): boolean {
  return ENDED.includes(state);
}
