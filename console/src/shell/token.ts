/** The one-time token of the address that the program prints. */

/** The token in a fragment like `#token=…`. */
export function tokenOf(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, "")).get("token");
  return token === null || token === "" ? undefined : token;
}

/** Takes the token out of the address, at once and before anything else: it must not stay in the history. */
export function takeToken(): string | undefined {
  const token = tokenOf(window.location.hash);
  if (token !== undefined) {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  return token;
}
