/** What `large.mjs` gives to tests. */
export function manySessionsOnPaths(path: string, sessions: number): Promise<void>;
