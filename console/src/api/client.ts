/** Speaks to the API: one place for the base path, the CSRF header and errors. */

const BASE = "/api/v1";

/** An answer of the API that is not a success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

let csrf = "";

/** Remembers the value that every write has to carry. */
export function keepCsrf(value: string): void {
  csrf = value;
}

/** Joins parts of a path, each percent-encoded. */
export function path(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

/** The address of something that is downloaded. */
export function address(of: string): string {
  return BASE + of;
}

const ahead = new Map<string, Promise<Response>>();

/** Asks before anybody waits for the answer; whoever asks the same first takes it. */
export function askAhead(of: string): void {
  const asked = read(of);
  asked.catch(() => undefined);
  ahead.set(of, asked);
}

export async function get<T>(of: string, parameters?: URLSearchParams): Promise<T> {
  const query = parameters !== undefined && parameters.size > 0 ? `?${parameters}` : "";
  const asked = ahead.get(of + query);
  ahead.delete(of + query);
  return answer<T>(await (asked ?? read(of + query)));
}

function read(of: string): Promise<Response> {
  return send(BASE + of, { headers: { Accept: "application/json" } });
}

export async function post<T>(of: string, body: unknown = {}): Promise<T> {
  return answer<T>(await send(BASE + of, write("POST", body)));
}

export async function remove<T>(of: string, body?: unknown): Promise<T> {
  return answer<T>(await send(BASE + of, write("DELETE", body)));
}

function write(method: string, body?: unknown): RequestInit {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-Rolecall-CSRF": csrf };
  return { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "unreachable", "The program does not answer. Is `rolecall serve` still running?");
  }
}

/** A file of the API with its name; the browser tells nobody why a download of its own failed. */
export async function file(of: string): Promise<{ name: string; content: Blob }> {
  const response = await send(BASE + of, {});
  if (!response.ok) {
    throw failure(response.status, await response.text());
  }
  return { name: fileName(response.headers.get("Content-Disposition"), of), content: await response.blob() };
}

/** The name that the server gives a file, or else the end of its address. */
export function fileName(disposition: string | null, of: string): string {
  const [, name] = /filename="([^"/\\]+)"/.exec(disposition ?? "") ?? [];
  return name ?? of.split("/").at(-1) ?? "file";
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) {
    throw failure(response.status, text);
  }
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function failure(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return new ApiError(status, error?.code ?? "error", error?.message ?? `The program answered ${status}.`);
  } catch {
    return new ApiError(status, "error", `The program answered ${status}.`);
  }
}
